package io.millrace.stream;

import io.millrace.core.MillraceException;
import io.millrace.core.Row;
import io.millrace.core.TableName;
import io.millrace.event.StoredRow;
import io.millrace.lake.Correction;
import io.millrace.lake.CorrectionBranch;
import io.millrace.lake.DataFiles;
import io.millrace.lake.Fingerprint;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.LedgerEntry.Part;
import io.millrace.lake.Schemas;
import io.millrace.lake.TableReader;
import io.millrace.lake.TableWriter;
import io.millrace.project.Field;
import io.millrace.project.StreamContract;
import io.millrace.stream.HeldRows.Stretch;
import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;

/**
 * One table as a replay makes it: rows that are as they were stay where they are, and a file that
 * has others is written again with what stays of it.
 */
final class RebuiltTable implements Closeable {

  private static final int EXAMPLES = 5;

  private final TableName name;
  private final StreamContract contract;
  private final Table table;
  private final List<OldFile> files;
  private final List<Field> heldColumns;
  private final List<Field> columns;
  private final Fingerprint heldFingerprint;
  private final Fingerprint fingerprintOf;
  private final int topic;
  private final int partition;
  private final int offset;
  private final int session;
  private final TableWriter added;

  /** Of rows that come from another table, with all of their columns. */
  private final TableWriter moved;

  private final Map<TopicPartition, OffsetBits> removed = new HashMap<>();
  private final Map<String, Map<String, String>> changedExamples = new LinkedHashMap<>();
  private final List<String> examples = new ArrayList<>();
  private long rows;
  private long fingerprint;
  private long onlyOld;
  private long onlyNew;
  private long changed;
  private long equal;

  /**
   * @param files that the table has, with their bounds
   * @param columns what its rows hold by the contract
   */
  RebuiltTable(
      TableName name,
      StreamContract contract,
      Table table,
      List<DataFile> files,
      List<Field> columns) {
    this.name = name;
    this.contract = contract;
    this.table = table;
    this.files = files.stream().map(file -> new OldFile(this, file)).toList();
    this.columns = columns;
    this.heldColumns = Schemas.columns(table.schema());
    this.heldFingerprint = Fingerprint.over(table, heldColumns);
    this.fingerprintOf = Fingerprint.over(table, columns);
    List<String> names = heldColumns.stream().map(Field::name).toList();
    this.topic = names.indexOf("topic");
    this.partition = names.indexOf(StreamContract.TOPIC_PARTITION);
    this.offset = names.indexOf(StreamContract.TOPIC_OFFSET);
    this.session = names.indexOf(StreamContract.SESSION_STARTED);
    this.added = new TableWriter(table, columns);
    this.moved = new TableWriter(table, heldColumns);
  }

  /** A table of main, to be asked what it has. */
  static RebuiltTable asItIs(TableName name, StreamContract contract, Table table) {
    List<DataFile> files = DataFiles.of(table.newScan().includeColumnStats());
    return new RebuiltTable(name, contract, table, files, Schemas.tables(contract).get(name));
  }

  /** A file of the table, and how many of its rows do not stay. */
  static final class OldFile {
    private final RebuiltTable table;
    private final DataFile file;
    private long removed;

    private OldFile(RebuiltTable table, DataFile file) {
      this.table = table;
      this.file = file;
    }

    RebuiltTable table() {
      return table;
    }
  }

  /** The files that may have rows of these offsets, by their bounds. */
  List<OldFile> filesWith(List<Stretch> stretches) {
    return files.stream()
        .filter(it -> stretches.stream().anyMatch(stretch -> mayHave(it.file, stretch)))
        .toList();
  }

  private boolean mayHave(DataFile file, Stretch stretch) {
    return within(
            file,
            StreamContract.TOPIC_PARTITION,
            stretch.key().partition(),
            stretch.key().partition())
        && within(file, StreamContract.TOPIC_OFFSET, stretch.from(), stretch.to() - 1);
  }

  private boolean within(DataFile file, String column, long first, long last) {
    Types.NestedField field = table.schema().findField(column);
    if (file.lowerBounds() == null || !file.lowerBounds().containsKey(field.fieldId())) {
      return true;
    }
    Number lower =
        Conversions.fromByteBuffer(field.type(), file.lowerBounds().get(field.fieldId()));
    Number upper =
        Conversions.fromByteBuffer(field.type(), file.upperBounds().get(field.fieldId()));
    return lower.longValue() <= last && first <= upper.longValue();
  }

  /** In which partitions of the table rows of these offsets may be. */
  SortedSet<String> partitionsWith(List<Stretch> stretches) {
    SortedSet<String> paths = new TreeSet<>();
    filesWith(stretches)
        .forEach(
            it ->
                paths.add(
                    table.specs().get(it.file.specId()).partitionToPath(it.file.partition())));
    return paths;
  }

  /** Takes where a row came from, what it is, and when its session began. */
  interface Taker {
    void take(TopicPartition key, long offset, long fingerprint, long session);
  }

  void read(OldFile of, Taker taker) {
    readRows(of, (row, key, at) -> taker.take(key, at, heldFingerprint.of(row), sessionOf(row)));
  }

  private long sessionOf(Row row) {
    return session < 0 || row.isNull(session) ? StoredRow.NO_SESSION : row.longAt(session);
  }

  /** Takes a row of {@link #heldColumns}, and where it came from. */
  interface RowTaker {
    void take(Row row, TopicPartition key, long offset);
  }

  void readRows(OldFile of, RowTaker taker) {
    TableReader.forEach(
        table, of.file, heldColumns, row -> taker.take(row, keyOf(row), row.longAt(offset)));
  }

  TableName name() {
    return name;
  }

  /** All columns of the table, also those that the contract no longer names. */
  List<Field> heldColumns() {
    return heldColumns;
  }

  /** Of a row as the table holds it. */
  long heldFingerprint(Row row) {
    return heldFingerprint.of(row);
  }

  /** Of a row as the contract makes it. */
  long fingerprint(Row row) {
    return fingerprintOf.of(row);
  }

  private TopicPartition keyOf(Row row) {
    String of =
        topic < 0
            ? contract.topic()
            : new String(
                row.bytesAt(topic),
                row.offsetAt(topic),
                row.lengthAt(topic),
                StandardCharsets.UTF_8);
    return new TopicPartition(of, (int) row.longAt(partition));
  }

  /** A row that came of a record again. */
  void take(TopicPartition key, long at, Row row, HeldRows.Held held) {
    long now = fingerprintOf.of(row);
    if (held != null && held.file().table == this && held.fingerprint() == now) {
      keep(now);
    } else {
      added.write(row);
      put(key, at, now, () -> RowText.of(columns, row), held);
    }
  }

  /** A row of {@link #heldColumns} that another table held. */
  void move(TopicPartition key, long at, Row row, HeldRows.Held held) {
    moved.write(row);
    put(key, at, heldFingerprint.of(row), () -> RowText.of(heldColumns, row), held);
  }

  /** A row that stays as it is. */
  void keep(long asItIs) {
    rows++;
    equal++;
    fingerprint += asItIs;
  }

  /** A row that was taken out with the person it was of; the balance goes on counting it. */
  void countErased(long asItWas) {
    rows++;
    fingerprint += asItWas;
  }

  private void put(
      TopicPartition key,
      long at,
      long now,
      Supplier<Map<String, String>> text,
      HeldRows.Held held) {
    rows++;
    fingerprint += now;
    String where = "%s/%d/%d".formatted(key.topic(), key.partition(), at);
    if (held == null) {
      onlyNew++;
      example(where + ": no table had a row of it");
    } else if (held.file().table == this) {
      changed++;
      held.file().table.remove(held.file(), key, at);
      if (changedExamples.size() < EXAMPLES) {
        changedExamples.put(where, text.get());
      }
    } else {
      onlyNew++;
      held.file().table.onlyOld++;
      held.file().table.remove(held.file(), key, at);
      example("%s: was in %s, now %s".formatted(where, held.file().table.name, text.get()));
    }
  }

  private void example(String text) {
    if (examples.size() < EXAMPLES) {
      examples.add(text);
    }
  }

  private void remove(OldFile from, TopicPartition key, long at) {
    from.removed++;
    removed.computeIfAbsent(key, it -> new OffsetBits()).add(at);
  }

  boolean differs() {
    return onlyOld + onlyNew + changed > 0;
  }

  /** Whether it has, or had, any row of the offsets that were read. */
  boolean isTouched() {
    return rows + onlyOld > 0;
  }

  /** Puts what it has become on a branch, and accounts for it. */
  Part stage(CorrectionBranch branch) {
    if (!differs()) {
      return new Part(name, rows, fingerprint, Correction.UNCHANGED);
    }
    List<DataFile> old = new ArrayList<>();
    List<DataFile> fresh = new ArrayList<>(added.complete());
    fresh.addAll(moved.complete());
    try (TableWriter kept = new TableWriter(table, heldColumns)) {
      for (OldFile file : files) {
        if (file.removed > 0) {
          old.add(file.file);
          copy(file, kept);
        }
      }
      fresh.addAll(kept.complete());
    }
    return new Part(name, rows, fingerprint, branch.stage(old, fresh));
  }

  private void copy(OldFile file, TableWriter kept) {
    long[] left = {0};
    TableReader.forEach(
        table,
        file.file,
        heldColumns,
        row -> {
          TopicPartition key = keyOf(row);
          long at = row.longAt(offset);
          if (!removed.containsKey(key) || !removed.get(key).contains(at)) {
            kept.write(row);
            return;
          }
          left[0]++;
          String where = "%s/%d/%d".formatted(key.topic(), key.partition(), at);
          Optional.ofNullable(changedExamples.get(where))
              .ifPresent(
                  now ->
                      example(
                          where + ": " + RowText.difference(RowText.of(heldColumns, row), now)));
        });
    if (left[0] != file.removed) {
      throw MillraceException.us(
          "Cannot replay '%s': %s has %d rows that do not stay, and %d were found"
              .formatted(contract.name(), file.file.location(), file.removed, left[0]));
    }
  }

  /** How it differs from what it was; examples of changed rows are known once it is staged. */
  Differences differences() {
    return new Differences(
        name.toString(), onlyOld, onlyNew, changed, equal, List.copyOf(examples));
  }

  /** Rows of a table, compared by the offsets they came from. */
  record Differences(
      String table, long onlyOld, long onlyNew, long changed, long equal, List<String> examples) {}

  /** Gives up files that were not staged. */
  @Override
  public void close() {
    added.close();
    moved.close();
  }
}
