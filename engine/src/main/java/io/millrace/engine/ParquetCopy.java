package io.millrace.engine;

import io.millrace.core.Quoted;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** DuckDB's COPY into a data file of an Iceberg table: zstd Parquet with the table's field ids. */
final class ParquetCopy {

  /** DuckDB's own; a query skips whole groups, so that a sorted file wants them small. */
  private static final long MOST_ROWS_PER_GROUP = 122_880;

  /** DuckDB rounds up to its vectors of this many rows. */
  private static final long FEWEST_ROWS_PER_GROUP = 2_048;

  /** A group is held in memory until it is written, and rows shrink several times on the way. */
  private static final long GROUP_BYTES = 32L << 20;

  private static final long FILE_BYTES = 128L << 20;

  private ParquetCopy() {}

  /**
   * The statement.
   *
   * @param select all columns of the schema, under their names
   * @param rowBytes what a row takes on disk, about
   */
  static String statement(String select, Schema schema, long rowBytes, String location) {
    long group =
        Math.max(
            FEWEST_ROWS_PER_GROUP, Math.min(MOST_ROWS_PER_GROUP, GROUP_BYTES / (rowBytes + 1)));
    return "COPY (%s) TO %s (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE %d, FIELD_IDS {%s})"
        .formatted(select, Quoted.text(location), group, ids(schema.columns()));
  }

  /**
   * The statement, into as many files of a folder as it takes; its result is the number of rows and
   * the files.
   *
   * @param select as above
   */
  static String intoFolder(String select, Schema schema, String folder) {
    return "COPY (%s) TO %s (FORMAT parquet, COMPRESSION zstd, FILE_SIZE_BYTES %d, FILENAME_PATTERN '{uuid}', APPEND true, WRITE_EMPTY_FILE false, RETURN_FILES true, FIELD_IDS {%s})"
        .formatted(select, Quoted.text(folder), FILE_BYTES, ids(schema.columns()));
  }

  private static String ids(List<Types.NestedField> fields) {
    return fields.stream()
        .map(field -> Quoted.name(field.name()) + ": " + id(field))
        .collect(Collectors.joining(", "));
  }

  private static String id(Types.NestedField field) {
    Type type = field.type();
    if (type.isPrimitiveType()) {
      return Integer.toString(field.fieldId());
    }
    return "{__duckdb_field_id: %d, %s}".formatted(field.fieldId(), inner(type));
  }

  /** DuckDB calls the parts of a list and of a map as Iceberg does. */
  private static String inner(Type type) {
    return ids(type.asNestedType().fields());
  }
}
