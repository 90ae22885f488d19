package io.millrace.lake;

import io.millrace.core.Row;
import io.millrace.project.Field;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.Table;
import org.apache.iceberg.transforms.Transform;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** The partition of a row as an int, which every transform that a contract can ask for fits. */
abstract class PartitionOf {

  /** Stands for the partition of rows whose value is null. */
  private static final int NULL = Integer.MIN_VALUE;

  private final Types.StructType partitionType;

  PartitionOf(Types.StructType partitionType) {
    this.partitionType = partitionType;
  }

  abstract int value(Row row);

  PartitionData key(int value) {
    PartitionData key = new PartitionData(partitionType);
    if (key.size() > 0) {
      key.set(0, value == NULL ? null : value);
    }
    return key;
  }

  static PartitionOf of(Table table, List<Field> columns) {
    Types.StructType partitionType = table.spec().partitionType();
    if (table.spec().isUnpartitioned()) {
      return new PartitionOf(partitionType) {
        @Override
        int value(Row row) {
          return 0;
        }
      };
    }
    PartitionField field = table.spec().fields().get(0);
    String source = table.schema().findColumnName(field.sourceId());
    Type type = table.schema().findType(field.sourceId());
    int position = columns.stream().map(Field::name).toList().indexOf(source);
    if (field.transform().toString().equals("day")) {
      long unitsPerDay = type.typeId() == Type.TypeID.DATE ? 1 : 86_400_000_000L;
      return new PartitionOf(partitionType) {
        @Override
        int value(Row row) {
          return row.isNull(position)
              ? NULL
              : (int) Math.floorDiv(row.longAt(position), unitsPerDay);
        }
      };
    }
    return bucket(partitionType, field, type, position);
  }

  @SuppressWarnings("unchecked") // a bound transform takes the source's Java type
  private static PartitionOf bucket(
      Types.StructType partitionType, PartitionField field, Type type, int position) {
    var bucket = ((Transform<Object, Integer>) field.transform()).bind(type);
    return new PartitionOf(partitionType) {
      @Override
      int value(Row row) {
        return row.isNull(position) ? NULL : bucket.apply(boxed(row, position, type));
      }
    };
  }

  private static Object boxed(Row row, int position, Type type) {
    return switch (type.typeId()) {
      case INTEGER, DATE -> (int) row.longAt(position);
      case LONG, TIMESTAMP -> row.longAt(position);
      case STRING ->
          new String(
              row.bytesAt(position),
              row.offsetAt(position),
              row.lengthAt(position),
              StandardCharsets.UTF_8);
      case UUID -> {
        ByteBuffer bytes =
            ByteBuffer.wrap(row.bytesAt(position), row.offsetAt(position), row.lengthAt(position));
        yield new UUID(bytes.getLong(), bytes.getLong());
      }
      default -> throw new IllegalStateException("no contract buckets by " + type);
    };
  }
}
