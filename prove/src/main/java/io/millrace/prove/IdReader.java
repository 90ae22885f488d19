package io.millrace.prove;

import io.millrace.core.Row;
import io.millrace.core.TableName;
import io.millrace.lake.DataFiles;
import io.millrace.lake.Lake;
import io.millrace.lake.Schemas;
import io.millrace.lake.TableReader;
import io.millrace.project.Field;
import io.millrace.project.StreamContract;
import io.millrace.project.StreamContract.EventId;
import io.millrace.project.Type;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;

/** Reads from the data files of a stream's tables which events they hold, and from where. */
public final class IdReader {

  private final Lake lake;
  private final StreamContract contract;
  private final UnaryOperator<byte[]> payloads;
  private final String idColumn;

  /**
   * @param payloads makes the event of what quarantine keeps of it
   */
  public IdReader(Lake lake, StreamContract contract, UnaryOperator<byte[]> payloads) {
    this(
        lake,
        contract,
        payloads,
        contract.eventId() instanceof EventId.Declared declared
            ? declared.field()
            : StreamContract.EVENT_ID);
  }

  /** Knows accepted events by another column, of type uuid or string. */
  public IdReader(
      Lake lake, StreamContract contract, UnaryOperator<byte[]> payloads, String idColumn) {
    this.lake = lake;
    this.contract = contract;
    this.payloads = payloads;
    this.idColumn = idColumn;
  }

  /** Takes an event of a table. */
  public interface Taker {
    void take(String id, Found found);
  }

  /** Every event of the four tables. */
  public void forEach(Taker taker) {
    for (TableName table : contract.tables().keySet()) {
      read(table, Expressions.alwaysTrue(), taker);
    }
  }

  /** The accepted and late events in files that may hold some received at this time or later. */
  public void since(Instant received, Taker taker) {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, received);
    Expression recent = Expressions.greaterThanOrEqual(StreamContract.RECEIVED, micros);
    read(contract.bronze(), recent, taker);
    read(TableName.late(contract.name()), recent, taker);
  }

  private void read(TableName name, Expression which, Taker taker) {
    Table table = lake.find(name).orElse(null);
    if (table == null) {
      return;
    }
    boolean rejected = name.equals(TableName.rejected(contract.name()));
    List<Field> columns = Schemas.columns(table.schema());
    List<String> names = columns.stream().map(Field::name).toList();
    int id = names.indexOf(rejected ? "payload" : idColumn);
    int topic = names.indexOf("topic");
    int partition = names.indexOf(StreamContract.TOPIC_PARTITION);
    int offset = names.indexOf(StreamContract.TOPIC_OFFSET);
    boolean uuid = columns.get(id).type() == Type.Scalar.UUID;
    for (DataFile file : DataFiles.of(table.newScan().filter(which))) {
      TableReader.forEach(
          table,
          file,
          columns,
          row -> {
            byte[] bytes = bytes(row, id);
            String from = topic < 0 ? contract.topic() : text(bytes(row, topic));
            taker.take(
                rejected
                    ? EventIds.ofRejected(payloads.apply(bytes))
                    : uuid ? uuid(bytes) : text(bytes),
                new Found(name, from, (int) row.longAt(partition), row.longAt(offset)));
          });
    }
  }

  private static byte[] bytes(Row row, int position) {
    int from = row.offsetAt(position);
    return Arrays.copyOfRange(row.bytesAt(position), from, from + row.lengthAt(position));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String uuid(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return EventIds.of(buffer.getLong(), buffer.getLong());
  }

  /** Where an event is, and the record it came from. */
  public record Found(TableName table, String topic, int partition, long offset) {
    @Override
    public String toString() {
      return "%s (%s/%d: %d)".formatted(table, topic, partition, offset);
    }
  }
}
