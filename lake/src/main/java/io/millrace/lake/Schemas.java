package io.millrace.lake;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.project.Field;
import io.millrace.project.StreamContract;
import io.millrace.project.StreamContract.EventId;
import io.millrace.project.StreamContract.Layout;
import io.millrace.project.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.types.Types;

/**
 * The columns of a stream's tables, and how they look in Iceberg. Writers go by these columns, in
 * this order; a table may have more, which its contract no longer names.
 */
public final class Schemas {

  private static final Field REASON = Field.required(StreamContract.REASON, Type.Scalar.STRING);
  private static final List<Field> TAKEN_FROM =
      List.of(
          Field.required(StreamContract.RECEIVED, Type.Scalar.TIMESTAMP),
          Field.required(StreamContract.TOPIC_PARTITION, Type.Scalar.INT),
          Field.required(StreamContract.TOPIC_OFFSET, Type.Scalar.LONG));

  private Schemas() {}

  /**
   * The accepted events: the contract's fields, a derived id, when and where they came from, and
   * their session where the stream keeps sessions.
   */
  public static List<Field> bronze(StreamContract contract) {
    List<Field> columns = decided(contract);
    if (contract.sessionGap().isPresent()) {
      columns.add(Field.optional(StreamContract.SESSION_STARTED, Type.Scalar.TIMESTAMP));
    }
    return List.copyOf(columns);
  }

  private static List<Field> decided(StreamContract contract) {
    List<Field> columns = new ArrayList<>(contract.fields());
    if (contract.eventId() instanceof EventId.Derived) {
      columns.add(Field.required(StreamContract.EVENT_ID, Type.Scalar.UUID));
    }
    columns.addAll(TAKEN_FROM);
    return columns;
  }

  /** The events that broke the contract, as they came. */
  public static List<Field> rejected() {
    return List.of(
        REASON,
        Field.optional("field", Type.Scalar.STRING),
        Field.optional("detail", Type.Scalar.STRING),
        Field.optional("payload", Type.Scalar.BINARY),
        Field.required(StreamContract.RECEIVED, Type.Scalar.TIMESTAMP),
        Field.optional("contract_version", Type.Scalar.INT),
        Field.required("topic", Type.Scalar.STRING),
        Field.required(StreamContract.TOPIC_PARTITION, Type.Scalar.INT),
        Field.required(StreamContract.TOPIC_OFFSET, Type.Scalar.LONG));
  }

  /** The repeated events, and the late ones: as bronze without sessions, and why they are here. */
  public static List<Field> setAside(StreamContract contract) {
    List<Field> columns = decided(contract);
    columns.add(REASON);
    return List.copyOf(columns);
  }

  /** Every table of a stream, with its columns. */
  public static SortedMap<TableName, List<Field>> tables(StreamContract contract) {
    SortedMap<TableName, List<Field>> tables = new TreeMap<>();
    tables.put(contract.bronze(), bronze(contract));
    tables.put(TableName.rejected(contract.name()), rejected());
    tables.put(TableName.repeated(contract.name()), setAside(contract));
    tables.put(TableName.late(contract.name()), setAside(contract));
    return tables;
  }

  /** All columns of a table, those that its contract no longer names included. */
  public static List<Field> columns(Schema schema) {
    return fields(schema.asStruct());
  }

  private static List<Field> fields(Types.StructType struct) {
    List<Field> fields = new ArrayList<>();
    for (Types.NestedField column : struct.fields()) {
      Type type = type(column.type());
      fields.add(
          column.isRequired()
              ? Field.required(column.name(), type)
              : Field.optional(column.name(), type));
    }
    return List.copyOf(fields);
  }

  private static Type type(org.apache.iceberg.types.Type type) {
    if (type instanceof Types.DecimalType decimal) {
      return new Type.Decimal(decimal.precision(), decimal.scale());
    }
    if (type instanceof Types.StructType struct) {
      return new Type.Struct(fields(struct));
    }
    if (type instanceof Types.ListType list) {
      return new Type.ListOf(type(list.elementType()));
    }
    for (Type.Scalar scalar : Type.Scalar.values()) {
      if (iceberg(scalar).equals(type)) {
        return scalar;
      }
    }
    throw MillraceException.caller("Cannot read a column of type '" + type + "'");
  }

  /** Columns as an Iceberg schema; Iceberg gives ids of its own when it makes the table. */
  public static Schema schema(List<Field> columns) {
    return new Schema(struct(columns, new AtomicInteger()).fields());
  }

  static PartitionSpec partitioning(TableName table, StreamContract contract, Schema schema) {
    if (!table.equals(contract.bronze())) {
      return PartitionSpec.unpartitioned();
    }
    PartitionSpec.Builder spec = PartitionSpec.builderFor(schema);
    if (contract.layout() instanceof Layout.Day day) {
      return spec.day(day.field()).build();
    }
    Layout.Bucket bucket = (Layout.Bucket) contract.layout();
    return spec.bucket(bucket.field(), bucket.count()).build();
  }

  /**
   * How upkeep sorts the rows of a table: by the key and the event time, and first by the one that
   * partitions do not tell apart already.
   */
  static SortOrder sorting(TableName table, StreamContract contract, Schema schema) {
    boolean byDay = table.equals(contract.bronze()) && contract.layout() instanceof Layout.Day;
    SortOrder.Builder order = SortOrder.builderFor(schema);
    List<String> columns =
        byDay
            ? List.of(contract.key(), contract.eventTime())
            : List.of(contract.eventTime(), contract.key());
    columns.stream().filter(column -> schema.findField(column) != null).forEach(order::asc);
    return order.build();
  }

  static org.apache.iceberg.types.Type iceberg(Type type) {
    return iceberg(type, new AtomicInteger());
  }

  private static Types.StructType struct(List<Field> fields, AtomicInteger lastId) {
    List<Types.NestedField> columns = new ArrayList<>();
    for (Field field : fields) {
      int id = lastId.incrementAndGet();
      org.apache.iceberg.types.Type type = iceberg(field.type(), lastId);
      String doc = field.description().isEmpty() ? null : field.description();
      columns.add(
          field.required()
              ? Types.NestedField.required(id, field.name(), type, doc)
              : Types.NestedField.optional(id, field.name(), type, doc));
    }
    return Types.StructType.of(columns);
  }

  private static org.apache.iceberg.types.Type iceberg(Type type, AtomicInteger lastId) {
    if (type instanceof Type.Decimal decimal) {
      return Types.DecimalType.of(decimal.precision(), decimal.scale());
    }
    if (type instanceof Type.Struct struct) {
      return struct(struct.fields(), lastId);
    }
    if (type instanceof Type.ListOf list) {
      int id = lastId.incrementAndGet();
      return Types.ListType.ofOptional(id, iceberg(list.element(), lastId));
    }
    return switch ((Type.Scalar) type) {
      case STRING -> Types.StringType.get();
      case BOOLEAN -> Types.BooleanType.get();
      case INT -> Types.IntegerType.get();
      case LONG -> Types.LongType.get();
      case DOUBLE -> Types.DoubleType.get();
      case DATE -> Types.DateType.get();
      case TIMESTAMP -> Types.TimestampType.withZone();
      case UUID -> Types.UUIDType.get();
      case BINARY -> Types.BinaryType.get();
    };
  }
}
