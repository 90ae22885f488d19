package io.millrace.models;

import io.millrace.core.Interval;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.engine.Input;
import io.millrace.engine.Rows;
import io.millrace.engine.Workbench;
import io.millrace.engine.Written;
import io.millrace.lake.Span;
import io.millrace.lake.TableBuild;
import io.millrace.lake.TableBuild.Change;
import io.millrace.project.Batches;
import io.millrace.project.InputMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.DataFile;

/**
 * Some intervals anew, each by a SELECT of its own that sees the rows of this interval alone. So it
 * makes no difference how many are built together, or in which order.
 *
 * @param fresh whether what is there was built by another definition, and goes: a table never mixes
 *     two
 */
record IntervalBuild(Site site, List<Interval> intervals, boolean fresh, BuiltFrom from, long run)
    implements Build {

  private static final TableName INSIDE = new TableName("build", "inside");

  @Override
  public SortedMap<Interval, Long> stage(TableBuild build) {
    Batches batches = site.batches().orElseThrow();
    String eventTime = site.model().eventTime().orElseThrow();
    List<Span> spans = new ArrayList<>();
    List<DataFile> files = new ArrayList<>();
    SortedMap<Interval, Long> rows = new TreeMap<>();
    try (Workbench bench = site.open(site.within(intervals.get(0)), build.staging())) {
      for (Interval interval : intervals) {
        bench.restrict(interval);
        Span span = new Span(eventTime, interval, batches.zone());
        Written written = write(span, bench, build);
        spans.add(span);
        files.addAll(written.files());
        rows.put(interval, written.rows());
      }
    }
    build.stage(fresh ? new Change.All() : new Change.Intervals(spans), files, from.summary(run));
    return rows;
  }

  private Written write(Span span, Workbench bench, TableBuild build) {
    bench.temporary("made", site.model().sql());
    bench.add(INSIDE, new Input.View("SELECT * FROM build.made", Optional.of(span)));
    if (readsIntervals() && hasRowsOutside(bench)) {
      throw outside(span, bench);
    }
    return bench.write("SELECT * FROM build.inside", build.table(), build.staging());
  }

  /** If all inputs are read whole, the SQL makes the rows of every interval, each time. */
  private boolean readsIntervals() {
    return site.model().reads().stream()
        .anyMatch(input -> site.project().mode(site.model(), input) == InputMode.INTERVAL);
  }

  /** By their number, which costs little: the rows themselves need not be compared. */
  private static boolean hasRowsOutside(Workbench bench) {
    String sql =
        "SELECT (SELECT count(*) FROM build.made) > (SELECT count(*) FROM build.inside) AS outside";
    try (Rows rows = bench.rows(sql)) {
      rows.next();
      return (boolean) rows.value(0);
    }
  }

  private MillraceException outside(Span span, Workbench bench) {
    String sql = "SELECT * FROM build.made EXCEPT ALL SELECT * FROM build.inside LIMIT 1";
    try (Rows rows = bench.rows(sql)) {
      rows.next();
      return MillraceException.caller(
          "Cannot build %s for %s: its rows would be in another interval, such as %s; %s must be the event time of the rows it reads, in the model's time_zone"
              .formatted(site.model().name(), span.interval(), site.told(rows), span.column()));
    }
  }
}
