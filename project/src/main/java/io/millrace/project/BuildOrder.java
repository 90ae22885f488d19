package io.millrace.project;

import io.millrace.core.TableName;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Models so that each comes after those it reads; for models that need not be a project's yet. */
final class BuildOrder {

  private final Map<TableName, Model> models;
  private final Set<TableName> ordered = new LinkedHashSet<>();

  /** Models that read each other in a circle are in some order. */
  BuildOrder(Map<TableName, Model> models) {
    this.models = models;
    models.keySet().forEach(name -> add(name, new LinkedHashSet<>()));
  }

  private void add(TableName name, Set<TableName> path) {
    if (models.containsKey(name) && !ordered.contains(name) && path.add(name)) {
      models.get(name).reads().forEach(read -> add(read, path));
      ordered.add(name);
    }
  }

  /** Which of some tables is built when all others are; a view only if none is kept. */
  Optional<TableName> last(Collection<TableName> tables) {
    List<TableName> sorted = ordered.stream().filter(tables::contains).toList();
    return sorted.stream()
        .filter(name -> models.get(name).isTable())
        .reduce((a, b) -> b)
        .or(() -> sorted.stream().reduce((a, b) -> b));
  }

  /** Whether a table reads another, through however many. */
  boolean isAfter(TableName table, TableName other) {
    Deque<TableName> open = new ArrayDeque<>(List.of(table));
    Set<TableName> seen = new HashSet<>();
    while (!open.isEmpty()) {
      Model model = models.get(open.pop());
      for (TableName read : model == null ? Set.<TableName>of() : model.reads()) {
        if (read.equals(other)) {
          return true;
        }
        if (seen.add(read)) {
          open.push(read);
        }
      }
    }
    return false;
  }
}
