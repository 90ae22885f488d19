package io.millrace.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Files of clicks become a table. */
final class BulkContest implements Contest {

  private static final String BULK = "bulk";

  /** Some seconds of the fastest side. */
  private static final long BYTES = 4L << 30;

  /** Where each side leaves its rows, below its folder. */
  private static final String ROWS = "lake/bronze/clicks/data/**/*.parquet";

  private static final List<String> DUCKDB = List.of("bench/runner/*");

  @Override
  public String name() {
    return BULK;
  }

  @Override
  public String work() {
    return "files of clicks to bronze: contract, repeats, personal data, ledger, one commit";
  }

  @Override
  public List<Figure> run(Ground ground) throws IOException {
    long bytes = ground.scaled(BYTES);
    Path files = ClickFiles.make(ground.folder().resolve("files-" + bytes), bytes);
    Rival ours =
        rival(
            ground,
            "millrace",
            "-Xmx1g",
            StreamContest.PRODUCT,
            "io.millrace.stream.MeasuredLoad",
            ground.project(),
            "clicks",
            files);
    Rival duckDb =
        rival(ground, "duckdb", "-Xmx256m", DUCKDB, DuckDbBulk.class.getName(), files, true);
    Rival limit =
        new Rival(
            "duckdb-with-repeats",
            rival(ground, "", "-Xmx256m", DUCKDB, DuckDbBulk.class.getName(), files, false)
                .command());
    Rival spark =
        rival(
            ground,
            "spark",
            "-Xmx3g",
            List.of("bench/spark/*", StreamContest.RUNNER),
            "io.millrace.bench.spark.SparkBulk",
            files);
    Rounds rounds = Rounds.run(ground, name(), List.of(ours, duckDb, limit, spark));
    return List.of(
        Figure.of(BULK, work(), "MB/s", rounds, ours, Optional.of(limit), List.of(duckDb, spark))
            .atLeast(0.8, duckDb)
            .atLeast(5, spark));
  }

  private static Rival rival(
      Ground ground,
      String name,
      String heap,
      List<String> jars,
      String main,
      Object... arguments) {
    return new Rival(
        name,
        folder -> ground.java(Jvm.options(heap, Jvm.QUIET), jars, main, in(folder, arguments)),
        folder -> ParquetRows.describe(folder.resolve(ROWS), "event_id"));
  }

  private static Object[] in(Path folder, Object... arguments) {
    Object[] all = new Object[arguments.length + 1];
    all[0] = folder;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return all;
  }
}
