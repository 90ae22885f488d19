package io.millrace.prove;

import io.millrace.core.TableName;
import io.millrace.lake.Release;
import io.millrace.project.Project;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The tables that a balance reads in a release, and whether they all come from one state.
 *
 * @param tables of streams and models
 */
record ReadTables(Project project, Release release, SortedSet<TableName> tables) {

  /** What a model takes from another table. */
  private record Edge(TableName model, TableName input) {}

  /**
   * A sentence for each model that has not taken in what is read from elsewhere as well. Behind in
   * something that the balance reads through this model alone, it hides nothing.
   */
  List<String> behind() {
    List<String> behind = new ArrayList<>();
    SortedSet<TableName> all = reach(tables, Optional.empty());
    release
        .behind()
        .forEach(
            (model, inputs) ->
                inputs.forEach(
                    (input, why) -> {
                      Edge edge = new Edge(model, input);
                      if (all.contains(model) && isReadElsewhere(edge)) {
                        behind.add(
                            "%s has not taken in all of %s that release %d has: %s"
                                .formatted(model, input, release.id(), why));
                      }
                    }));
    return behind;
  }

  private boolean isReadElsewhere(Edge edge) {
    SortedSet<TableName> source = reach(new TreeSet<>(List.of(edge.input())), Optional.empty());
    return !Collections.disjoint(source, reach(tables, Optional.of(edge)));
  }

  /** The tables, and all that they were built from but for one edge. */
  private SortedSet<TableName> reach(SortedSet<TableName> from, Optional<Edge> without) {
    SortedSet<TableName> reached = new TreeSet<>();
    from.forEach(table -> reach(table, without, reached));
    return reached;
  }

  private void reach(TableName table, Optional<Edge> without, SortedSet<TableName> reached) {
    if (reached.add(table) && project.models().containsKey(table)) {
      for (TableName input : project.tablesBehind(project.model(table)).keySet()) {
        if (!without.equals(Optional.of(new Edge(table, input)))) {
          reach(input, without, reached);
        }
      }
    }
  }
}
