package io.millrace.lake;

import static io.millrace.lake.Sales.BRANCH;
import static io.millrace.lake.Sales.BY_DAY;
import static io.millrace.lake.Sales.COLUMNS;
import static io.millrace.lake.Sales.SALES;
import static io.millrace.lake.Sales.begin;
import static io.millrace.lake.Sales.build;
import static io.millrace.lake.Sales.replacing;
import static io.millrace.lake.Sales.rewrite;
import static io.millrace.lake.Sales.sale;
import static io.millrace.lake.Sales.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import io.millrace.core.Row;
import io.millrace.lake.TableBuild.Change;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TableBuildTest {

  private static final Row MONDAY = sale("2026-03-02", 10);
  private static final Row TUESDAY = sale("2026-03-03", 20);

  @TempDir Path folder;
  private Lake lake;

  @BeforeEach
  void open() {
    lake = Lake.open(new DataDirectory(folder));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void showsNothingUntilItIsPublished() {
    TableBuild build = begin(lake);
    List<DataFile> files = write(build.table(), MONDAY, TUESDAY);
    build.stage(new Change.All(), files, Map.of("millrace.inputs", "bronze.sales=7"));

    assertThat(rows()).isEmpty();
    assertThat(Sales.rows(build.staged()))
        .containsExactly("2026-03-02T12:00Z|10", "2026-03-03T12:00Z|20");
    assertThat(build.staged().rows()).isEqualTo(2);
    assertThat(build.added()).isEqualTo(files.stream().map(DataFile::location).toList());

    long snapshot = build.publish().orElseThrow();

    assertThat(rows()).containsExactly("2026-03-02T12:00Z|10", "2026-03-03T12:00Z|20");
    assertThat(head().snapshotId()).contains(snapshot);
    assertThat(head().summary()).containsEntry("millrace.inputs", "bronze.sales=7");
    assertThat(branches()).containsExactly("main");
    rewrite(lake, SALES);
    assertThat(build.publish()).as("done again, though maintenance came").hasValue(snapshot);
  }

  @Test
  void replacesAllRows() {
    build(lake, new Change.All(), MONDAY, TUESDAY);
    build(lake, new Change.All(), sale("2026-03-04", 30));

    assertThat(rows()).containsExactly("2026-03-04T12:00Z|30");
  }

  @Test
  void replacesTheRowsOfItsIntervalsAndNoOthers() {
    build(lake, new Change.All(), MONDAY, TUESDAY, sale("2026-03-04", 30), sale("2026-03-06", 50));

    build(lake, replacing("2026-03-03", "2026-03-04", "2026-03-05"), sale("2026-03-03", 21));

    assertThat(rows())
        .containsExactly("2026-03-02T12:00Z|10", "2026-03-03T12:00Z|21", "2026-03-06T12:00Z|50");
  }

  @Test
  void addsRows() {
    build(lake, new Change.Add(), MONDAY);
    build(lake, new Change.Add(), MONDAY);

    assertThat(rows()).containsExactly("2026-03-02T12:00Z|10", "2026-03-02T12:00Z|10");
  }

  @Test
  void replacesFiles() {
    build(lake, new Change.All(), MONDAY, TUESDAY);
    TableBuild build = begin(lake);
    List<String> removed = build.staged().files(Sales.day("2026-03-03"));

    build.stage(
        new Change.Files(removed, List.of()),
        write(build.table(), sale("2026-03-03", 22)),
        Map.of());
    build.publish();

    assertThat(rows()).containsExactly("2026-03-02T12:00Z|10", "2026-03-03T12:00Z|22");
  }

  @Test
  void refusesToReplaceFilesItDoesNotHave() {
    TableBuild build = begin(lake);

    assertThatThrownBy(
            () ->
                build.stage(
                    new Change.Files(List.of("/gone.parquet"), List.of()), List.of(), Map.of()))
        .hasMessage("Cannot stage gold.sales: it does not have the files that are to be replaced");
  }

  @Test
  void stagesSeveralChanges() {
    TableBuild build = begin(lake);
    build.stage(replacing("2026-03-02"), write(build.table(), MONDAY), Map.of());
    build.stage(replacing("2026-03-03"), write(build.table(), TUESDAY), Map.of());
    build.publish();

    assertThat(rows()).containsExactly("2026-03-02T12:00Z|10", "2026-03-03T12:00Z|20");
  }

  @Test
  void publishesABuildWithoutRows() {
    TableBuild build = begin(lake);
    long before = head().snapshotId().orElseThrow();
    build.stage(new Change.All(), List.of(), Map.of("millrace.inputs", "none"));

    assertThat(build.publish().orElseThrow()).isNotEqualTo(before);
    assertThat(head().rows()).isZero();
    assertThat(head().summary()).containsEntry("millrace.inputs", "none");
  }

  @Test
  void refusesAFileThatIsNotWhollyInAnInterval() {
    TableBuild whole = lake.build(SALES, COLUMNS, Optional.empty(), BRANCH);
    whole.stage(new Change.All(), write(whole.table(), MONDAY, TUESDAY), Map.of());
    whole.publish();
    TableBuild build = begin(lake);

    assertThatThrownBy(() -> build.stage(replacing("2026-03-03"), List.of(), Map.of()))
        .isInstanceOf(MillraceException.class)
        .hasMessageStartingWith(
            "Cannot replace intervals of gold.sales: a file has rows both in and out of them;"
                + " build the whole table. Cannot delete file where some, but not all, rows match");
  }

  @Test
  void refusesNewRowsThatAreNotOfItsIntervals() {
    TableBuild build = begin(lake);
    List<DataFile> files = write(build.table(), MONDAY);

    assertThatThrownBy(() -> build.stage(replacing("2026-03-03"), files, Map.of()))
        .hasMessageContaining("Cannot append file with rows that do not match filter");
  }

  private static Stream<Arguments> changes() {
    Row corrected = sale("2026-03-03", 21);
    return Stream.of(
        Arguments.of(new Change.All(), List.of("2026-03-03T12:00Z|21"), corrected),
        Arguments.of(
            replacing("2026-03-03"),
            List.of("2026-03-02T12:00Z|10", "2026-03-03T12:00Z|21"),
            corrected),
        Arguments.of(
            new Change.Add(),
            List.of("2026-03-02T12:00Z|10", "2026-03-03T12:00Z|20", "2026-03-03T12:00Z|21"),
            corrected));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void publishesWhatWasStagedBeforeMaintenance(Change change, List<String> expected, Row row) {
    build(lake, new Change.All(), MONDAY, TUESDAY);
    TableBuild build = begin(lake);
    build.stage(change, write(build.table(), row), Map.of("millrace.inputs", "x"));
    rewrite(lake, SALES);
    rewrite(lake, SALES);

    long snapshot = build.publish().orElseThrow();

    assertThat(rows()).isEqualTo(expected);
    assertThat(head().snapshotId()).contains(snapshot);
    assertThat(head().summary()).containsEntry("millrace.inputs", "x");
    assertThat(branches()).containsExactly("main");
    expireAllButTheNewest();
    assertThat(rows()).as("its files are not those of the branch it was").isEqualTo(expected);
  }

  @Test
  void losesNothingWhileMaintenanceNeverRests() throws Exception {
    build(lake, new Change.All());
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<?> builds =
          thread.submit(
              () -> {
                for (int i = 0; i < 12; i++) {
                  build(lake, new Change.Add(), sale("2026-03-02", i));
                  build(lake, replacing("2026-03-03"), sale("2026-03-03", i));
                }
              });
      while (!builds.isDone()) {
        Table table = lake.load(SALES);
        Compaction.plan(SALES, table, Instant.now().plus(Duration.ofDays(2)))
            .forEach(rewrite -> Compaction.run(rewrite, table, new PlainRewriter()));
      }
      builds.get();
    } finally {
      thread.shutdownNow();
    }

    assertThat(rows()).hasSize(13).doesNotHaveDuplicates().contains("2026-03-03T12:00Z|11");
  }

  @Test
  void asksForAnotherBuildWhenMaintenanceRewroteTheFilesItReplaces() {
    build(lake, new Change.All(), MONDAY, TUESDAY);
    TableBuild build = begin(lake);
    Change files = new Change.Files(build.staged().files(Sales.day("2026-03-03")), List.of());
    build.stage(files, write(build.table(), sale("2026-03-03", 22)), Map.of());
    rewrite(lake, SALES);

    assertThat(build.publish()).isEmpty();
    assertThat(rows()).containsExactly("2026-03-02T12:00Z|10", "2026-03-03T12:00Z|20");
    assertThat(branches()).containsExactly("main");
  }

  @Test
  void refusesToPublishOverWhatSomebodyElseWrote() {
    TableBuild build = begin(lake);
    build.stage(new Change.All(), write(build.table(), MONDAY), Map.of());
    Table table = lake.load(SALES);
    table.newAppend().appendFile(write(table, TUESDAY).get(0)).commit();

    assertThatThrownBy(build::publish)
        .hasMessageMatching(
            "Cannot publish gold.sales: while it was built, its main went from snapshot \\d+ to"
                + " \\d+, and not only by rewrites");
  }

  @Test
  void refusesToPublishOverARollback() {
    long first = build(lake, new Change.All(), MONDAY);
    build(lake, new Change.All(), TUESDAY);
    TableBuild build = begin(lake);
    build.stage(new Change.All(), List.of(), Map.of());
    lake.rollBack(SALES, first);

    assertThatThrownBy(build::publish)
        .hasMessageEndingWith(" to " + first + ", and not only by rewrites");
  }

  private static Stream<Arguments> kills() {
    Consumer<TableBuild> stage =
        build ->
            build.stage(
                replacing("2026-03-03"), write(build.table(), sale("2026-03-03", 21)), Map.of());
    return Stream.of(
        Arguments.of("after the branch was made", (Consumer<TableBuild>) build -> {}),
        Arguments.of(
            "after files were written",
            (Consumer<TableBuild>) build -> write(build.table(), TUESDAY)),
        Arguments.of("after a commit to the branch", stage),
        Arguments.of("after two commits", stage.andThen(stage)),
        Arguments.of(
            "after the branch was made again on a rewritten main",
            stage.andThen(
                build ->
                    build
                        .table()
                        .manageSnapshots()
                        .createBranch("build_of_another_run_again")
                        .commit())),
        Arguments.of("after it was published", stage.andThen(TableBuild::publish)),
        Arguments.of("after it was given up", stage.andThen(TableBuild::discard)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kills")
  void endsUpTheSameWhenKilledAndRunAgain(String when, Consumer<TableBuild> untilKilled) {
    build(lake, new Change.All(), MONDAY, TUESDAY);
    try (Lake killed = Lake.open(new DataDirectory(folder))) {
      untilKilled.accept(killed.build(SALES, COLUMNS, BY_DAY, "build_of_another_run"));
    }

    build(lake, replacing("2026-03-03"), sale("2026-03-03", 21));

    assertThat(rows()).containsExactly("2026-03-02T12:00Z|10", "2026-03-03T12:00Z|21");
    assertThat(branches()).containsExactly("main");
  }

  @Test
  void keepsTheNewestFailedBuildsToLookAt() {
    long good = build(lake, new Change.All(), MONDAY);
    for (int run = 1; run <= 7; run++) {
      TableBuild build = begin(lake);
      build.stage(new Change.All(), write(build.table(), sale("2026-03-09", run)), Map.of());
      build.keep("failed_" + run);
    }

    assertThat(branches())
        .containsExactlyInAnyOrder(
            "main", "failed_3", "failed_4", "failed_5", "failed_6", "failed_7");
    assertThat(head().snapshotId()).contains(good);
    assertThat(Sales.rows(lake.pin(new AsOf.Branch("failed_7")).get(SALES)))
        .containsExactly("2026-03-09T12:00Z|7");
  }

  @Test
  void goesOnFromTheSnapshotItWasRolledBackTo() {
    long monday = build(lake, new Change.Add(), MONDAY);
    build(lake, new Change.Add(), TUESDAY);

    lake.rollBack(SALES, monday);
    assertThat(rows()).containsExactly("2026-03-02T12:00Z|10");
    build(lake, new Change.Add(), sale("2026-03-04", 30));

    assertThat(rows()).containsExactly("2026-03-02T12:00Z|10", "2026-03-04T12:00Z|30");
    assertThatThrownBy(() -> lake.rollBack(SALES, 1))
        .hasMessage(
            "Cannot roll gold.sales back to snapshot 1: it has expired, or there never was one of"
                + " this id");
  }

  @Test
  void refusesALayoutByWhatIsNoTime() {
    assertThatThrownBy(
            () ->
                lake.build(
                    SALES,
                    COLUMNS,
                    BY_DAY.map(it -> new TableBuild.Layout("amount", it.size())),
                    BRANCH))
        .hasMessage(
            "Cannot build gold.sales by day: its event time 'amount' is a long; it has to be a date"
                + " or a timestamp");
  }

  private void expireAllButTheNewest() {
    lake.load(SALES).expireSnapshots().expireOlderThan(Long.MAX_VALUE).retainLast(1).commit();
  }

  private PinnedTable head() {
    return lake.pin(new AsOf.Head()).get(SALES);
  }

  private List<String> rows() {
    return Sales.rows(head());
  }

  private List<String> branches() {
    return List.copyOf(lake.load(SALES).refs().keySet());
  }
}
