package io.millrace.lake;

import io.millrace.core.MillraceException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.Table;
import org.apache.iceberg.transforms.Transform;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;

/**
 * The partition that all rows of a file are in, by the least and the greatest value of its columns.
 */
final class PartitionOfFile {

  private PartitionOfFile() {}

  static PartitionData of(Table table, Metrics metrics) {
    PartitionData partition = new PartitionData(table.spec().partitionType());
    for (int i = 0; i < partition.size(); i++) {
      partition.set(i, value(table, table.spec().fields().get(i), metrics));
    }
    return partition;
  }

  private static Object value(Table table, PartitionField field, Metrics metrics) {
    int id = field.sourceId();
    String column = table.schema().findColumnName(id);
    long nulls = metrics.nullValueCounts().getOrDefault(id, 0L);
    if (nulls > 0) {
      throw MillraceException.caller(
          "Cannot write %s: %d rows have no '%s', which says where a row belongs"
              .formatted(table.name(), nulls, column));
    }
    Type type = table.schema().findType(id);
    Object least = bound(metrics.lowerBounds(), id, type);
    Object greatest = bound(metrics.upperBounds(), id, type);
    Transform<Object, Object> transform = transform(field);
    Object first = transform.bind(type).apply(least);
    Object last = transform.bind(type).apply(greatest);
    boolean one = transform.preservesOrder() ? first.equals(last) : least.equals(greatest);
    if (!one) {
      throw MillraceException.caller(
          "Cannot write %s: rows that are written together must be of one %s of '%s', but there are some of %s and some of %s"
              .formatted(
                  table.name(),
                  transform,
                  column,
                  transform.toHumanString(transform.getResultType(type), first),
                  transform.toHumanString(transform.getResultType(type), last)));
    }
    return first;
  }

  private static Object bound(Map<Integer, ByteBuffer> bounds, int id, Type type) {
    return Objects.requireNonNull(
        Conversions.fromByteBuffer(type, bounds.get(id)), "a file without bounds");
  }

  @SuppressWarnings("unchecked") // a bound transform takes the source's Java type
  private static Transform<Object, Object> transform(PartitionField field) {
    return (Transform<Object, Object>) field.transform();
  }
}
