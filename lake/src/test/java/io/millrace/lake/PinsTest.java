package io.millrace.lake;

import static io.millrace.lake.Contracts.EVENT_ID;
import static io.millrace.lake.Contracts.EVENT_TIME;
import static io.millrace.lake.Contracts.clicks;
import static io.millrace.lake.Sales.SALES;
import static io.millrace.lake.Sales.build;
import static io.millrace.lake.Sales.sale;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.DataDirectory;
import io.millrace.core.TableName;
import io.millrace.core.ValueRow;
import io.millrace.lake.TableBuild.Change;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PinsTest {

  private static final TableName CLICKS = TableName.bronze("clicks");
  private static final TableName RETURNS = new TableName("silver", "returns");

  @TempDir Path folder;
  private Lake lake;
  private Releases releases;
  private Instant now = Instant.now();

  @BeforeEach
  void open() {
    DataDirectory data = new DataDirectory(folder);
    lake = Lake.open(data);
    lake.prepare(clicks(EVENT_ID, EVENT_TIME));
    releases = Releases.open(data.metadata(), () -> now);
  }

  @AfterEach
  void close() {
    releases.close();
    lake.close();
  }

  @Test
  void showsAModelOnceAReleaseNamesIt() {
    long first = build(lake, new Change.All(), sale("2026-03-02", 10));
    assertThat(lake.pin(AsOf.now())).doesNotContainKey(SALES).containsKey(CLICKS);
    assertThat(Sales.rows(lake.pin(new AsOf.Head()).get(SALES))).hasSize(1);

    releases.publish(1, "", Map.of(SALES, first), Map.of());
    build(lake, new Change.Add(), sale("2026-03-03", 20));

    assertThat(lake.pin(AsOf.now()).get(SALES).snapshotId()).contains(first);
    assertThat(Sales.rows(lake.pin(AsOf.now()).get(SALES))).containsExactly("2026-03-02T12:00Z|10");
    assertThat(Sales.rows(lake.pin(new AsOf.Head()).get(SALES))).hasSize(2);
  }

  @Test
  void showsStreamsAsTheyAreNowAndOfAReleaseAsTheyWereReadForIt() {
    long read = append();
    releases.publish(1, "", Map.of(), Map.of(CLICKS, read));
    append();

    assertThat(lake.pin(AsOf.now()).get(CLICKS).rows()).isEqualTo(2);
    assertThat(lake.pin(new AsOf.Release(1)).get(CLICKS).rows()).isEqualTo(1);
    assertThat(lake.pin(new AsOf.Release(1)))
        .as("what no model has read is as it was then")
        .containsKey(TableName.late("clicks"));
    assertThatThrownBy(() -> lake.pin(new AsOf.Release(2)))
        .hasMessage("Cannot find release 2: the newest are 1");
  }

  @Test
  void showsModelsAsTheReleaseOfATimeNamesThem() {
    Instant begin = now;
    releases.publish(
        1, "", Map.of(SALES, build(lake, new Change.Add(), sale("2026-03-02", 10))), Map.of());
    now = begin.plusSeconds(60);
    releases.publish(
        2, "", Map.of(SALES, build(lake, new Change.Add(), sale("2026-03-03", 20))), Map.of());

    assertThat(lake.pin(new AsOf.Time(begin.minusSeconds(1)))).doesNotContainKey(SALES);
    assertThat(lake.pin(new AsOf.Time(begin.plusSeconds(59))).get(SALES).rows()).isEqualTo(1);
    assertThat(lake.pin(new AsOf.Time(begin.plusSeconds(60))).get(SALES).rows()).isEqualTo(2);
  }

  @Test
  void showsABranchWhereThereIsOne() {
    releases.publish(1, "", Map.of(SALES, build(lake, new Change.All())), Map.of());
    TableBuild failed = Sales.begin(lake);
    failed.stage(new Change.All(), Sales.write(failed.table(), sale("2026-03-02", 10)), Map.of());
    failed.keep("failed_1");

    assertThat(lake.pin(new AsOf.Branch("failed_1")).get(SALES).rows()).isEqualTo(1);
    assertThat(lake.pin(new AsOf.Branch("failed_2")).get(SALES).rows()).isZero();
    assertThat(lake.pin(new AsOf.Branch("failed_1"))).containsKey(CLICKS);
  }

  @Test
  void readsTheTablesOfOneReleaseTogetherWhileTheNextIsPublished() throws Exception {
    release(0);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<?> builder =
          thread.submit(
              () -> {
                for (int run = 1; run <= 12; run++) {
                  release(run);
                }
              });
      while (!builder.isDone()) {
        SortedMap<TableName, PinnedTable> tables = lake.pin(AsOf.now());
        assertThat(Sales.rows(tables.get(SALES))).isEqualTo(Sales.rows(tables.get(RETURNS)));
      }
      builder.get();
    } finally {
      thread.shutdownNow();
    }
    assertThat(Sales.rows(lake.pin(AsOf.now()).get(RETURNS)))
        .containsExactly("2026-03-02T12:00Z|12");
  }

  private void release(int run) {
    long sales = build(lake, SALES, new Change.All(), sale("2026-03-02", run));
    long returns = build(lake, RETURNS, new Change.All(), sale("2026-03-02", run));
    releases.publish(run, "", Map.of(SALES, sales, RETURNS, returns), Map.of());
  }

  @Test
  void saysThatASnapshotOfAReleaseHasExpired() {
    long first = build(lake, new Change.All(), sale("2026-03-02", 10));
    releases.publish(1, "", Map.of(SALES, first), Map.of());
    releases.publish(2, "", Map.of(SALES, build(lake, new Change.All())), Map.of());
    lake.load(SALES).expireSnapshots().expireSnapshotId(first).commit();

    assertThat(lake.pin(new AsOf.Release(2)).get(SALES).rows()).isZero();
    assertThatThrownBy(() -> lake.pin(new AsOf.Release(1)))
        .hasMessage(
            "Cannot read gold.sales as of release 1: its snapshot %d has expired".formatted(first));
  }

  @Test
  void showsTheHourBeforeWhereSnapshotsHaveExpired() {
    append();
    long tagged = append();
    Instant hour = committed(tagged);
    lake.load(CLICKS).manageSnapshots().createTag("hour_2026-03-01T11", tagged).commit();
    append();
    append();
    Table table = lake.load(CLICKS);
    table.expireSnapshots().expireOlderThan(Long.MAX_VALUE).retainLast(1).commit();
    Instant newest = Instant.ofEpochMilli(lake.load(CLICKS).currentSnapshot().timestampMillis());

    assertThat(lake.pin(new AsOf.Time(newest)).get(CLICKS).rows()).isEqualTo(4);
    assertThat(lake.pin(new AsOf.Time(newest.minusMillis(1))).get(CLICKS).rows()).isEqualTo(2);
    assertThat(lake.pin(new AsOf.Time(hour)).get(CLICKS).rows()).isEqualTo(2);
    assertThatThrownBy(() -> lake.pin(new AsOf.Time(hour.minusMillis(1))))
        .hasMessage(
            "Cannot read the lake as of %s: snapshots before %s have expired"
                .formatted(hour.minusMillis(1), hour));
  }

  @Test
  void showsAModelWithTheColumnsItWasBuiltWith() {
    releases.publish(1, "", Map.of(SALES, build(lake, new Change.All())), Map.of());
    lake.build(SALES, Sales.COLUMNS.select("amount"), Optional.empty(), Sales.BRANCH);

    assertThat(lake.pin(AsOf.now()).get(SALES).schema().columns()).hasSize(2);
    assertThat(lake.load(SALES).schema().columns()).hasSize(1);
  }

  @Test
  void remembersOneStateOfATableHoweverOftenItChanges() {
    try (Pins pins = new Pins(new DataDirectory(folder).metadata(), new LocalFiles())) {
      int tables = pins.metadataFiles().size();
      for (long rows = 1; rows <= 5; rows++) {
        append();
        assertThat(pins.pin(AsOf.now()).get(CLICKS).rows()).isEqualTo(rows);
      }
      assertThat(pins.remembered()).isEqualTo(tables);
    }
  }

  private Instant committed(long snapshot) {
    return Instant.ofEpochMilli(lake.load(CLICKS).snapshot(snapshot).timestampMillis());
  }

  /** Each a millisecond or more after the one before, which is as fine as Iceberg's clock is. */
  private long append() {
    Table table = lake.load(CLICKS);
    Instant last =
        table.currentSnapshot() == null
            ? Instant.EPOCH
            : Instant.ofEpochMilli(table.currentSnapshot().timestampMillis());
    while (!Instant.now().isAfter(last.plusMillis(1))) {
      Thread.onSpinWait();
    }
    try (TableWriter writer = new TableWriter(table, Schemas.columns(table.schema()))) {
      writer.write(ValueRow.of(new byte[16], Sales.micros(now), Sales.micros(now), 0L, 0L));
      List<DataFile> files = writer.complete();
      table.newAppend().appendFile(files.get(0)).commit();
    }
    table.refresh();
    return table.currentSnapshot().snapshotId();
  }
}
