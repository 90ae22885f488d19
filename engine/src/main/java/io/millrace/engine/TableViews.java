package io.millrace.engine;

import io.millrace.core.Quoted;
import io.millrace.core.TableName;
import io.millrace.lake.FieldNames;
import io.millrace.lake.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Tables of the lake as views of DuckDB over their files. Columns are found in a file by Iceberg's
 * field id, so that files from before a column was added or widened read as the table is now.
 *
 * <p>Fields inside structs are found by name, but only when the struct is read whole: asked for one
 * field of a struct that has grown since, DuckDB 2.0 takes the field at its new position, which is
 * another field. So a struct hides behind a CASE, which it does not look into.
 *
 * <p>A field inside a struct that was renamed is asked for by each of its names. A file has one of
 * them, so whichever is not null is the value.
 */
final class TableViews {

  private TableViews() {}

  /** Begins the statement that makes a view; its SELECT follows. */
  static String view(TableName name) {
    return "CREATE OR REPLACE VIEW %s AS\n".formatted(Quoted.name(name));
  }

  /** The rows of data files, of which there may be none. */
  static String rows(Schema schema, FieldNames names, List<String> files) {
    return files.isEmpty() ? empty(schema) : scan(schema, names, files);
  }

  static String empty(Schema schema) {
    return schema.columns().stream()
        .map(it -> "CAST(NULL AS %s) AS %s".formatted(type(it.type()), Quoted.name(it.name())))
        .collect(Collectors.joining(", ", "SELECT ", " WHERE false"));
  }

  /** The rows of data files, with the columns of a schema. */
  static String scan(Schema schema, FieldNames names, List<String> files) {
    return scan(schema, names, files, "", "");
  }

  /** The same, and in {@code filename} the file each row is from. */
  static String scanWithFile(Schema schema, FieldNames names, List<String> files) {
    return scan(schema, names, files, ", filename", ", filename = true");
  }

  private static String scan(
      Schema schema, FieldNames names, List<String> files, String more, String option) {
    RenamedFields renamed = new RenamedFields(names);
    List<String> columns = new ArrayList<>();
    List<String> read = new ArrayList<>();
    List<String> selected = new ArrayList<>();
    for (Types.NestedField column : schema.columns()) {
      String name = Quoted.name(column.name());
      columns.add(
          "%d: {name: %s, type: %s, default_value: NULL}"
              .formatted(
                  column.fieldId(),
                  Quoted.text(column.name()),
                  Quoted.text(renamed.allNames(column.type()))));
      read.add(
          column.type().isPrimitiveType()
              ? name
              : "CASE WHEN %s IS NOT NULL THEN %s END AS %s".formatted(name, name, name));
      selected.add(
          renamed.isIn(column.type()) ? renamed.value(name, column.type()) + " AS " + name : name);
    }
    String scan =
        "SELECT %s%s FROM read_parquet([%s], hive_partitioning = false%s, schema = MAP {%s})"
            .formatted(
                String.join(", ", read),
                more,
                Quoted.texts(files),
                option,
                String.join(", ", columns));
    return schema.columns().stream().anyMatch(column -> renamed.isIn(column.type()))
        ? "SELECT %s%s FROM (%s)".formatted(String.join(", ", selected), more, scan)
        : scan;
  }

  /** Rows whose time is in a span. */
  static String within(Span span, Type type) {
    String column = Quoted.name(span.column());
    return "%s >= %s AND %s < %s"
        .formatted(column, time(span.first(type), type), column, time(span.end(type), type));
  }

  private static String time(long value, Type type) {
    if (type.typeId() == Type.TypeID.DATE) {
      return "DATE '1970-01-01' + " + value;
    }
    boolean zone = ((Types.TimestampType) type).shouldAdjustToUTC();
    return "%s(%d)".formatted(zone ? "make_timestamptz" : "make_timestamp", value);
  }

  /** DuckDB's name of an Iceberg type. */
  static String type(Type type) {
    return switch (type.typeId()) {
      case BOOLEAN -> "BOOLEAN";
      case INTEGER -> "INTEGER";
      case LONG -> "BIGINT";
      case FLOAT -> "FLOAT";
      case DOUBLE -> "DOUBLE";
      case DATE -> "DATE";
      case TIME -> "TIME";
      case TIMESTAMP ->
          ((Types.TimestampType) type).shouldAdjustToUTC()
              ? "TIMESTAMP WITH TIME ZONE"
              : "TIMESTAMP";
      case STRING -> "VARCHAR";
      case UUID -> "UUID";
      case FIXED, BINARY -> "BLOB";
      case DECIMAL -> {
        Types.DecimalType decimal = (Types.DecimalType) type;
        yield "DECIMAL(%d,%d)".formatted(decimal.precision(), decimal.scale());
      }
      case STRUCT ->
          type.asStructType().fields().stream()
              .map(it -> Quoted.name(it.name()) + " " + type(it.type()))
              .collect(Collectors.joining(", ", "STRUCT(", ")"));
      case LIST -> type(type.asListType().elementType()) + "[]";
      case MAP ->
          "MAP(%s, %s)"
              .formatted(type(type.asMapType().keyType()), type(type.asMapType().valueType()));
      default -> throw new IllegalArgumentException("Iceberg's type " + type);
    };
  }
}
