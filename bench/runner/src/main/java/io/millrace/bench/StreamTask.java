package io.millrace.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a side that reads clicks from Kafka is told: {@code PROJECT FOLDER KAFKA BYTES_PER_EVENT
 * ACCEPTED SECONDS}.
 *
 * @param folder empty, for what it makes
 * @param kafka bootstrap servers
 * @param bytesPerEvent of JSON, on average
 * @param accepted the share that the contract accepts and that is no repeat
 * @param length how long it is measured once it is warm
 */
public record StreamTask(
    Path project,
    Path folder,
    String kafka,
    double bytesPerEvent,
    double accepted,
    Duration length) {

  public static StreamTask of(String[] args) {
    return new StreamTask(
        Path.of(args[0]),
        Path.of(args[1]),
        args[2],
        Double.parseDouble(args[3]),
        Double.parseDouble(args[4]),
        Duration.ofSeconds(Long.parseLong(args[5])));
  }

  /** Of a side that has not begun. */
  public Progress progress() {
    return new Progress(length);
  }

  /** MB/s of JSON. */
  public double rate(Progress progress) {
    return progress.eventsPerSecond() * bytesPerEvent / 1e6;
  }

  /** Says how fast it went, and waits until it was read. */
  public void report(Progress progress) throws IOException {
    Report.only("stream", rate(progress));
  }
}
