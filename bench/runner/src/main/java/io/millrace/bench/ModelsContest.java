package io.millrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The wholesaler's models are built, all of them and for one more day. */
final class ModelsContest implements Contest {

  private static final long LINES = 20_000_000;
  private static final int DAYS = 730;
  private static final int FEW_DAYS = 30;

  private static final String FULL = "models-full";
  private static final String DAY = "models-day";
  private static final String GROWTH = "models-growth";

  @Override
  public String name() {
    return "models";
  }

  @Override
  public String work() {
    return "ten models of 20 million lines of invoices, all built again: tested on a branch, then published";
  }

  @Override
  public List<Figure> run(Ground ground) throws IOException {
    Warehouse warehouse = new Warehouse(ground, ground.scaled(LINES), DAYS);
    Warehouse young = new Warehouse(ground, ground.scaled(LINES * FEW_DAYS / DAYS), FEW_DAYS);
    for (Warehouse it : List.of(warehouse, young)) {
      it.make();
      it.makeComing(ground.rounds());
    }
    Rival ours =
        new Rival("millrace", folder -> warehouse.models("all", folder), ModelsContest::made);
    Rival duckDb =
        new Rival("duckdb", folder -> bare(ground, warehouse, folder), ModelsContest::made);
    Rival spark =
        new Rival("spark", folder -> spark(ground, warehouse, folder), ModelsContest::made);
    Rival fewDays = new Rival("30 days", folder -> young.models("day", folder));
    Rounds rounds = Rounds.run(ground, name(), List.of(ours, duckDb, spark, fewDays));
    List<Rival> peers = List.of(duckDb, spark);
    List<Figure> figures = new ArrayList<>();
    figures.add(
        Figure.of(FULL, work(), "s", rounds, ours, Optional.empty(), peers)
            .atMost(1.1, duckDb)
            .atMost(0.2, spark));
    figures.add(
        Figure.of(
                DAY,
                "the same models after one more day of lines",
                "s",
                rounds,
                ours,
                Optional.empty(),
                peers)
            .atMost(1.1, duckDb)
            .atMost(0.2, spark));
    figures.add(
        Figure.of(
                GROWTH,
                "the four models that are built by interval or key, after one more day: 730 days of history beside 30",
                "s",
                rounds,
                ours,
                Optional.empty(),
                List.of(fewDays))
            .atMost(1.25, fewDays));
    return figures;
  }

  private static String made(Path folder) throws IOException {
    return Files.readString(folder.resolve("made"));
  }

  private static List<String> bare(Ground ground, Warehouse warehouse, Path folder) {
    return ground.java(
        Jvm.options("-Xmx256m", Jvm.QUIET),
        List.of("bench/runner/*"),
        DuckDbModels.class.getName(),
        folder,
        ground.project(),
        warehouse.lists());
  }

  private static List<String> spark(Ground ground, Warehouse warehouse, Path folder) {
    return ground.java(
        Jvm.options("-Xmx3g", Jvm.QUIET),
        List.of("bench/spark/*", StreamContest.RUNNER),
        "io.millrace.bench.spark.SparkModels",
        folder,
        ground.project(),
        warehouse.lists());
  }
}
