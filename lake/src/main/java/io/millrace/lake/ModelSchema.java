package io.millrace.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;

/**
 * The columns of a model's table, from those its rows have to those its SELECT has now. Nothing is
 * required, because nothing in SQL is.
 *
 * <p>Columns go on from what the published rows have, not from what a build that failed wanted, so
 * that going back to an earlier SELECT finds its columns with what they held.
 */
final class ModelSchema {

  private ModelSchema() {}

  /**
   * Decides the ids and types of columns.
   *
   * @param published the columns of the rows there are
   * @param current the table's columns, which a build may have brought ahead of its rows
   * @param wanted by name and in order; ids are not looked at
   * @param lastId the highest id the table has ever given; moves on for columns that are new
   */
  static Schema evolve(Schema published, Schema current, Schema wanted, AtomicInteger lastId) {
    List<Types.NestedField> columns = new ArrayList<>();
    for (Types.NestedField column : wanted.columns()) {
      columns.add(
          kept(published.asStruct().field(column.name()), column)
              .or(() -> kept(current.asStruct().field(column.name()), column))
              .orElseGet(() -> made(column, lastId)));
    }
    return new Schema(columns);
  }

  private static Types.NestedField made(Types.NestedField column, AtomicInteger lastId) {
    int id = lastId.incrementAndGet();
    Type type =
        column.type().isPrimitiveType()
            ? column.type()
            : TypeUtil.assignFreshIds(column.type(), lastId::incrementAndGet);
    return Types.NestedField.optional(id, column.name(), type, column.doc());
  }

  private static Optional<Types.NestedField> kept(Types.NestedField has, Types.NestedField wanted) {
    return Optional.ofNullable(has)
        .flatMap(it -> common(it.type(), wanted.type()))
        .map(type -> Types.NestedField.optional(has.fieldId(), has.name(), type, wanted.doc()));
  }

  /** The wider of two types, with the ids of the first; empty if neither holds the other. */
  private static Optional<Type> common(Type has, Type wanted) {
    if (withoutIds(has).equals(withoutIds(wanted))) {
      return Optional.of(has);
    }
    if (!has.isPrimitiveType() || !wanted.isPrimitiveType()) {
      return Optional.empty();
    }
    if (TypeUtil.isPromotionAllowed(has, wanted.asPrimitiveType())) {
      return Optional.of(wanted);
    }
    return TypeUtil.isPromotionAllowed(wanted, has.asPrimitiveType())
        ? Optional.of(has)
        : Optional.empty();
  }

  private static Type withoutIds(Type type) {
    return type.isPrimitiveType()
        ? type
        : TypeUtil.assignFreshIds(type, new AtomicInteger()::incrementAndGet);
  }
}
