package io.millrace.lake;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.iceberg.HistoryEntry;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;

/**
 * Which snapshot of a table is meant by an {@link AsOf}.
 *
 * @param snapshot none if the table had no rows yet
 */
record Choice(Optional<Snapshot> snapshot) {

  /**
   * Decides for one table.
   *
   * @param release the one that is meant
   * @return empty if the table is not part of the state that is meant
   */
  static Optional<Choice> of(
      TableName name, TableMetadata table, AsOf asOf, Optional<Release> release) {
    if (asOf instanceof AsOf.Head) {
      return Optional.of(current(table));
    }
    if (asOf instanceof AsOf.Branch branch && table.ref(branch.name()) != null) {
      return Optional.of(
          new Choice(Optional.of(table.snapshot(table.ref(branch.name()).snapshotId()))));
    }
    if (Pins.isModel(name)) {
      return release.flatMap(
          it -> Optional.ofNullable(it.models().get(name)).map(id -> named(name, table, it, id)));
    }
    if (asOf instanceof AsOf.Release) {
      return release.flatMap(it -> input(name, table, it));
    }
    return Optional.of(
        asOf instanceof AsOf.Time time
            ? at(table, time.instant()).orElseThrow(() -> expired(table, time.instant()))
            : current(table));
  }

  private static Choice current(TableMetadata table) {
    return new Choice(Optional.ofNullable(table.currentSnapshot()));
  }

  private static Choice named(TableName name, TableMetadata table, Release release, long id) {
    return new Choice(
        Optional.of(
            Optional.ofNullable(table.snapshot(id))
                .orElseThrow(
                    () ->
                        MillraceException.world(
                            "Cannot read %s as of release %d: its snapshot %d has expired"
                                .formatted(name, release.id(), id)))));
  }

  /** A stream's table that nothing of the release has read is as it was then, if that is known. */
  private static Optional<Choice> input(TableName name, TableMetadata table, Release release) {
    Long id = release.inputs().get(name);
    if (id == null) {
      return at(table, release.at());
    }
    return Optional.of(
        id == PinnedTable.EMPTY ? new Choice(Optional.empty()) : named(name, table, release, id));
  }

  /** Empty if the snapshots of that time have expired. */
  private static Optional<Choice> at(TableMetadata table, Instant instant) {
    List<HistoryEntry> log = table.snapshotLog();
    for (int i = log.size() - 1; i >= 0; i--) {
      if (log.get(i).timestampMillis() <= instant.toEpochMilli()) {
        return Optional.of(new Choice(Optional.of(table.snapshot(log.get(i).snapshotId()))));
      }
    }
    if (log.isEmpty() || table.snapshot(log.get(0).snapshotId()).parentId() == null) {
      return Optional.of(new Choice(Optional.empty()));
    }
    return hourly(table)
        .filter(it -> it.timestampMillis() <= instant.toEpochMilli())
        .max(Comparator.comparing(Snapshot::timestampMillis))
        .map(it -> new Choice(Optional.of(it)));
  }

  private static Stream<Snapshot> hourly(TableMetadata table) {
    return table.refs().entrySet().stream()
        .filter(it -> it.getValue().isTag() && it.getKey().startsWith(Pins.HOURLY_TAG))
        .map(Map.Entry::getValue)
        .map(SnapshotRef::snapshotId)
        .map(table::snapshot);
  }

  private static MillraceException expired(TableMetadata table, Instant instant) {
    long earliest =
        hourly(table)
            .mapToLong(Snapshot::timestampMillis)
            .min()
            .orElse(table.snapshotLog().get(0).timestampMillis());
    return MillraceException.caller(
        "Cannot read the lake as of %s: snapshots before %s have expired"
            .formatted(instant, Instant.ofEpochMilli(earliest)));
  }
}
