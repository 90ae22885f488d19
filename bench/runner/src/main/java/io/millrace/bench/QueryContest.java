package io.millrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/** The gold questions about the wholesaler are asked, again and again. */
final class QueryContest implements Contest {

  private static final long LINES = 20_000_000;
  private static final int DAYS = 730;

  @Override
  public String name() {
    return "query";
  }

  @Override
  public String work() {
    return "six questions about 20 million lines of invoices, warm, as an analyst: planned, checked, masked";
  }

  @Override
  public List<Figure> run(Ground ground) throws IOException {
    Warehouse warehouse = new Warehouse(ground, ground.scaled(LINES), DAYS);
    warehouse.make();
    Rival ours =
        new Rival(
            "millrace",
            folder ->
                ground.java(
                    Jvm.options("-Xmx512m", Jvm.QUIET),
                    List.of("bench/server/bench-server.jar", StreamContest.RUNNER, "lib/server/*"),
                    "io.millrace.boot.MeasuredQueries",
                    folder,
                    ground.project(),
                    warehouse.data(),
                    warehouse.lists()),
            folder -> Files.readString(folder.resolve("made")));
    Rival duckDb =
        new Rival(
            "duckdb",
            folder ->
                ground.java(
                    Jvm.options("-Xmx512m", Jvm.QUIET),
                    List.of("bench/runner/*"),
                    DuckDbQueries.class.getName(),
                    folder,
                    ground.project(),
                    warehouse.lists()),
            folder -> Files.readString(folder.resolve("made")));
    Rounds rounds = Rounds.run(ground, name(), List.of(ours, duckDb));
    return List.of(
        Figure.of(name(), work(), "s", rounds, ours, Optional.empty(), List.of(duckDb))
            .atMost(1.15, duckDb));
  }
}
