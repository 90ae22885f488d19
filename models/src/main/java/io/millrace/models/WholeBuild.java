package io.millrace.models;

import io.millrace.core.Interval;
import io.millrace.core.Quoted;
import io.millrace.core.TableName;
import io.millrace.engine.Input;
import io.millrace.engine.Workbench;
import io.millrace.engine.Written;
import io.millrace.lake.TableBuild;
import io.millrace.lake.TableBuild.Change;
import io.millrace.project.Materialization;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Every row anew. What changes of a view that is kept by key are its latest rows: in the order of
 * their time they lie in few files, and the others need not be written again.
 */
record WholeBuild(Site site, BuiltFrom from, long run) implements Build {

  @Override
  public SortedMap<Interval, Long> stage(TableBuild build) {
    try (Workbench bench = site.open(inputs(site), build.staging())) {
      Written written = bench.write(inOrder(site, bench), build.table(), build.staging());
      build.stage(new Change.All(), written.files(), from.summary(run));
      return Build.always(written.rows());
    }
  }

  private static String inOrder(Site site, Workbench bench) {
    Optional<String> time = site.model().eventTime();
    if (time.isEmpty()
        || !(site.model().materialization() instanceof Materialization.MaterializedView)) {
      return select(site);
    }
    bench.temporary("made", select(site));
    return "SELECT * FROM build.made ORDER BY " + Quoted.name(time.get());
  }

  static SortedMap<TableName, Input> inputs(Site site) {
    if (site.model().materialization() instanceof Materialization.Seed seed) {
      SortedMap<TableName, Input> inputs = new TreeMap<>();
      inputs.put(
          site.model().name(),
          new Input.Csv(
              site.project().directory().resolve(site.model().file()),
              seed.delimiter(),
              seed.columnTypes()));
      return inputs;
    }
    return site.whole();
  }

  static String select(Site site) {
    return site.model().isSeed()
        ? "SELECT * FROM " + Quoted.name(site.model().name())
        : site.model().select();
  }
}
