package io.millrace.lake;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdatePartitionSpec;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.types.Types;

/** Makes the table of a model what a build wants, and moves its branches. */
final class ModelTable {

  private ModelTable() {}

  /** Makes the table with a first snapshot without rows, because branches begin at a snapshot. */
  static void create(Catalog.TableBuilder builder) {
    Transaction transaction = builder.createTransaction();
    transaction.newAppend().commit();
    transaction.commitTransaction();
  }

  static Schema schema(Schema columns) {
    Schema none = new Schema();
    return ModelSchema.evolve(none, none, columns, new AtomicInteger());
  }

  static PartitionSpec spec(TableName name, Schema schema, Optional<TableBuild.Layout> layout) {
    if (layout.isEmpty()) {
      return PartitionSpec.unpartitioned();
    }
    String column = layout.get().column();
    Types.NestedField field = schema.asStruct().field(column);
    if (field == null || !Span.isTime(field.type())) {
      throw MillraceException.caller(
          "Cannot build %s by %s: its event time '%s' is %s; it has to be a date or a timestamp"
              .formatted(
                  name,
                  layout.get().size().name().toLowerCase(Locale.ROOT),
                  column,
                  field == null ? "not among its columns" : "a " + field.type()));
    }
    PartitionSpec.Builder spec = PartitionSpec.builderFor(schema);
    switch (layout.get().size()) {
      case HOUR -> spec.hour(column);
      case DAY -> spec.day(column);
      case MONTH -> spec.month(column);
      case YEAR -> spec.year(column);
    }
    return spec.build();
  }

  /** Brings the columns of a table to those that are wanted. */
  static void evolve(Table table, Schema wanted) {
    TableMetadata metadata = operations(table).refresh();
    Schema schema = evolved(metadata, wanted, new AtomicInteger(metadata.lastColumnId()));
    UpdatePartitionSpec update = table.updateSpec();
    boolean layoutStays = true;
    for (PartitionField field : table.spec().fields()) {
      if (schema.findField(field.sourceId()) == null) {
        update.removeField(field.name());
        layoutStays = false;
      }
    }
    if (!layoutStays) {
      update.commit();
    }
    change(
        table,
        base -> {
          AtomicInteger lastId = new AtomicInteger(base.lastColumnId());
          return TableMetadata.buildFrom(base)
              .setCurrentSchema(evolved(base, wanted, lastId), lastId.get())
              .build();
        });
  }

  private static Schema evolved(TableMetadata table, Schema wanted, AtomicInteger lastId) {
    Snapshot head = table.currentSnapshot();
    Schema published =
        head == null || head.schemaId() == null
            ? table.schema()
            : table.schemasById().get(head.schemaId());
    return ModelSchema.evolve(published, table.schema(), wanted, lastId);
  }

  /**
   * Whether a build has brought the columns of a model's table to what it wants, and has not been
   * published. Rows written again then would lose the columns that it wants no more.
   */
  static boolean isAheadOfItsRows(TableName name, Table table) {
    TableMetadata metadata = operations(table).current();
    Snapshot head = metadata.currentSnapshot();
    return Pins.isModel(name)
        && head != null
        && head.schemaId() != null
        && head.schemaId() != metadata.currentSchemaId();
  }

  /**
   * Changes a table's metadata in one commit.
   *
   * @param change pure; returns what it was given if there is nothing to do
   * @return the metadata with the change
   * @throws org.apache.iceberg.exceptions.CommitFailedException if another writer was faster
   */
  static TableMetadata change(Table table, UnaryOperator<TableMetadata> change) {
    TableOperations operations = operations(table);
    TableMetadata base = operations.refresh();
    TableMetadata changed = change.apply(base);
    if (changed != base) {
      operations.commit(base, changed);
    }
    return operations.refresh();
  }

  static TableOperations operations(Table table) {
    return ((HasTableOperations) table).operations();
  }

  /** Puts a branch at a snapshot, wherever it was before. */
  static TableMetadata.Builder branch(TableMetadata base, String name, long snapshot) {
    return TableMetadata.buildFrom(base).setRef(name, SnapshotRef.branchBuilder(snapshot).build());
  }
}
