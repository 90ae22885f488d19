package io.millrace.models;

import io.millrace.core.Interval;
import io.millrace.core.TableName;
import io.millrace.engine.Input;
import io.millrace.engine.Workbench;
import io.millrace.engine.Written;
import io.millrace.lake.TableBuild;
import io.millrace.lake.TableBuild.Change;
import io.millrace.project.Materialization;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What a SELECT that sees the table itself makes of it: rows to add, to replace, or all of them.
 */
record AgainBuild(Site site, Materialization.Again again, BuiltFrom from, long run)
    implements Build {

  @Override
  public SortedMap<Interval, Long> stage(TableBuild build) {
    SortedMap<TableName, Input> inputs = site.whole();
    inputs.put(site.model().name(), new Input.Table(build.staged(), Optional.empty()));
    try (Workbench bench = site.open(inputs, build.staging())) {
      if (again.how() == Materialization.How.REPLACE) {
        bench.temporary("made", again.sql());
        return new Replacement(site, again.uniqueKey(), from, run)
            .stage("made", "made", bench, build);
      }
      Written written = bench.write(again.sql(), build.table(), build.staging());
      boolean all = again.how() == Materialization.How.KEEP;
      build.stage(all ? new Change.All() : new Change.Add(), written.files(), from.summary(run));
      return Build.always(written.rows());
    }
  }
}
