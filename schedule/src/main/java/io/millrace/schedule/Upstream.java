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

  Upstream(Project project) {
    for (Model model : project.modelsInOrder()) {
      Set<TableName> before = new TreeSet<>(model.reads());
      model.reads().forEach(read -> before.addAll(of(read)));
      all.put(model.name(), before);
    }
  }

  Set<TableName> of(TableName table) {
    return all.getOrDefault(table, Set.of());
  }
}
