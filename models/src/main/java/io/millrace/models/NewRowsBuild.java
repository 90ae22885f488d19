package io.millrace.models;

import io.millrace.core.Interval;
import io.millrace.core.MillraceException;
import io.millrace.core.Quoted;
import io.millrace.core.TableName;
import io.millrace.engine.Input;
import io.millrace.engine.Rows;
import io.millrace.engine.Workbench;
import io.millrace.engine.Written;
import io.millrace.lake.Changes;
import io.millrace.lake.TableBuild;
import io.millrace.lake.TableBuild.Change;
import io.millrace.project.InputMode;
import io.millrace.project.Materialization;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The rows made of what inputs have gained since the build before, added to those there are, or in
 * the place of those with the same key.
 */
record NewRowsBuild(Site site, SortedMap<TableName, Changes> changes, BuiltFrom from, long run)
    implements Build {

  @Override
  public SortedMap<Interval, Long> stage(TableBuild build) {
    SortedMap<TableName, Input> inputs = site.whole();
    site.state().keySet().stream()
        .filter(inputs::containsKey)
        .forEach(table -> rowChanges(table).putInto(inputs));
    inputs.put(site.model().name(), new Input.Table(build.staged(), Optional.empty()));
    try (Workbench bench = site.open(inputs, build.staging())) {
      for (Door door : site.doors()) {
        for (TableName table : door.tables()) {
          Optional<String> why = narrow(door.mode(), table, bench);
          if (why.isPresent()) {
            site.progress().say("builds it whole: " + why.get());
            return new WholeBuild(site, from, run).stage(build);
          }
        }
      }
      return stage(bench, build);
    }
  }

  /** Leaves only the new rows of an input; why not, if that is not all that has changed. */
  private Optional<String> narrow(InputMode mode, TableName name, Workbench bench) {
    RowChanges rows = rowChanges(name);
    boolean changed = !(rows.changes() instanceof Changes.None);
    if (rows.hasGoneRows(bench) || (mode == InputMode.WHOLE && changed)) {
      return Optional.of("rows of %s have changed".formatted(name));
    }
    if (mode == InputMode.NEW_ROWS) {
      TableName fresh = new TableName("build", "new_" + rows.flatName());
      bench.temporary(fresh.name(), rows.newRows());
      bench.add(name, new Input.View("SELECT * FROM " + Quoted.name(fresh), Optional.empty()));
    }
    return Optional.empty();
  }

  private RowChanges rowChanges(TableName table) {
    return new RowChanges(site.pinned(table), changes.getOrDefault(table, new Changes.None()));
  }

  private SortedMap<Interval, Long> stage(Workbench bench, TableBuild build) {
    Materialization kind = site.model().materialization();
    if (kind instanceof Materialization.Append) {
      Written written = bench.write(site.model().sql(), build.table(), build.staging());
      build.stage(new Change.Add(), written.files(), from.summary(run));
      return Build.always(written.rows());
    }
    bench.temporary("made", site.model().sql());
    if (kind instanceof Materialization.Merge merge) {
      requireUnique(merge.uniqueKey(), bench);
      return replace(merge.uniqueKey(), bench, build);
    }
    return replace(((Materialization.DeleteInsert) kind).uniqueKey(), bench, build);
  }

  private SortedMap<Interval, Long> replace(List<String> key, Workbench bench, TableBuild build) {
    return new Replacement(site, key, from, run).stage("made", "made", bench, build);
  }

  private void requireUnique(List<String> key, Workbench bench) {
    String names = Quoted.names(key);
    String sql =
        "SELECT %s, count(*) AS rows FROM build.made GROUP BY %s HAVING count(*) > 1 LIMIT 1"
            .formatted(names, names);
    try (Rows rows = bench.rows(sql)) {
      if (rows.next()) {
        throw MillraceException.caller(
            "Cannot merge into %s: its unique_key %s is not unique among the new rows: %s; make the SQL keep one of them, or use delete+insert"
                .formatted(site.model().name(), key, site.told(rows)));
      }
    }
  }
}
