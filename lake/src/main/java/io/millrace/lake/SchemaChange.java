package io.millrace.lake;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.project.Field;
import io.millrace.project.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.iceberg.Table;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;

/**
 * Brings a table's columns to those that are wanted. Columns are added where the contract has them,
 * renamed where it says what they were called, numbers are widened, required ones may become
 * optional. Nothing is ever dropped, narrowed or made required, so that every file already written
 * stays readable and rows keep their meaning; a column that is no longer wanted stays and is null
 * from now on.
 */
final class SchemaChange {

  private final TableName name;
  private final UpdateSchema update;
  private final FieldNames names;
  private final List<String> steps = new ArrayList<>();
  private boolean empty = true;

  private SchemaChange(TableName name, Table table) {
    this.name = name;
    this.update = table.updateSchema();
    this.names = FieldNames.of(table);
  }

  /**
   * Decides what has to change.
   *
   * @throws MillraceException if a column cannot become what is wanted
   */
  static SchemaChange of(TableName name, Table table, List<Field> wanted) {
    SchemaChange change = new SchemaChange(name, table);
    change.struct("", table.schema().asStruct(), wanted);
    return change;
  }

  /** Whether the columns are those that are wanted already. */
  boolean isEmpty() {
    return empty;
  }

  /** What changes, each in words; the order of columns is not worth any. */
  List<String> steps() {
    return List.copyOf(steps);
  }

  /**
   * Commits what differs, if anything does.
   *
   * @throws org.apache.iceberg.exceptions.CommitFailedException if another writer was faster
   */
  void commit() {
    if (!empty) {
      update.commit();
    }
  }

  /**
   * @param parent as the table calls it now, as are all paths
   */
  private void struct(String parent, Types.StructType current, List<Field> wanted) {
    String previous = null;
    int lastSeen = -1;
    Set<Types.NestedField> kept = new HashSet<>();
    for (Field field : wanted) {
      Types.NestedField column = find(current, field);
      String path = parent + (column == null ? field.name() : column.name());
      if (column == null) {
        requireNewName(path, current, field);
        add(parent, field);
        move(path, previous);
      } else {
        kept.add(column);
        keep(path, column, field);
        int position = current.fields().indexOf(column);
        if (position < lastSeen) {
          move(path, previous);
        }
        lastSeen = Math.max(lastSeen, position);
      }
      previous = path;
    }
    for (Types.NestedField column : current.fields()) {
      if (!kept.contains(column) && column.isRequired()) {
        optional(parent + column.name());
      }
    }
  }

  private static Types.NestedField find(Types.StructType current, Field field) {
    Types.NestedField column = current.field(field.name());
    for (int i = 0; column == null && i < field.aliases().size(); i++) {
      column = current.field(field.aliases().get(i));
    }
    return column;
  }

  /** Files from before a rename call a field so, and are read by it. */
  private void requireNewName(String path, Types.StructType current, Field field) {
    for (Types.NestedField other : current.fields()) {
      if (names.former(other).contains(field.name())) {
        throw MillraceException.caller(
            "Cannot add %s to %s: '%s' was called so, and rows already written know it by that name. Give the field another name"
                .formatted(path, name, other.name()));
      }
    }
  }

  private void add(String parent, Field field) {
    String doc = field.description().isEmpty() ? null : field.description();
    String in = parent.isEmpty() ? null : parent.substring(0, parent.length() - 1);
    update.addColumn(in, field.name(), Schemas.iceberg(field.type()), doc);
    step("add %s%s %s".formatted(parent, field.name(), field.type().words()));
  }

  private void step(String words) {
    steps.add(words);
    empty = false;
  }

  private void move(String path, String previous) {
    if (previous == null) {
      update.moveFirst(path);
    } else {
      update.moveAfter(path, previous);
    }
    empty = false;
  }

  private void optional(String path) {
    update.makeColumnOptional(path);
    step("make %s optional".formatted(path));
  }

  private void keep(String path, Types.NestedField column, Field field) {
    if (column.isRequired() && !field.required()) {
      optional(path);
    }
    if (!column.name().equals(field.name())) {
      update.renameColumn(path, field.name());
      step("rename %s to %s".formatted(path, field.name()));
    }
    type(path, column.type(), field.type());
  }

  private void type(String path, org.apache.iceberg.types.Type current, Type wanted) {
    if (wanted instanceof Type.Struct struct && current.isStructType()) {
      struct(path + ".", current.asStructType(), struct.fields());
    } else if (wanted instanceof Type.ListOf list && current.isListType()) {
      type(path + ".element", current.asListType().elementType(), list.element());
    } else {
      org.apache.iceberg.types.Type type = Schemas.iceberg(wanted);
      if (type.equals(current) || isWider(current, type)) {
        return;
      }
      if (!type.isPrimitiveType()
          || !TypeUtil.isPromotionAllowed(current, type.asPrimitiveType())) {
        throw MillraceException.caller(
            ("Cannot change %s of %s from %s to %s: rows already written hold the old type."
                    + " Give the field a new name, or keep its type")
                .formatted(path, name, spell(current), spell(type)));
      }
      update.updateColumn(path, type.asPrimitiveType());
      step("widen %s from %s to %s".formatted(path, spell(current), spell(type)));
    }
  }

  private static boolean isWider(
      org.apache.iceberg.types.Type current, org.apache.iceberg.types.Type wanted) {
    return current.isPrimitiveType()
        && wanted.isPrimitiveType()
        && TypeUtil.isPromotionAllowed(wanted, current.asPrimitiveType());
  }

  /** As a contract spells it. */
  private static String spell(org.apache.iceberg.types.Type type) {
    return switch (type.typeId()) {
      case TIMESTAMP -> "timestamp";
      case STRUCT, LIST -> type.typeId().name().toLowerCase(Locale.ROOT);
      default -> type.toString().replace(" ", "");
    };
  }
}
