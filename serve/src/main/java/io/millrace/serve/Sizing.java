package io.millrace.serve;

import io.millrace.project.Prices;
import io.millrace.project.Project;
import io.millrace.project.StreamContract;
import io.millrace.serve.Costs.PerEvent;
import java.time.Duration;
import java.util.List;

/**
 * What a cluster has to have for a number of events, from what an event took here.
 *
 * @param month money
 * @param assumes what the figures stand on, in sentences
 */
record Sizing(
    double eventsPerSecond,
    double eventBytes,
    List<Part> parts,
    double month,
    List<String> assumes) {

  /** Of a processor, so that peaks and restarts have room. */
  private static final double BUSY = 0.6;

  private static final int COPIES = 3;
  private static final double MEMORY_GB_PER_PROCESSOR = 4;

  /** Remembering an id for the repeat window; decision 0013. */
  private static final double BYTES_PER_ID = 30;

  private static final double GB = 1e9;
  private static final double HOURS_OF_MONTH = 730.5;
  private static final double SECONDS_OF_DAY = 86_400;
  private static final int DAYS_OF_YEAR = 365;

  /**
   * One part of the cluster.
   *
   * @param month money for it; storage is what a year of events fills
   */
  record Part(String name, double processors, double memoryGb, double diskGb, double month) {}

  /** A processor and its memory for an hour. */
  static double processorHour(Prices prices) {
    return prices.vcpuHour().doubleValue()
        + MEMORY_GB_PER_PROCESSOR * prices.memoryGbHour().doubleValue();
  }

  static Sizing of(
      double eventsPerSecond, double eventBytes, PerEvent event, Project project, Prices prices) {
    double larger = event.bytes() == 0 ? 1 : eventBytes / event.bytes();
    Duration window =
        project.streams().values().stream()
            .map(StreamContract::repeatWindow)
            .reduce(Duration.ZERO, (a, b) -> a.compareTo(b) > 0 ? a : b);
    Duration retention =
        project.streams().values().stream()
            .map(project.settings()::retention)
            .reduce(Duration.ZERO, (a, b) -> a.compareTo(b) > 0 ? a : b);
    double ids = eventsPerSecond * window.toSeconds() * BYTES_PER_ID / GB;
    double topic = eventsPerSecond * eventBytes * retention.toSeconds() * COPIES / GB;
    double lake =
        eventsPerSecond * event.storedBytes() * larger * SECONDS_OF_DAY * DAYS_OF_YEAR / GB;
    List<Part> parts =
        List.of(
            part("collectors", eventsPerSecond * event.collectSeconds() * larger, 1, 0, 0, prices),
            part(
                "brokers",
                eventsPerSecond * event.brokerSeconds() * larger * COPIES,
                COPIES,
                0,
                topic,
                prices),
            part("stream job", eventsPerSecond * event.streamSeconds() * larger, 1, ids, 0, prices),
            new Part(
                "a year in the lake", 0, 0, lake, lake * prices.objectGbMonth().doubleValue()));
    return new Sizing(
        eventsPerSecond,
        eventBytes,
        parts,
        parts.stream().mapToDouble(Part::month).sum(),
        List.of(
            "Processors as fast as those measured here, %.0f %% busy.".formatted(100 * BUSY),
            "An event of %.0f bytes takes as much more time than one of %.0f as it is larger."
                .formatted(eventBytes, event.bytes()),
            "%d copies of a topic, each as dear as the first, kept for %d hours and not compressed."
                .formatted(COPIES, retention.toHours()),
            "Ids are remembered for %d s at %.0f bytes each."
                .formatted(window.toSeconds(), BYTES_PER_ID),
            "Models, queries and upkeep are not in it: they grow with what is asked of them."));
  }

  private static Part part(
      String name, double busy, int least, double moreMemory, double disk, Prices prices) {
    double processors = Math.max(least, Math.ceil(busy / BUSY));
    double memory = processors * MEMORY_GB_PER_PROCESSOR + moreMemory;
    double hour =
        processors * prices.vcpuHour().doubleValue() + memory * prices.memoryGbHour().doubleValue();
    double month = hour * HOURS_OF_MONTH + disk * prices.blockGbMonth().doubleValue();
    return new Part(name, processors, memory, disk, month);
  }
}
