package io.millrace.models;

import io.millrace.core.TableName;
import java.util.List;
import java.util.stream.Collectors;

/** Names and values as they stand in SQL. */
final class SqlText {

  private SqlText() {}

  static String name(TableName table) {
    return name(table.layer()) + "." + name(table.name());
  }

  static String name(String column) {
    return "\"" + column.replace("\"", "\"\"") + "\"";
  }

  static String names(List<String> columns) {
    return columns.stream().map(SqlText::name).collect(Collectors.joining(", "));
  }

  static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  static String texts(List<String> values) {
    return values.stream().map(SqlText::text).collect(Collectors.joining(", "));
  }

  /** True if rows of two tables have the same key; a null is a key like another. */
  static String sameKey(String left, String right, List<String> key) {
    return key.stream()
        .map(
            column ->
                "%s.%s IS NOT DISTINCT FROM %s.%s"
                    .formatted(left, name(column), right, name(column)))
        .collect(Collectors.joining(" AND "));
  }
}
