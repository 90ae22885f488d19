package io.millrace.lake;

import io.millrace.core.MillraceException;
import io.millrace.core.Row;
import io.millrace.core.TableName;
import io.millrace.lake.Erasures.ErasedRow;
import io.millrace.project.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.ManageSnapshots;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.ValidationException;

/**
 * Takes rows out of a stream's tables for good: files that hold some are written again without
 * them, and then no snapshot is left in which they can be read.
 *
 * <p>What it takes out is noted in {@link Erasures} before, and counted there after. Killed in
 * between, the next one finds in the table whether it had been done.
 */
public final class RowEraser {

  /** A snapshot's property: the erasure that made it. */
  static final String ERASURE = Commits.PROPERTY_PREFIX + "erasure";

  /** The stream commits and maintenance rewrites meanwhile; both are retried. */
  private static final int MAX_ATTEMPTS = 20;

  private final Lake lake;
  private final Erasures book;

  public RowEraser(Lake lake, Erasures book) {
    this.lake = lake;
    this.book = book;
  }

  /**
   * Takes rows out of a table, once for each erasure.
   *
   * @param topic of rows that do not name theirs
   * @param doomed which rows, given the table's columns
   * @return how many rows it was
   * @throws MillraceException if a file cannot be read or written; then nothing was taken out
   */
  public long erase(
      long erasure, TableName name, String topic, Function<List<Field>, Predicate<Row>> doomed) {
    for (int attempt = 0; attempt < MAX_ATTEMPTS && !book.isDone(erasure, name); attempt++) {
      Table table = lake.load(name);
      if (CorrectionBranch.isUnderWay(table)) {
        throw MillraceException.world(
            "Cannot erase rows of %s while a replay writes it anew; try again when it has ended"
                .formatted(name));
      }
      Optional<Long> snapshot = madeBy(erasure, table);
      if (snapshot.isPresent()) {
        book.done(erasure, name, snapshot);
      } else if (table.currentSnapshot() == null
          || take(erasure, name, table, new Rows(table, topic, doomed))) {
        book.done(erasure, name, madeBy(erasure, table));
      }
    }
    if (!book.isDone(erasure, name)) {
      throw MillraceException.world(
          "Cannot erase rows of %s: its files were rewritten %d times meanwhile; try again"
              .formatted(name, MAX_ATTEMPTS));
    }
    return book.rows(erasure, name);
  }

  /** How many rows it would take out of a table now. */
  public long count(TableName name, Function<List<Field>, Predicate<Row>> doomed) {
    Table table = lake.load(name);
    Rows rows = new Rows(table, name.name(), doomed);
    return DataFiles.of(table.newScan()).stream()
        .mapToLong(file -> rows.doomedIn(file).size())
        .sum();
  }

  private static Optional<Long> madeBy(long erasure, Table table) {
    table.refresh();
    return StreamSupport.stream(table.snapshots().spliterator(), false)
        .filter(it -> Long.toString(erasure).equals(it.summary().get(ERASURE)))
        .filter(it -> Commits.ERASURE.equals(it.summary().get(Commits.KIND)))
        .map(Snapshot::snapshotId)
        .findFirst();
  }

  /** The rows of one table, and which of them go. */
  private static final class Rows {
    private final Table table;
    private final RowReader reader;
    private final Predicate<Row> doomed;

    Rows(Table table, String streamTopic, Function<List<Field>, Predicate<Row>> doomed) {
      this.table = table;
      this.reader = new RowReader(table, streamTopic);
      this.doomed = doomed.apply(reader.columns());
    }

    List<ErasedRow> doomedIn(DataFile file) {
      List<ErasedRow> found = new ArrayList<>();
      TableReader.forEach(
          table,
          file,
          reader.columns(),
          row -> {
            if (doomed.test(row)) {
              found.add(reader.erased(row));
            }
          });
      return found;
    }

    /** The sum of all fingerprints but those of doomed rows, which are not written. */
    long writeOthers(DataFile file, TableWriter writer) {
      long[] sum = {0};
      TableReader.forEach(
          table,
          file,
          reader.columns(),
          row -> {
            if (!doomed.test(row)) {
              sum[0] += reader.fingerprint(row);
              writer.write(row);
            }
          });
      return sum[0];
    }

    long sum(List<DataFile> files) {
      long[] sum = {0};
      for (DataFile file : files) {
        reader.forEach(file, (key, offset, fingerprint) -> sum[0] += fingerprint);
      }
      return sum[0];
    }
  }

  /** False if files that were to be replaced are gone; then nothing was done. */
  private boolean take(long erasure, TableName name, Table table, Rows rows) {
    List<DataFile> old = new ArrayList<>();
    List<ErasedRow> erased = new ArrayList<>();
    for (DataFile file : DataFiles.of(table.newScan())) {
      List<ErasedRow> found = rows.doomedIn(file);
      if (!found.isEmpty()) {
        old.add(file);
        erased.addAll(found);
      }
    }
    if (old.isEmpty()) {
      return true; // Or a killed one has taken them, and what it noted stays.
    }
    book.plan(erasure, name, erased);
    return replace(erasure, name, table, rows, old);
  }

  private static boolean replace(
      long erasure, TableName name, Table table, Rows rows, List<DataFile> old) {
    List<DataFile> made = new ArrayList<>();
    boolean wantedNoMore = true;
    try (TableWriter writer = new TableWriter(table, rows.reader.columns())) {
      long kept = 0;
      for (DataFile file : old) {
        kept += rows.writeOthers(file, writer);
      }
      made.addAll(writer.complete());
      // Read again, because after the commit only the new files are left.
      if (rows.sum(made) != kept) {
        throw MillraceException.us(
            "Cannot erase rows of %s: the others were not written as they were".formatted(name));
      }
      wantedNoMore = !commit(erasure, table, old, made);
      return !wantedNoMore;
    } catch (RuntimeException e) {
      wantedNoMore = Commits.wasNotMade(e);
      throw e;
    } finally {
      if (wantedNoMore) {
        made.forEach(file -> table.io().deleteFile(file.location()));
      }
    }
  }

  /** Carries on the properties of the snapshot it follows, as every rewrite does. */
  private static boolean commit(
      long erasure, Table table, List<DataFile> old, List<DataFile> made) {
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      table.refresh();
      Snapshot head = table.currentSnapshot();
      OverwriteFiles overwrite = table.newOverwrite().validateFromSnapshot(head.snapshotId());
      old.forEach(overwrite::deleteFile);
      made.forEach(overwrite::addFile);
      Commits.carryOn(head, overwrite::set);
      overwrite.set(Commits.KIND, Commits.ERASURE).set(ERASURE, Long.toString(erasure));
      boolean[] moved = {false};
      overwrite.validateWith(
          ancestors -> {
            moved[0] = ancestors.iterator().next().snapshotId() != head.snapshotId();
            return !moved[0];
          });
      try {
        overwrite.commit();
        return true;
      } catch (ValidationException e) {
        if (!moved[0]) {
          return false;
        }
      }
    }
    return false;
  }

  /** Makes all snapshots of a stream's table go that still have the rows of an erasure. */
  public void forget(long erasure, TableName name) {
    Optional<Table> table = lake.find(name);
    book.snapshot(erasure, name)
        .flatMap(snapshot -> table.map(it -> it.snapshot(snapshot)))
        .ifPresent(snapshot -> forgetBefore(table.get(), snapshot));
  }

  /** Makes all snapshots of a table go but the one that it is now. */
  public void forgetHistory(TableName name) {
    lake.find(name)
        .filter(table -> table.currentSnapshot() != null)
        .ifPresent(table -> forgetBefore(table, table.currentSnapshot()));
  }

  /** And the files that only they have, whatever named them: tags, failed builds, releases. */
  private static void forgetBefore(Table table, Snapshot snapshot) {
    long oldest = snapshot.sequenceNumber();
    ManageSnapshots refs = table.manageSnapshots();
    boolean named = false;
    for (var ref : table.refs().entrySet()) {
      SnapshotRef at = ref.getValue();
      if (!ref.getKey().equals(SnapshotRef.MAIN_BRANCH)
          && table.snapshot(at.snapshotId()).sequenceNumber() < oldest) {
        named = true;
        if (at.isTag()) {
          refs.removeTag(ref.getKey());
        } else {
          refs.removeBranch(ref.getKey());
        }
      }
    }
    if (named) {
      refs.commit();
    }
    List<Long> old =
        StreamSupport.stream(table.snapshots().spliterator(), false)
            .filter(it -> it.sequenceNumber() < oldest)
            .map(Snapshot::snapshotId)
            .toList();
    if (!old.isEmpty()) {
      ExpireSnapshots expire = table.expireSnapshots().expireOlderThan(0);
      old.forEach(expire::expireSnapshotId);
      expire.commit();
    }
  }
}
