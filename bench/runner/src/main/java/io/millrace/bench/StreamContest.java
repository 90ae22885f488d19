package io.millrace.bench;

import io.millrace.project.ProjectReader;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Clicks that are in Kafka already go to a table of the lake. */
final class StreamContest implements Contest {

  /** Enough for the fastest side, its warm-up included. */
  private static final long EVENTS_PER_SECOND = 360_000;

  private static final int WARM_UP_SECONDS = 40;

  /** The same memory for each side: ids of the window take most of it. */
  private static final List<String> JVM =
      Jvm.options("-Xmx3g", "-XX:MaxDirectMemorySize=1g", Jvm.QUIET);

  static final String RUNNER = "bench/runner/bench-runner.jar";

  /** The classes that ship, and those that time them. */
  static final List<String> PRODUCT =
      List.of("bench/flink/bench-flink.jar", RUNNER, "lib/stream/*");

  @Override
  public String name() {
    return "stream";
  }

  @Override
  public String work() {
    return "clicks from Kafka to bronze: contract, repeats, late split, personal data, ledger, a commit every 5 s";
  }

  @Override
  public List<Figure> run(Ground ground) throws IOException {
    try (KafkaClicks clicks = clicks(ground)) {
      Rival ours = product(ground, clicks, "millrace", "MeasuredStream");
      Rival limit = product(ground, clicks, "discarding", "DiscardingStream");
      Rival sql =
          rival(
              ground,
              clicks,
              "flink-sql",
              List.of("bench/flink/*", RUNNER),
              "io.millrace.bench.flink.FlinkSqlStream");
      Rival structured =
          rival(
              ground,
              clicks,
              "spark",
              List.of("bench/spark/*", RUNNER),
              "io.millrace.bench.spark.SparkStream");
      Rounds rounds = Rounds.run(ground, name(), List.of(ours, sql, limit, structured));
      return List.of(
          Figure.of(
                  name(),
                  work(),
                  "MB/s",
                  rounds,
                  ours,
                  Optional.of(limit),
                  List.of(sql, structured))
              .atLeast(116)
              .atLeast(1.5, sql)
              .atLeast(5, structured)
              .atLeastOfLimit(0.6));
    }
  }

  /** As many as the fastest side needs. */
  static long events(Ground ground) {
    return EVENTS_PER_SECOND * (ground.seconds() + WARM_UP_SECONDS);
  }

  static KafkaClicks clicks(Ground ground) throws IOException {
    long events = events(ground);
    return KafkaClicks.open(
        ProjectReader.load(ground.project()),
        ground.folder().resolve("clicks-" + events),
        Filling.of(events));
  }

  /** A program on the classes that ship, which is told a {@link StreamTask}. */
  static Rival product(Ground ground, KafkaClicks clicks, String name, String main) {
    return rival(ground, clicks, name, PRODUCT, "io.millrace.stream." + main);
  }

  private static Rival rival(
      Ground ground, KafkaClicks clicks, String name, List<String> jars, String main) {
    return new Rival(
        name,
        folder ->
            ground.java(
                JVM,
                jars,
                main,
                clicks.project().directory(),
                folder,
                clicks.broker().bootstrapServers(),
                clicks.bytesPerEvent(),
                clicks.accepted(),
                ground.seconds()));
  }
}
