package io.millrace.engine;

import io.millrace.core.NearMatch;
import io.millrace.core.TableName;
import io.millrace.project.Model;
import io.millrace.project.SqlReader.Reference;
import io.millrace.project.SqlReader.Sql;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a SELECT reads, directly or through views, in the order in which it has to be made. */
final class ReadOrder {

  /** SQL that is run by those who read it. */
  record View(String sql, Origin origin) {}

  private final Task task;
  private final DuckDbSqlReader reader;
  private final Set<TableName> tables = new TreeSet<>();
  private final Map<TableName, View> views = new HashMap<>();
  private final Set<TableName> notBuilt = new TreeSet<>();

  /**
   * @param models the project's; those that are views are made from their SQL
   */
  ReadOrder(Task task, Collection<Model> models, DuckDbSqlReader reader) {
    this.task = task;
    this.reader = reader;
    for (Model model : models) {
      if (model.isTable()) {
        notBuilt.add(model.name());
      } else {
        views.put(model.name(), new View(model.sql(), Origin.of(model)));
      }
    }
  }

  /** Something is there under this name, and needs nothing else. */
  void addTable(TableName name) {
    tables.add(name);
    views.remove(name);
    notBuilt.remove(name);
  }

  /** This SQL is meant by the name. */
  void addView(TableName name, View view) {
    tables.remove(name);
    views.put(name, view);
    notBuilt.remove(name);
  }

  /** The view of this name. */
  View view(TableName name) {
    return views.get(name);
  }

  /**
   * The tables and views, each after those it reads itself.
   *
   * @throws io.millrace.core.MillraceException if the text is not a SELECT, or reads what is not
   *     there
   */
  Set<TableName> of(String sql, Origin origin) {
    Set<TableName> ordered = new LinkedHashSet<>();
    add(sql, origin, ordered, new LinkedHashSet<>());
    return ordered;
  }

  private void add(String sql, Origin origin, Set<TableName> ordered, Set<TableName> open) {
    for (Reference reference : references(sql, origin)) {
      TableName name = known(reference, origin);
      if (!ordered.contains(name)) {
        View view = views.get(name);
        if (view != null) {
          if (!open.add(name)) {
            throw task.refused("%s reads itself".formatted(name));
          }
          add(view.sql(), view.origin(), ordered, open);
          open.remove(name);
        }
        ordered.add(name);
      }
    }
  }

  private List<Reference> references(String sql, Origin origin) {
    Sql read = reader.read(sql);
    if (read instanceof Sql.Refused refused) {
      throw task.refused(
          "%s: %s; %s".formatted(origin.line(refused.line()), refused.what(), refused.remedy()));
    }
    return ((Sql.Select) read).references();
  }

  private TableName known(Reference reference, Origin origin) {
    List<String> names = new ArrayList<>();
    for (TableName name : names()) {
      if (name.toString().equals(reference.table())) {
        if (notBuilt.contains(name)) {
          throw task.refused(
              "%s: %s is not built yet; 'millrace run %s' builds it"
                  .formatted(origin.line(reference.line()), name, name));
        }
        return name;
      }
      names.add(name.toString());
    }
    throw task.refused(
        "%s: table '%s' is not known; %s"
            .formatted(
                origin.line(reference.line()),
                reference.table(),
                NearMatch.remedy(names, reference.table())));
  }

  private Set<TableName> names() {
    Set<TableName> names = new TreeSet<>(tables);
    names.addAll(views.keySet());
    names.addAll(notBuilt);
    return names;
  }
}
