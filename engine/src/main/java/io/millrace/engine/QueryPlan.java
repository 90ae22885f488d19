package io.millrace.engine;

import io.millrace.core.MillraceException;
import io.millrace.core.NearMatch;
import io.millrace.core.TableName;
import io.millrace.lake.PinnedTable;
import io.millrace.project.Model;
import io.millrace.project.SqlReader.Reference;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

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
      List<Reference> references,
      SortedMap<TableName, PinnedTable> tables,
      SortedMap<TableName, Model> models,
      DuckDbSqlReader reader) {
    Planner planner = new Planner(tables, models, reader);
    references.forEach(reference -> planner.add(reference, "the query"));
    return new QueryPlan(planner.copies, List.copyOf(planner.views.values()), planner.files);
  }

  /** The schemas that the views are in. */
  static List<String> layers() {
    return List.of("bronze", "silver", "gold", "quarantine", "ops");
  }

  private static final class Planner {
    private final SortedMap<TableName, PinnedTable> tables;
    private final SortedMap<TableName, Model> models;
    private final DuckDbSqlReader reader;
    private final Map<TableName, String> views = new LinkedHashMap<>();
    private final Set<TableName> open = new LinkedHashSet<>();
    private final List<String> files = new ArrayList<>();
    private final Map<TableName, OperationsTable> operations = new HashMap<>();
    private final Set<OperationsTable> copies = EnumSet.noneOf(OperationsTable.class);

    Planner(
        SortedMap<TableName, PinnedTable> tables,
        SortedMap<TableName, Model> models,
        DuckDbSqlReader reader) {
      this.tables = tables;
      this.models = models;
      this.reader = reader;
      for (OperationsTable table : OperationsTable.values()) {
        operations.put(table.table(), table);
      }
    }

    private void add(Reference reference, String from) {
      TableName name = known(reference, from);
      if (views.containsKey(name)) {
        return;
      }
      PinnedTable table = tables.get(name);
      if (table != null) {
        views.put(name, TableViews.view(table));
        files.addAll(table.files());
      } else if (models.containsKey(name)) {
        addModel(models.get(name));
      } else {
        copies.add(operations.get(name));
      }
    }

    private void addModel(Model model) {
      if (!open.add(model.name())) {
        throw MillraceException.caller(
            "Cannot run the query: %s reads itself".formatted(model.name()));
      }
      for (Reference reference : reader.references(model.sql())) {
        add(reference, model.file().toString());
      }
      open.remove(model.name());
      // The text was parsed as a single SELECT, so it is one here as well.
      views.put(
          model.name(),
          "CREATE VIEW %s AS\n%s".formatted(TableViews.name(model.name()), model.sql()));
    }

    private TableName known(Reference reference, String from) {
      for (TableName name : names()) {
        if (name.toString().equals(reference.table())) {
          return name;
        }
      }
      List<String> names = names().stream().map(TableName::toString).toList();
      throw MillraceException.caller(
          "Cannot run the query: line %d of %s: table '%s' is not known; %s"
              .formatted(
                  reference.line(),
                  from,
                  reference.table(),
                  NearMatch.remedy(names, reference.table())));
    }

    private Set<TableName> names() {
      Set<TableName> names = new TreeSet<>(tables.keySet());
      names.addAll(models.keySet());
      names.addAll(operations.keySet());
      return names;
    }
  }
}
