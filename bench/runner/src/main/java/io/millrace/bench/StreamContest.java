package io.millrace.bench;

import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Clicks that are in Kafka already go to a table of the lake. */
final class StreamContest implements Contest {

  /** Enough for the fastest side, its warm-up included. */
  private static final long EVENTS_PER_SECOND = 220_000;

  private static final int WARM_UP_SECONDS = 40;

  /** The same memory for each side: ids of the window take most of it. */
  private static final String HEAP = "-Xmx3g";

  static final String RUNNER = "bench/runner/bench-runner.jar";

  /** The classes that ship, and those that time them. */
  private static final List<String> PRODUCT =
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
    Project project = ProjectReader.load(ground.project());
    long events = EVENTS_PER_SECOND * (ground.seconds() + WARM_UP_SECONDS);
    Path folder = ground.folder().resolve("clicks-" + events);
    try (KafkaClicks clicks = KafkaClicks.open(project, folder, events)) {
      List<String> jvm = Jvm.options(HEAP, "-XX:MaxDirectMemorySize=1g", Jvm.QUIET);
      Rival ours =
          rival(ground, clicks, "millrace", jvm, PRODUCT, "io.millrace.stream.MeasuredStream");
      Rival limit =
          rival(ground, clicks, "discarding", jvm, PRODUCT, "io.millrace.stream.DiscardingStream");
      Rival sql =
          rival(
              ground,
              clicks,
              "flink-sql",
              jvm,
              List.of("bench/flink/*", RUNNER),
              "io.millrace.bench.flink.FlinkSqlStream");
      Rival structured =
          rival(
              ground,
              clicks,
              "spark",
              jvm,
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

  private static Rival rival(
      Ground ground,
      KafkaClicks clicks,
      String name,
      List<String> options,
      List<String> jars,
      String main) {
    return new Rival(
        name,
        folder ->
            ground.java(
                options,
                jars,
                main,
                ground.project(),
                folder,
                clicks.broker().bootstrapServers(),
                clicks.bytesPerEvent(),
                clicks.accepted(),
                ground.seconds()));
  }
}
