package io.millrace.core;

import java.util.List;
import java.util.stream.Collectors;

/** Names and values as they stand in SQL. */
public final class Quoted {

  private Quoted() {}

  public static String name(TableName table) {
    return name(table.layer()) + "." + name(table.name());
  }

  /** A column or table as it stands in SQL, whatever it is called. */
  public static String name(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  public static String names(List<String> columns) {
    return columns.stream().map(Quoted::name).collect(Collectors.joining(", "));
  }

  /** {@code one."a", one."b"}. */
  public static String prefixed(String table, List<String> columns) {
    return columns.stream()
        .map(column -> table + "." + name(column))
        .collect(Collectors.joining(", "));
  }

  public static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  public static String texts(List<String> values) {
    return values.stream().map(Quoted::text).collect(Collectors.joining(", "));
  }

  /** True if rows of two tables have the same key; a null is a key like another. */
  public static String sameKey(String left, String right, List<String> key) {
    return key.stream()
        .map(
            column ->
                "%s.%s IS NOT DISTINCT FROM %s.%s"
                    .formatted(left, name(column), right, name(column)))
        .collect(Collectors.joining(" AND "));
  }
}
