package io.millrace.boot;

import io.millrace.core.Quoted;
import io.millrace.core.TableName;
import io.millrace.engine.Engine;
import io.millrace.engine.Query;
import io.millrace.engine.Rows;
import io.millrace.lake.Lake;
import io.millrace.lake.Releases;
import io.millrace.project.Model;
import io.millrace.project.Project;
import io.millrace.project.StreamContract;
import io.millrace.schedule.Request;
import io.millrace.schedule.Run;
import io.millrace.schedule.Scheduler;
import io.millrace.serve.Erasing.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The tables that models make of streams with personal data. */
record Marts(Project project, Lake lake, Engine engine, Scheduler scheduler, Releases releases) {

  /** Each is a term of the query, and a query with a thousand needs gigabytes. */
  private static final int VALUES_AT_ONCE = 50;

  /** The tables of models that read some streams, or read a model that does. */
  SortedSet<TableName> tables(List<StreamContract> streams) {
    return project.modelsOf(streams).stream()
        .filter(Model::isTable)
        .map(Model::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Builds what is due of them.
   *
   * @return what could not be built, in sentences
   */
  List<String> rebuild(List<StreamContract> streams) {
    SortedSet<TableName> tables = tables(streams);
    if (tables.isEmpty()) {
      return List.of();
    }
    Run run = scheduler.run(Request.of(tables, "people were erased")).end().join();
    return run.state() == Run.State.DONE
        ? List.of()
        : List.of(
            "run %d of their models %s: %s"
                .formatted(run.id(), run.state().name().toLowerCase(Locale.ROOT), run.message()));
  }

  /** How many rows of each table, at least, show one of some values, however deep. */
  List<Part> showing(List<StreamContract> streams, List<String> values) {
    List<Part> parts = new ArrayList<>();
    for (TableName table : tables(streams)) {
      if (lake.find(table).isPresent()) {
        long rows = 0;
        for (int from = 0; from < values.size(); from += VALUES_AT_ONCE) {
          int to = Math.min(from + VALUES_AT_ONCE, values.size());
          rows = Math.max(rows, showing(table, values.subList(from, to)));
        }
        parts.add(new Part(table.toString(), rows));
      }
    }
    return parts;
  }

  private long showing(TableName table, List<String> values) {
    String found =
        values.stream()
            .map(value -> "contains(t.text, %s)".formatted(Quoted.text(value)))
            .collect(Collectors.joining(" OR "));
    String query =
        "SELECT count(*) FROM (SELECT CAST(to_json(r) AS VARCHAR) AS text FROM %s AS r) AS t WHERE %s"
            .formatted(table, found);
    try (Rows rows = engine.query(Query.of(query))) {
      rows.next();
      return ((Number) rows.value(0)).longValue();
    }
  }

  /** Those from before name snapshots that are about to go. */
  void forgetReleases() {
    releases.forgetAllButNewest();
  }
}
