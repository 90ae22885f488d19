package io.millrace.models;

import io.millrace.core.Quoted;
import io.millrace.core.TableName;
import io.millrace.engine.Input;
import io.millrace.engine.Rows;
import io.millrace.engine.Workbench;
import io.millrace.lake.Changes;
import io.millrace.lake.PinnedTable;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** The changed rows of a table, as inputs of a workbench and as SELECTs over them. */
record RowChanges(PinnedTable table, Changes changes) {

  /** Adds what the SELECTs read. */
  void putInto(SortedMap<TableName, Input> inputs) {
    put(added(), addedFiles(), inputs);
    put(removed(), removedFiles(), inputs);
  }

  private void put(TableName name, List<String> files, SortedMap<TableName, Input> inputs) {
    inputs.put(name, new Input.Files(table.schema(), table.fieldNames(), files, Optional.empty()));
  }

  private TableName added() {
    return new TableName("build", "added_" + flatName());
  }

  private TableName removed() {
    return new TableName("build", "removed_" + flatName());
  }

  /** {@code bronze__clicks}. */
  String flatName() {
    return table.name().layer() + "__" + table.name().name();
  }

  private List<String> addedFiles() {
    if (changes instanceof Changes.Appended appended) {
      return appended.files();
    }
    return changes instanceof Changes.Rewritten rewritten ? rewritten.added() : List.of();
  }

  private List<String> removedFiles() {
    return changes instanceof Changes.Rewritten rewritten ? rewritten.removed() : List.of();
  }

  /** A SELECT of the rows that are new. */
  String newRows() {
    return only(added(), removed());
  }

  /** A SELECT of the rows that are gone. */
  String goneRows() {
    return only(removed(), added());
  }

  /** A SELECT of both. */
  String bothRows() {
    return "(" + newRows() + ") UNION ALL (" + goneRows() + ")";
  }

  private String only(TableName rows, TableName without) {
    String select = "SELECT * FROM " + Quoted.name(rows);
    return changes instanceof Changes.Rewritten
        ? select + " EXCEPT ALL SELECT * FROM " + Quoted.name(without)
        : select;
  }

  /** Whether rows went that did not come back. */
  boolean hasGoneRows(Workbench bench) {
    try (Rows rows = bench.rows("SELECT count(*) FROM (" + goneRows() + ")")) {
      rows.next();
      return ((Number) rows.value(0)).longValue() > 0;
    }
  }
}
