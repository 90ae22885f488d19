package io.millrace.serve;

import io.millrace.core.Interval;
import io.millrace.core.TableName;
import io.millrace.lake.AsOf;
import io.millrace.lake.Lake;
import io.millrace.lake.PinnedTable;
import io.millrace.lake.Release;
import io.millrace.lake.Releases;
import io.millrace.lake.TableBuild;
import io.millrace.lake.TableWriter;
import io.millrace.project.Field;
import io.millrace.project.Type.Scalar;
import io.millrace.schedule.Touched;
import io.millrace.schedule.Warehouse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/**
 * A warehouse that finds three days to build the first time, and builds each as one more row of a
 * real table.
 */
final class StandInWarehouse implements Warehouse {

  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
  private static final Schema COLUMNS =
      new Schema(Types.NestedField.required(1, "day", Types.DateType.get()));

  private final Lake lake;
  private final Releases releases;

  /** What the tests of the next builds say; empty if they pass. */
  volatile String refusal = "";

  /** What the definition of each table touches. */
  volatile Touched touched = Touched.NOTHING;

  StandInWarehouse(Lake lake, Releases releases) {
    this.lake = lake;
    this.releases = releases;
  }

  @Override
  public Pass begin() {
    return new OnePass();
  }

  private final class OnePass implements Pass {

    @Override
    public Looked look(TableName table, Known known) {
      return new Looked("1", Map.of(), known.definition().isPresent() ? List.of() : days());
    }

    private static List<Stale> days() {
      return IntStream.range(0, 3)
          .mapToObj(day -> FIRST.plus(Duration.ofDays(day)))
          .map(day -> new Interval(day, day.plus(Duration.ofDays(1))))
          .map(interval -> new Stale(interval, "bronze.clicks has 4 new rows"))
          .toList();
    }

    @Override
    public Touched touched(TableName table) {
      return touched;
    }

    @Override
    public Outcome build(Work work, Progress progress) {
      if (!refusal.isEmpty()) {
        return new Outcome.Refused(List.of(refusal), "failed_" + work.run());
      }
      progress.say("read bronze.clicks");
      TableBuild build = lake.build(work.table(), COLUMNS, Optional.empty(), "b" + work.run());
      SortedMap<Interval, Long> rows = new TreeMap<>();
      try (TableWriter writer =
          new TableWriter(build.table(), List.of(Field.required("day", Scalar.DATE)))) {
        for (Interval interval : work.intervals()) {
          writer.write(SmallLake.row(interval.start().getEpochSecond() / 86_400));
          rows.put(interval, 1L);
        }
        build.stage(new TableBuild.Change.Add(), writer.complete(), Map.of());
      }
      build.publish();
      return new Outcome.Published(rows, List.of());
    }

    @Override
    public Optional<Long> release(
        long run,
        SortedSet<TableName> tables,
        SortedMap<TableName, Standing> standings,
        String why) {
      SortedMap<TableName, PinnedTable> head = lake.pin(new AsOf.Head());
      Map<TableName, Long> snapshots = new TreeMap<>();
      tables.forEach(table -> snapshots.put(table, head.get(table).snapshotId().orElseThrow()));
      Release release = releases.publish(run, why, snapshots, Map.of());
      return Optional.of(release.id());
    }

    @Override
    public Optional<Checked> test(TableName view, long run) {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }
}
