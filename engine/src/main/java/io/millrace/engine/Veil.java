package io.millrace.engine;

import static io.millrace.core.Quoted.name;
import static io.millrace.core.Quoted.text;

import io.millrace.core.Quoted;
import io.millrace.core.TableName;
import io.millrace.project.PersonalColumns;
import io.millrace.project.SelectText;
import io.millrace.project.Sight;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Tables as a reader may see them: what is hidden from them is NULL, of the type it has. It lies
 * over the base views, so that nothing that SQL does above them can have read a hidden value: not a
 * function, not a WHERE, not the error of a cast.
 */
record Veil(PersonalColumns personal, Sight sight) {

  /** The rows of a table with what is hidden taken out. */
  String over(TableName table, Schema schema, String rows) {
    if (schema.columns().stream().noneMatch(it -> hides(table, it.name(), "", it.type()))) {
      return rows;
    }
    String columns =
        schema.columns().stream()
            .map(
                it -> {
                  String name = name(it.name());
                  return value(table, it.name(), "", name, it.type()) + " AS " + name;
                })
            .collect(Collectors.joining(", "));
    return "SELECT %s FROM (%s)".formatted(columns, rows);
  }

  /** A view of the project, in which what its owner calls personal is hidden too. */
  String overView(TableName view, String sql) {
    List<String> hidden =
        personal.declared(view).stream()
            .filter(it -> hides(view, it, "", Types.StringType.get()))
            .toList();
    return hidden.isEmpty()
        ? sql
        : hidden.stream()
            .map(Quoted::name)
            .map(it -> "CASE WHEN false THEN %s END AS %s".formatted(it, it))
            .collect(
                Collectors.joining(
                    ", ", "SELECT * REPLACE (", ") FROM (\n" + SelectText.of(sql) + "\n)"));
  }

  /** Whether anything is hidden in a column, or in a field in it. */
  private boolean hides(TableName table, String column, String path, Type type) {
    if (sight == Sight.CLEAR) {
      return false;
    }
    if (!sight.shows(personal.treatment(table, column, path))) {
      return true;
    }
    if (type.isListType()) {
      return hides(table, column, path, type.asListType().elementType());
    }
    return type.isStructType()
        && type.asStructType().fields().stream()
            .anyMatch(it -> hides(table, column, in(path, it), it.type()));
  }

  private String value(TableName table, String column, String path, String value, Type type) {
    if (!hides(table, column, path, type)) {
      return value;
    }
    if (!sight.shows(personal.treatment(table, column, path))) {
      return "CAST(NULL AS %s)".formatted(TableViews.type(type));
    }
    if (type.isListType()) {
      String each = "each" + value.length();
      return "list_transform(%s, lambda %s: %s)"
          .formatted(
              value, each, value(table, column, path, each, type.asListType().elementType()));
    }
    return type.asStructType().fields().stream()
        .map(
            it ->
                name(it.name())
                    + " := "
                    + value(
                        table,
                        column,
                        in(path, it),
                        "struct_extract(%s, %s)".formatted(value, text(it.name())),
                        it.type()))
        .collect(
            Collectors.joining(
                ", ", "CASE WHEN " + value + " IS NOT NULL THEN struct_pack(", ") END"));
  }

  private static String in(String path, Types.NestedField field) {
    return path.isEmpty() ? field.name() : path + "." + field.name();
  }
}
