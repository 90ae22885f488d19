package io.millrace.models;

import io.millrace.core.Interval;
import io.millrace.core.Quoted;
import io.millrace.core.TableName;
import io.millrace.engine.Input;
import io.millrace.engine.Workbench;
import io.millrace.engine.Written;
import io.millrace.lake.PinnedTable;
import io.millrace.lake.TableBuild;
import io.millrace.lake.TableBuild.Change;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * Puts new rows in the place of those with certain keys. Copy on write: a file that holds a row of
 * these keys is written again without them, the others stay.
 */
record Replacement(Site site, List<String> key, BuiltFrom from, long run) {

  private static final TableName TOUCHED = new TableName("build", "touched");

  /**
   * Stages the change. The bench has the table as it is under its own name.
   *
   * @param keys a table {@code build.<keys>} whose rows are the keys that go
   * @param rows a table {@code build.<rows>} of the rows that come
   * @return how many rows came
   */
  SortedMap<Interval, Long> stage(String keys, String rows, Workbench bench, TableBuild build) {
    PinnedTable own = build.staged();
    List<String> touched = List.of();
    String select = "SELECT * FROM build." + rows;
    if (!own.files().isEmpty()) {
      touched = bench.filesWith(site.model().name(), keys, key);
    }
    if (!touched.isEmpty()) {
      bench.add(
          TOUCHED, new Input.Files(own.schema(), own.fieldNames(), touched, Optional.empty()));
      String columns =
          build.table().schema().columns().stream()
              .map(column -> Quoted.name(column.name()))
              .collect(Collectors.joining(", "));
      select =
          "SELECT %s FROM build.touched AS old WHERE NOT EXISTS (SELECT 1 FROM build.%s AS gone WHERE %s) UNION ALL SELECT %s FROM build.%s"
              .formatted(columns, keys, Quoted.sameKey("old", "gone", key), columns, rows);
    }
    Written written = bench.write(select, build.table(), build.staging());
    build.stage(new Change.Files(touched), written.files(), from.summary(run));
    return Build.always(count(bench, rows));
  }

  private static long count(Workbench bench, String table) {
    try (var rows = bench.rows("SELECT count(*) FROM build." + table)) {
      rows.next();
      return ((Number) rows.value(0)).longValue();
    }
  }
}
