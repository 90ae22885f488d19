package io.millrace.prove;

import io.millrace.core.TableName;
import io.millrace.lake.Commits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.CloseableIterable;

/** One table against the ledger, by its metadata and by what files are there; no row is read. */
final class TableCheck {

  private final Table table;
  private final TableName name;
  private final LedgerWalk ledger;
  private final List<Breach> breaches = new ArrayList<>();

  TableCheck(Table table, TableName name, LedgerWalk ledger) {
    this.table = table;
    this.name = name;
    this.ledger = ledger;
  }

  List<Breach> breaches() {
    Optional<Snapshot> proven = snapshot(table, ledger.sequence());
    LedgerWalk.TableTotal total = ledger.total(name);
    long held = proven.map(TableCheck::sequence).orElse(0L);
    if (held != total.sequence()) {
      breach(
          Breach.Kind.ROLLED_BACK,
          "commit %d is not in %s (snapshot %d): the newest there is commit %d"
              .formatted(total.sequence(), name, total.snapshot(), held));
    }
    proven.ifPresent(this::checkHistory);
    long rows = proven.map(at -> count(at, SnapshotSummary.TOTAL_RECORDS_PROP)).orElse(0L);
    if (rows != total.rows()) {
      breach(
          rows < total.rows() ? Breach.Kind.MISSING : Breach.Kind.EXTRA,
          "%s has %d rows where the ledger counts %d".formatted(name, rows, total.rows()));
    }
    proven.ifPresent(this::checkFiles);
    return breaches;
  }

  /**
   * The newest snapshot that the ledger accounts for: a commit appends to the tables before it is
   * in the ledger, so the newest of all may be ahead.
   */
  static Optional<Snapshot> snapshot(Table table, long sequence) {
    Snapshot at = table.currentSnapshot();
    while (at != null && sequence(at) > sequence) {
      at = at.parentId() == null ? null : table.snapshot(at.parentId());
    }
    return Optional.ofNullable(at);
  }

  private static long sequence(Snapshot snapshot) {
    return count(snapshot, Commits.SEQUENCE);
  }

  private static long count(Snapshot snapshot, String property) {
    return Long.parseLong(snapshot.summary().getOrDefault(property, "0"));
  }

  /** Every commit that is still remembered is the stream's, or maintenance that keeps all rows. */
  private void checkHistory(Snapshot newest) {
    for (Snapshot at = newest;
        at != null;
        at = at.parentId() == null ? null : table.snapshot(at.parentId())) {
      String kind = at.summary().getOrDefault(Commits.KIND, "");
      long added = count(at, SnapshotSummary.ADDED_RECORDS_PROP);
      long deleted = count(at, SnapshotSummary.DELETED_RECORDS_PROP);
      boolean ours =
          switch (kind) {
            case "append" -> deleted == 0;
            case "rewrite" -> added == deleted;
            default -> false;
          };
      if (!ours) {
        breach(
            Breach.Kind.FOREIGN_COMMIT,
            "snapshot %d of %s is not the stream's: operation '%s' added %d rows and deleted %d"
                .formatted(at.snapshotId(), name, at.operation(), added, deleted));
      }
    }
  }

  private void checkFiles(Snapshot snapshot) {
    try (CloseableIterable<FileScanTask> tasks =
        table.newScan().useSnapshot(snapshot.snapshotId()).planFiles()) {
      for (FileScanTask task : tasks) {
        checkFile(task.file().location(), task.file().fileSizeInBytes(), task.file().recordCount());
      }
    } catch (IOException e) {
      breach(Breach.Kind.FILE, "cannot list the files of %s: %s".formatted(name, e.getMessage()));
    }
  }

  private void checkFile(String location, long size, long rows) {
    try {
      long found = table.io().newInputFile(location).getLength();
      if (found != size) {
        breach(
            Breach.Kind.FILE,
            "%s of %s has %d bytes where %d were written (%d rows)"
                .formatted(location, name, found, size, rows));
      }
    } catch (NotFoundException e) {
      breach(Breach.Kind.FILE, "%s of %s is gone (%d rows)".formatted(location, name, rows));
    }
  }

  private void breach(Breach.Kind kind, String sentence) {
    breaches.add(new Breach(kind, sentence));
  }
}
