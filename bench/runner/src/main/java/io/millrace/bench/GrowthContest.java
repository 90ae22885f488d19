package io.millrace.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What an event costs when there is more: more events, more streams, more partitions. Each JVM has
 * done some of the same work before it is measured.
 */
final class GrowthContest implements Contest {

  /** The fewest bytes of files. */
  private static final long BYTES = 512L << 20;

  /** The fewest events on topics. */
  private static final long EVENTS = 1_000_000;

  private static final int MORE = 4;
  private static final int MOST = 16;

  /** Of tables before the files are loaded that count. */
  private static final int FEW_DAYS = 10;

  private static final int MORE_DAYS = 1_000;
  private static final int MOST_DAYS = 5_000;

  private static final int MORE_STREAMS = 10;
  private static final int MOST_STREAMS = 100;

  /** At the rate at which events came, the window of ids is full within the fewest. */
  private static final double WINDOW_SECONDS = 600;

  private static final double FLAT = 1.25;

  /** What sides call processor time, in microseconds for an event. */
  private static final String COST = "cost";

  @Override
  public String name() {
    return "growth";
  }

  @Override
  public String work() {
    return "processor time for an event, and memory: 16 times the data, 100 streams, 5,000 partitions";
  }

  @Override
  public List<Figure> run(Ground ground) throws IOException {
    List<Figure> figures = new ArrayList<>(streams(ground));
    figures.addAll(loads(ground));
    return figures;
  }

  private static List<Figure> streams(Ground ground) throws IOException {
    List<KafkaClicks> topics = new ArrayList<>();
    try {
      Rival once = stream(ground, topics, "1x", 1, 1);
      Rival more = stream(ground, topics, "4x", 1, MORE);
      Rival most = stream(ground, topics, "16x", 1, MOST);
      Rival ten = stream(ground, topics, "10-streams", MORE_STREAMS, MORE);
      Rival hundred = stream(ground, topics, "100-streams", MOST_STREAMS, MORE);
      Rounds rounds = Rounds.run(ground, "growth-stream", List.of(most, hundred, ten, more, once));
      List<Figure> figures =
          flat("growth-stream", "an event of the stream: 16x as many", rounds, most, more, once);
      figures.addAll(
          flat(
              "growth-streams",
              "an event of 100 streams in one job, beside as many of 10 and of one (4x)",
              rounds,
              hundred,
              ten,
              more));
      return figures;
    } finally {
      topics.forEach(KafkaClicks::close);
    }
  }

  private static Rival stream(
      Ground ground, List<KafkaClicks> topics, String name, int streams, int times)
      throws IOException {
    long once = ground.scaled(EVENTS);
    KafkaClicks clicks =
        KafkaClicks.open(
            ClickProject.make(ground, streams),
            ground.folder().resolve("growth-%d-%d".formatted(once * times, streams)),
            Filling.of(once * times).at(once / WINDOW_SECONDS));
    topics.add(clicks);
    return StreamContest.product(ground, clicks, name, "MeasuredBacklog");
  }

  private static List<Figure> loads(Ground ground) throws IOException {
    Rival once = load(ground, "1x", FEW_DAYS, 1);
    Rival more = load(ground, "4x", FEW_DAYS, MORE);
    Rival most = load(ground, "16x", FEW_DAYS, MOST);
    Rival moreDays = load(ground, "1000-days", MORE_DAYS, 1);
    Rival mostDays = load(ground, "5000-days", MOST_DAYS, 1);
    Rounds rounds =
        Rounds.run(ground, "growth-bulk", List.of(most, mostDays, moreDays, more, once));
    List<Figure> figures =
        flat("growth-bulk", "an event loaded in bulk: 16x as many", rounds, most, more, once);
    figures.addAll(
        flat(
            "growth-partitions",
            "an event of one more day in bulk, into a table of 5,000 days, beside 1,000 and 10 (1x)",
            rounds,
            mostDays,
            moreDays,
            once));
    figures.add(
        flat(
            "growth-days",
            "an event of the 5,000 days themselves, beside as many of 1,000 and of 10 (1x)",
            "µs",
            rounds,
            it -> rounds.median(it, "cost-first"),
            mostDays,
            moreDays,
            once));
    return figures;
  }

  /** Loads a history of so many days, and then one more day. */
  private static Rival load(Ground ground, String name, int days, int times) throws IOException {
    long once = ground.scaled(BYTES);
    Path history =
        ClickFiles.history(
            ground.folder().resolve("files-%d-%d-days".formatted(once, days)), once, days);
    Path files = ClickFiles.make(ground.folder().resolve("files-" + once * times), once * times);
    return new Rival(
        name,
        folder ->
            ground.java(
                Jvm.options("-Xmx1g", Jvm.QUIET),
                StreamContest.PRODUCT,
                "io.millrace.stream.MeasuredLoad",
                folder,
                ground.project(),
                "clicks",
                history,
                files));
  }

  /** Cost and memory, which both must not grow. */
  private static List<Figure> flat(
      String name, String work, Rounds rounds, Rival most, Rival... fewer) {
    List<Figure> figures = new ArrayList<>();
    figures.add(flat(name, work, "µs", rounds, it -> rounds.median(it, COST), most, fewer));
    figures.add(
        flat(
            name + "-memory",
            "the memory for that",
            "MB",
            rounds,
            it -> rounds.memoryBytes(it) / 1e6,
            most,
            fewer));
    return figures;
  }

  private static Figure flat(
      String name,
      String work,
      String unit,
      Rounds rounds,
      ToDoubleFunction<Rival> value,
      Rival most,
      Rival... fewer) {
    Figure figure =
        Figure.of(name, work, unit, rounds, value, most, Optional.empty(), List.of(fewer));
    for (Rival it : fewer) {
      figure = figure.atMost(FLAT, it);
    }
    return figure;
  }
}
