package io.millrace.lake;

import io.millrace.core.MillraceException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.openhft.hashing.LongHashFunction;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.parquet.InternalReader;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;

/**
 * What rows hold, whatever their order and their files: how many there are, and the sum of their
 * 64-bit hashes. For columns of any Iceberg type, read by Iceberg's reader and not by an engine.
 * Rows are compared as the same schema shows them, so that a column added or widened since some of
 * them were written makes no difference.
 */
record ContentHash(long rows, long sum) {

  private static final LongHashFunction HASH = LongHashFunction.xx3();
  private static final long NULL = 0x9E37_79B9_7F4A_7C15L;

  /**
   * Reads all rows of some files.
   *
   * @throws MillraceException if a file cannot be read
   */
  static ContentHash of(Table table, List<DataFile> files) {
    Schema schema = table.schema();
    long[] sums = new long[2];
    for (DataFile file : files) {
      try (CloseableIterable<StructLike> rows =
          Parquet.read(table.io().newInputFile(file.location()))
              .project(schema)
              .reuseContainers()
              .createReaderFunc(message -> InternalReader.create(schema, message))
              .build()) {
        for (StructLike row : rows) {
          sums[0]++;
          sums[1] += hash(row);
        }
      } catch (IOException | RuntimeException e) {
        throw MillraceException.world(
            "Cannot read %s of %s: %s".formatted(file.location(), table.name(), e.getMessage()), e);
      }
    }
    return new ContentHash(sums[0], sums[1]);
  }

  private static long hash(Object value) {
    if (value == null) {
      return NULL;
    }
    if (value instanceof BigDecimal decimal) {
      return HASH.hashBytes(decimal.unscaledValue().toByteArray());
    }
    if (value instanceof Number number) {
      return HASH.hashLong(bits(number));
    }
    if (value instanceof CharSequence text) {
      return HASH.hashChars(text.toString());
    }
    if (value instanceof StructLike struct) {
      long hash = struct.size();
      for (int i = 0; i < struct.size(); i++) {
        hash = HASH.hashLong(hash ^ hash(struct.get(i, Object.class)));
      }
      return hash;
    }
    if (value instanceof List<?> list) {
      long hash = list.size();
      for (Object each : list) {
        hash = HASH.hashLong(hash ^ hash(each));
      }
      return hash;
    }
    if (value instanceof Map<?, ?> map) {
      long hash = map.size();
      for (Map.Entry<?, ?> each : map.entrySet()) {
        hash += HASH.hashLong(hash(each.getKey()) ^ HASH.hashLong(hash(each.getValue())));
      }
      return hash;
    }
    return opaque(value);
  }

  private static long bits(Number value) {
    return value instanceof Double || value instanceof Float
        ? Double.doubleToLongBits(value.doubleValue())
        : value.longValue();
  }

  private static long opaque(Object value) {
    if (value instanceof ByteBuffer bytes) {
      return HASH.hashBytes(bytes);
    }
    if (value instanceof UUID uuid) {
      return HASH.hashLong(
          uuid.getMostSignificantBits() ^ HASH.hashLong(uuid.getLeastSignificantBits()));
    }
    if (value instanceof Boolean known) {
      return HASH.hashLong(known ? 1 : 0);
    }
    throw new IllegalArgumentException("a value of " + value.getClass());
  }
}
