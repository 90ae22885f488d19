package io.millrace.lake;

import io.millrace.core.MillraceException;
import io.millrace.core.Row;
import io.millrace.core.ValueRow;
import io.millrace.project.Field;
import io.millrace.project.Type;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;

/** Reads rows in Java, file by file: for proofs and tests. Questions go to the engine instead. */
public final class TableReader {

  private TableReader() {}

  /**
   * Hands each row of a snapshot to a consumer.
   *
   * @param columns what the rows hold, by position; one the table does not have is null
   * @throws MillraceException if a data file cannot be read
   */
  public static void forEach(
      Table table, long snapshot, List<Field> columns, Consumer<Row> consumer) {
    DataFiles.of(table.newScan().useSnapshot(snapshot))
        .forEach(file -> forEach(table, file, columns, consumer));
  }

  /**
   * Hands each row of a data file to a consumer.
   *
   * @throws MillraceException if the file cannot be read; rows may have been handed over by then
   */
  public static void forEach(
      Table table, DataFile file, List<Field> columns, Consumer<Row> consumer) {
    try (CloseableIterable<Record> records =
        Parquet.read(table.io().newInputFile(file.location()))
            .project(table.schema())
            .reuseContainers()
            .createReaderFunc(
                message -> GenericParquetReaders.buildReader(table.schema(), message, Map.of()))
            .build()) {
      for (Record record : records) {
        consumer.accept(row(record, columns));
      }
    } catch (IOException | RuntimeException e) {
      throw MillraceException.world(
          "Cannot read %s of %s: %s".formatted(file.location(), table.name(), e.getMessage()), e);
    }
  }

  private static Row row(Record record, List<Field> columns) {
    return ValueRow.of(
        columns.stream()
            .map(column -> value(record.getField(column.name()), column.type()))
            .toArray());
  }

  private static Object value(Object value, Type type) {
    if (value == null) {
      return null;
    }
    if (type instanceof Type.Struct struct) {
      return row((Record) value, struct.fields());
    }
    if (type instanceof Type.ListOf list) {
      return ValueRow.of(
          ((List<?>) value).stream().map(each -> value(each, list.element())).toArray());
    }
    if (type instanceof Type.Decimal decimal) {
      return decimal.precision() <= Row.LONG_DECIMAL_DIGITS
          ? (Object) ((BigDecimal) value).unscaledValue().longValueExact()
          : value;
    }
    return switch ((Type.Scalar) type) {
      case STRING -> ValueRow.utf8(value.toString());
      case BOOLEAN -> (Boolean) value ? 1L : 0L;
      case INT, LONG -> ((Number) value).longValue();
      case DOUBLE -> value;
      case DATE -> ((LocalDate) value).toEpochDay();
      case TIMESTAMP -> micros((OffsetDateTime) value);
      case UUID -> bytes((UUID) value);
      case BINARY -> bytes((ByteBuffer) value);
    };
  }

  /** By hand, because the JDK counts nanoseconds between instants, and those end in 2262. */
  private static long micros(OffsetDateTime value) {
    return value.toEpochSecond() * 1_000_000 + value.getNano() / 1_000;
  }

  private static byte[] bytes(UUID uuid) {
    return ByteBuffer.allocate(2 * Long.BYTES)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
