package io.millrace.lake;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;

/**
 * The names that the fields of a table have had, by Iceberg's field id. A data file keeps the names
 * of its day, and rows are sealed under the first ones. A name that one field had is never given to
 * another.
 */
public final class FieldNames {

  /** Of tables whose fields are never renamed. */
  public static final FieldNames NEVER_CHANGED = new FieldNames(List.of());

  private final Map<Integer, List<String>> names = new HashMap<>();

  private FieldNames(Iterable<Schema> schemas) {
    for (Schema schema : schemas) {
      TypeUtil.indexById(schema.asStruct())
          .forEach(
              (id, field) -> {
                List<String> known = names.computeIfAbsent(id, it -> new ArrayList<>(1));
                if (!known.contains(field.name())) {
                  known.add(field.name());
                }
              });
    }
  }

  public static FieldNames of(Table table) {
    return of(table.schemas());
  }

  static FieldNames of(Map<Integer, Schema> schemas) {
    return new FieldNames(
        schemas.values().stream().sorted(Comparator.comparingInt(Schema::schemaId)).toList());
  }

  /** The name that a field was made with. */
  String first(Types.NestedField field) {
    return all(field).get(0);
  }

  /** Every other name that a field has had. */
  public List<String> former(Types.NestedField field) {
    return all(field).stream().filter(name -> !name.equals(field.name())).toList();
  }

  private List<String> all(Types.NestedField field) {
    return names.getOrDefault(field.fieldId(), List.of(field.name()));
  }
}
