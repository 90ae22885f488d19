package io.millrace.lake;

import io.millrace.core.TableName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotChanges;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.TableMetadata;

/** Finds the {@link Changes} between snapshots of one table. */
final class History {

  private final TableName name;
  private final TableMetadata table;
  private final LakeFiles io;
  private final Manifests manifests;

  History(TableName name, TableMetadata table, LakeFiles io, Manifests manifests) {
    this.name = name;
    this.table = table;
    this.io = io;
    this.manifests = manifests;
  }

  Changes between(OptionalLong from, Snapshot to) {
    if (from.isEmpty()) {
      return appended(manifests.files(table, to), rows(to));
    }
    if (from.getAsLong() == to.snapshotId()) {
      return new Changes.None();
    }
    Snapshot base = table.snapshot(from.getAsLong());
    if (base == null) {
      return new Changes.Unknown("snapshot %d of %s has expired".formatted(from.getAsLong(), name));
    }
    return path(base, to).map(this::along).orElseGet(() -> difference(base, to));
  }

  /** The commits after one snapshot up to another; empty if they have expired or never were. */
  private Optional<List<Snapshot>> path(Snapshot from, Snapshot to) {
    List<Snapshot> path = new ArrayList<>();
    for (Snapshot at = to; at != null; at = parent(at)) {
      if (at.snapshotId() == from.snapshotId()) {
        return Optional.of(path);
      }
      path.add(at);
    }
    return Optional.empty();
  }

  private Snapshot parent(Snapshot snapshot) {
    return snapshot.parentId() == null ? null : table.snapshot(snapshot.parentId());
  }

  private Changes along(List<Snapshot> path) {
    Set<String> added = new LinkedHashSet<>();
    Set<String> removed = new LinkedHashSet<>();
    long rows = 0;
    BaseTable files = new BaseTable(new StaticTableOperations(table, io), name.toString());
    for (Snapshot snapshot : path) {
      if (!DataOperations.REPLACE.equals(snapshot.operation())) {
        SnapshotChanges changes = SnapshotChanges.builderFor(files).snapshot(snapshot).build();
        for (DataFile file : changes.addedDataFiles()) {
          added.add(io.path(file.location()));
          rows += file.recordCount();
        }
        for (DataFile file : changes.removedDataFiles()) {
          removed.add(io.path(file.location()));
          rows -= file.recordCount();
        }
      }
    }
    return net(added, removed, rows);
  }

  private Changes difference(Snapshot from, Snapshot to) {
    return net(
        new LinkedHashSet<>(manifests.files(table, to)),
        new LinkedHashSet<>(manifests.files(table, from)),
        rows(to) - rows(from));
  }

  /** Files on both sides cancel each other. */
  private static Changes net(Set<String> added, Set<String> removed, long rows) {
    Set<String> both = new HashSet<>(added);
    both.retainAll(removed);
    added.removeAll(both);
    removed.removeAll(both);
    return removed.isEmpty()
        ? appended(List.copyOf(added), rows)
        : new Changes.Rewritten(List.copyOf(added), List.copyOf(removed));
  }

  private static Changes appended(List<String> files, long rows) {
    return files.isEmpty() ? new Changes.None() : new Changes.Appended(files, rows);
  }

  static long rows(Snapshot snapshot) {
    return Long.parseLong(snapshot.summary().get(SnapshotSummary.TOTAL_RECORDS_PROP));
  }
}
