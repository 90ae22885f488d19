package io.millrace.lake;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.project.Field;
import io.millrace.project.Type;
import java.util.List;
import java.util.Locale;
import org.apache.iceberg.Table;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;

/**
 * Brings a table's columns to those that are wanted. Columns are added where the contract has them,
 * numbers are widened, required ones may become optional. Nothing is ever dropped, renamed or made
 * required, so that every file already written stays readable and rows keep their meaning; a column
 * that is no longer wanted stays and is null from now on.
 */
final class SchemaChange {

  private final TableName name;
  private final UpdateSchema update;
  private boolean empty = true;

  private SchemaChange(TableName name, Table table) {
    this.name = name;
    this.update = table.updateSchema();
  }

  /**
   * Commits what differs, if anything does.
   *
   * @throws org.apache.iceberg.exceptions.CommitFailedException if another writer was faster
   */
  static void apply(TableName name, Table table, List<Field> wanted) {
    SchemaChange change = new SchemaChange(name, table);
    change.struct("", table.schema().asStruct(), wanted);
    if (!change.empty) {
      change.update.commit();
    }
  }

  private void struct(String parent, Types.StructType current, List<Field> wanted) {
    String previous = null;
    int lastSeen = -1;
    for (Field field : wanted) {
      String path = parent + field.name();
      Types.NestedField column = current.field(field.name());
      if (column == null) {
        add(parent, field);
        move(path, previous);
      } else {
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
      boolean dropped = wanted.stream().noneMatch(field -> field.name().equals(column.name()));
      if (dropped && column.isRequired()) {
        optional(parent + column.name());
      }
    }
  }

  private void add(String parent, Field field) {
    String doc = field.description().isEmpty() ? null : field.description();
    String in = parent.isEmpty() ? null : parent.substring(0, parent.length() - 1);
    update.addColumn(in, field.name(), Schemas.iceberg(field.type()), doc);
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
    empty = false;
  }

  private void keep(String path, Types.NestedField column, Field field) {
    if (column.isRequired() && !field.required()) {
      optional(path);
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
      if (type.equals(current)) {
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
      empty = false;
    }
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
