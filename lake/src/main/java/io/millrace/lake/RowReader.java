package io.millrace.lake;

import io.millrace.core.Row;
import io.millrace.lake.Erasures.ErasedRow;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.project.Field;
import io.millrace.project.StreamContract;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;

/**
 * Reads where each row of a table came from, and its fingerprint: over every column that the table
 * has, because rows from before a contract dropped a field were sealed with that field.
 */
public final class RowReader {

  private final Table table;
  private final String streamTopic;
  private final List<Field> columns;
  private final Fingerprint fingerprint;
  private final int topic;
  private final int partition;
  private final int offset;

  /**
   * @param streamTopic of rows that do not name theirs
   */
  public RowReader(Table table, String streamTopic) {
    this.table = table;
    this.streamTopic = streamTopic;
    this.columns = Schemas.columns(table.schema());
    this.fingerprint = Fingerprint.over(table, columns);
    List<String> names = columns.stream().map(Field::name).toList();
    this.topic = names.indexOf("topic");
    this.partition = names.indexOf(StreamContract.TOPIC_PARTITION);
    this.offset = names.indexOf(StreamContract.TOPIC_OFFSET);
  }

  /** Takes what a row is known by. */
  public interface Taker {
    void take(TopicPartition key, long offset, long fingerprint);
  }

  public void forEach(DataFile file, Taker taker) {
    TableReader.forEach(
        table, file, columns, row -> taker.take(key(row), row.longAt(offset), fingerprint.of(row)));
  }

  /** What rows are read with. */
  List<Field> columns() {
    return columns;
  }

  long fingerprint(Row row) {
    return fingerprint.of(row);
  }

  /** What a row is known by once it is taken out. */
  ErasedRow erased(Row row) {
    return new ErasedRow(key(row), row.longAt(offset), fingerprint.of(row));
  }

  private TopicPartition key(Row row) {
    String of = topic < 0 ? streamTopic : text(row, topic);
    return new TopicPartition(of, (int) row.longAt(partition));
  }

  private static String text(Row row, int position) {
    return new String(
        row.bytesAt(position),
        row.offsetAt(position),
        row.lengthAt(position),
        StandardCharsets.UTF_8);
  }
}
