package io.millrace.lake;

import io.millrace.core.TableName;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotChanges;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;

/**
 * One table of a stream on the branch where a correction of it is made, while the stream goes on
 * appending to main. Nobody rewrites the table's files meanwhile, so each file that the branch
 * began with is in main until the correction is published.
 */
public final class CorrectionBranch {

  /** Where a correction is made. */
  static final String NAME = "replay";

  /** Where one stays that was only to be looked at, until it is as old as builds that failed. */
  public static final String COMPARED = "replayed";

  private final TableName name;
  private final Table table;

  private CorrectionBranch(TableName name, Table table) {
    this.name = name;
    this.table = table;
  }

  static CorrectionBranch begin(TableName name, Table table) {
    change(
        name,
        table,
        base -> {
          TableMetadata.Builder without = TableMetadata.buildFrom(base).removeRef(COMPARED);
          return base.currentSnapshot() == null
              ? without.build()
              : ModelTable.branch(without.build(), NAME, base.currentSnapshot().snapshotId())
                  .build();
        });
    table.refresh();
    return new CorrectionBranch(name, table);
  }

  /** Whether a correction of a table is being made. */
  static boolean isUnderWay(Table table) {
    return ModelTable.operations(table).current().ref(NAME) != null;
  }

  /** Takes the branch away, if there is one. */
  static void drop(TableName name, Table table) {
    change(name, table, base -> TableMetadata.buildFrom(base).removeRef(NAME).build());
  }

  public Table table() {
    return table;
  }

  /** The files that the branch began with, with the bounds of their columns. */
  public List<DataFile> files() {
    if (!isUnderWay(table)) {
      return List.of();
    }
    return DataFiles.of(table.newScan().useRef(NAME).includeColumnStats());
  }

  /**
   * Puts files in the place of others on the branch.
   *
   * @param removed of {@link #files}
   * @return where the branch ends now
   */
  public long stage(Collection<DataFile> removed, Collection<DataFile> added) {
    OverwriteFiles overwrite = table.newOverwrite().toBranch(NAME);
    removed.forEach(overwrite::deleteFile);
    added.forEach(overwrite::addFile);
    overwrite.commit();
    table.refresh();
    return table.snapshot(NAME).snapshotId();
  }

  /** Keeps what was staged, for people to look at. */
  public void keep() {
    change(
        name,
        table,
        base ->
            base.ref(NAME) == null
                ? base
                : ModelTable.branch(base, COMPARED, base.ref(NAME).snapshotId())
                    .removeRef(NAME)
                    .build());
  }

  /** Whether a staged snapshot can be published: nobody has begun anew, and its files are there. */
  static boolean isWhole(Table table, long staged) {
    Snapshot tip = table.snapshot(NAME);
    if (tip == null || tip.snapshotId() != staged) {
      return false;
    }
    Set<String> removed = new HashSet<>();
    changes(table, staged).removedDataFiles().forEach(file -> removed.add(file.location()));
    DataFiles.of(table.newScan()).forEach(file -> removed.remove(file.location()));
    return removed.isEmpty();
  }

  /** What is to be done to main to have the same changes there. */
  static OverwriteFiles onMain(Table table, long staged) {
    SnapshotChanges changes = changes(table, staged);
    OverwriteFiles overwrite = table.newOverwrite();
    changes.removedDataFiles().forEach(overwrite::deleteFile);
    changes.addedDataFiles().forEach(overwrite::addFile);
    return overwrite;
  }

  private static SnapshotChanges changes(Table table, long staged) {
    return SnapshotChanges.builderFor(table).snapshot(table.snapshot(staged)).build();
  }

  private static void change(TableName name, Table table, UnaryOperator<TableMetadata> change) {
    TableMetadata unused =
        Lake.untilNobodyInterferes("branch " + name, () -> ModelTable.change(table, change));
  }
}
