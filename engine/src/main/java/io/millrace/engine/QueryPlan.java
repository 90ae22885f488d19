package io.millrace.engine;

import io.millrace.core.TableName;
import io.millrace.lake.PinnedTable;
import io.millrace.project.Model;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * What must be there before a query can run: a view for each table and model it reads, directly or
 * through a model, each after those it reads itself.
 *
 * @param copies tables that are copied in, before the views are made
 * @param views statements that make them
 * @param files what the views may open
 */
record QueryPlan(Set<OperationsTable> copies, List<String> views, List<String> files) {

  QueryPlan {
    copies = Set.copyOf(copies);
    views = List.copyOf(views);
    files = List.copyOf(files);
  }

  static QueryPlan of(
      String sql,
      SortedMap<TableName, PinnedTable> tables,
      SortedMap<TableName, Model> models,
      Veil veil,
      DuckDbSqlReader reader) {
    Map<TableName, OperationsTable> operations = new HashMap<>();
    for (OperationsTable table : OperationsTable.values()) {
      operations.put(table.table(), table);
    }
    ReadOrder order = new ReadOrder(Task.QUERY, models.values(), reader);
    tables.keySet().forEach(order::addTable);
    operations.keySet().forEach(order::addTable);
    Set<OperationsTable> copies = EnumSet.noneOf(OperationsTable.class);
    List<String> views = new ArrayList<>();
    List<String> files = new ArrayList<>();
    for (TableName name : order.of(sql, Origin.QUERY)) {
      PinnedTable table = tables.get(name);
      if (table != null) {
        views.add(
            TableViews.view(name)
                + veil.over(
                    name,
                    table.schema(),
                    TableViews.rows(table.schema(), table.fieldNames(), table.files())));
        files.addAll(table.files());
      } else if (operations.containsKey(name)) {
        copies.add(operations.get(name));
      } else {
        views.add(TableViews.view(name) + veil.overView(name, order.view(name).sql()));
      }
    }
    return new QueryPlan(copies, views, files);
  }

  /** The schemas that the views are in. */
  static List<String> layers() {
    return List.of("bronze", "silver", "gold", "quarantine", "ops");
  }
}
