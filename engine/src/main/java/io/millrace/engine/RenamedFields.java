package io.millrace.engine;

import static io.millrace.core.Quoted.name;
import static io.millrace.core.Quoted.text;

import io.millrace.lake.FieldNames;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Fields inside structs that had other names: how they are asked for, and made one again. */
record RenamedFields(FieldNames names) {

  /** Whether any field inside a type had another name. */
  boolean isIn(Type type) {
    if (type.isListType()) {
      return isIn(type.asListType().elementType());
    }
    return type.isStructType()
        && type.asStructType().fields().stream()
            .anyMatch(field -> !names.former(field).isEmpty() || isIn(field.type()));
  }

  /** DuckDB's name of a type whose structs have each field under each of its names. */
  String allNames(Type type) {
    if (!isIn(type)) {
      return TableViews.type(type);
    }
    if (type.isListType()) {
      return allNames(type.asListType().elementType()) + "[]";
    }
    return type.asStructType().fields().stream()
        .flatMap(field -> called(field).map(name -> name(name) + " " + allNames(field.type())))
        .collect(Collectors.joining(", ", "STRUCT(", ")"));
  }

  private Stream<String> called(Types.NestedField field) {
    return Stream.concat(Stream.of(field.name()), names.former(field).stream());
  }

  /** The value of a type, made of one that has each field under each of its names. */
  String value(String expression, Type type) {
    if (!isIn(type)) {
      return expression;
    }
    if (type.isListType()) {
      String each = "each" + expression.length();
      return "list_transform(%s, lambda %s: %s)"
          .formatted(expression, each, value(each, type.asListType().elementType()));
    }
    return type.asStructType().fields().stream()
        .map(field -> name(field.name()) + " := " + field(expression, field))
        .collect(
            Collectors.joining(
                ", ", "CASE WHEN " + expression + " IS NOT NULL THEN struct_pack(", ") END"));
  }

  private String field(String struct, Types.NestedField field) {
    List<String> candidates =
        called(field).map(name -> "struct_extract(%s, %s)".formatted(struct, text(name))).toList();
    String found =
        candidates.size() == 1
            ? candidates.get(0)
            : "coalesce(" + String.join(", ", candidates) + ")";
    return value(found, field.type());
  }
}
