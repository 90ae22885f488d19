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
import org.apache.iceberg.DataFile;

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
    List<String> touched =
        build.staged().files().isEmpty()
            ? List.of()
            : bench.filesWith(site.model().name(), keys, key);
    List<DataFile> kept = touched.isEmpty() ? List.of() : kept(touched, keys, bench, build);
    Written written = bench.write("SELECT * FROM build." + rows, build.table(), build.staging());
    build.stage(new Change.Files(touched, kept), written.files(), from.summary(run));
    return Build.always(count(bench, rows));
  }

  private List<DataFile> kept(
      List<String> touched, String keys, Workbench bench, TableBuild build) {
    PinnedTable own = build.staged();
    bench.add(TOUCHED, new Input.Files(own.schema(), own.fieldNames(), touched, Optional.empty()));
    String columns =
        build.table().schema().columns().stream()
            .map(column -> Quoted.name(column.name()))
            .collect(Collectors.joining(", "));
    String select =
        "SELECT %s FROM build.touched AS old WHERE NOT EXISTS (SELECT 1 FROM build.%s AS gone WHERE %s)"
            .formatted(columns, keys, Quoted.sameKey("old", "gone", key));
    return bench.write(select, build.table(), build.staging()).files();
  }

  private static long count(Workbench bench, String table) {
    try (var rows = bench.rows("SELECT count(*) FROM build." + table)) {
      rows.next();
      return ((Number) rows.value(0)).longValue();
    }
  }
}
