package io.millrace.event;

import io.millrace.core.Row;
import io.millrace.project.Field;
import io.millrace.project.StreamContract;
import io.millrace.project.Type;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** Makes {@link LiveRow}s of the rows of a stream's bronze table. */
public final class LiveRows {

  private final RowJson json;
  private final Type keyType;
  private final int key;
  private final int eventTime;
  private final int partition;
  private final int offset;

  /**
   * @param contract of a stream that keeps live values
   * @param columns of the rows, by position: those of its bronze table
   */
  public LiveRows(StreamContract contract, List<Field> columns) {
    List<String> names = columns.stream().map(Field::name).toList();
    this.json = new RowJson(columns);
    this.key = names.indexOf(contract.live().orElseThrow());
    this.keyType = columns.get(key).type();
    this.eventTime = names.indexOf(contract.eventTime());
    this.partition = names.indexOf(StreamContract.TOPIC_PARTITION);
    this.offset = names.indexOf(StreamContract.TOPIC_OFFSET);
  }

  public LiveRow of(Row row) {
    return LiveRow.of(key(row), version(row), json.of(row));
  }

  public LiveRow.Version version(Row row) {
    return new LiveRow.Version(
        row.longAt(eventTime), (int) row.longAt(partition), row.longAt(offset));
  }

  public String key(Row row) {
    if (keyType == Type.Scalar.INT || keyType == Type.Scalar.LONG) {
      return Long.toString(row.longAt(key));
    }
    byte[] bytes = row.bytesAt(key);
    if (keyType == Type.Scalar.UUID) {
      ByteBuffer uuid = ByteBuffer.wrap(bytes, row.offsetAt(key), row.lengthAt(key));
      return new UUID(uuid.getLong(), uuid.getLong()).toString();
    }
    return new String(bytes, row.offsetAt(key), row.lengthAt(key), StandardCharsets.UTF_8);
  }
}
