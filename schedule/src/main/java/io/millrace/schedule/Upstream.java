package io.millrace.schedule;

import io.millrace.core.TableName;
import io.millrace.project.Model;
import io.millrace.project.Project;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What each model reads, and what that reads, and so on. */
final class Upstream {

  private final Map<TableName, Set<TableName>> all = new TreeMap<>();
  private final Map<TableName, Set<TableName>> before = new TreeMap<>();

  Upstream(Project project) {
    for (Model model : project.modelsInOrder()) {
      Set<TableName> read = new TreeSet<>(model.reads());
      model.reads().forEach(it -> read.addAll(of(it)));
      all.put(model.name(), read);
      before.put(model.name(), new TreeSet<>(read));
    }
    project.readByTests().forEach((table, tested) -> before.get(table).addAll(tested));
  }

  Set<TableName> of(TableName table) {
    return all.getOrDefault(table, Set.of());
  }

  /** What is built before a table: the same, and what its tests read. */
  Set<TableName> before(TableName table) {
    return before.getOrDefault(table, Set.of());
  }
}
