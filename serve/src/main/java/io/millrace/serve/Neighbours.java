package io.millrace.serve;

import io.millrace.core.TableName;
import io.millrace.project.Model;
import io.millrace.project.Project;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Which tables read which, around one of them. */
final class Neighbours {

  /** The way rows are followed. */
  enum Direction {
    UPSTREAM,
    DOWNSTREAM,
    BOTH
  }

  /** One table reads another. */
  record Edge(TableName from, TableName to) {}

  /** The tables that were found, and who reads whom among them. */
  record Found(Set<TableName> tables, Set<Edge> edges) {}

  private final Map<TableName, Set<TableName>> reads = new TreeMap<>();
  private final Map<TableName, Set<TableName>> readBy = new TreeMap<>();

  Neighbours(Project project) {
    for (Model model : project.models().values()) {
      for (TableName input : model.reads()) {
        reads.computeIfAbsent(model.name(), key -> new TreeSet<>()).add(input);
        readBy.computeIfAbsent(input, key -> new TreeSet<>()).add(model.name());
      }
    }
  }

  Collection<TableName> reads(TableName table) {
    return reads.getOrDefault(table, Set.of());
  }

  Collection<TableName> readBy(TableName table) {
    return readBy.getOrDefault(table, Set.of());
  }

  /** What can be reached in so many steps, going one way only from the table itself. */
  Found around(TableName table, Direction direction, int steps) {
    Set<TableName> tables = new LinkedHashSet<>();
    Set<Edge> edges = new LinkedHashSet<>();
    if (direction != Direction.DOWNSTREAM) {
      add(reach(table, this::reads, steps), tables, edges);
    }
    if (direction != Direction.UPSTREAM) {
      add(reach(table, this::readBy, steps), tables, edges);
    }
    return new Found(tables, edges);
  }

  private void add(Set<TableName> side, Set<TableName> tables, Set<Edge> edges) {
    tables.addAll(side);
    for (TableName from : side) {
      readBy(from).stream().filter(side::contains).forEach(to -> edges.add(new Edge(from, to)));
    }
  }

  private static Set<TableName> reach(
      TableName table, Function<TableName, Collection<TableName>> next, int steps) {
    Set<TableName> found = new LinkedHashSet<>(List.of(table));
    List<TableName> edge = List.of(table);
    for (int step = 0; step < steps; step++) {
      List<TableName> further = new ArrayList<>();
      for (TableName at : edge) {
        next.apply(at).stream().filter(found::add).forEach(further::add);
      }
      edge = further;
    }
    return found;
  }
}
