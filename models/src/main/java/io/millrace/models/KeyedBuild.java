package io.millrace.models;

import io.millrace.core.Interval;
import io.millrace.core.Quoted;
import io.millrace.core.TableName;
import io.millrace.engine.Input;
import io.millrace.engine.KeyedView;
import io.millrace.engine.Workbench;
import io.millrace.lake.Changes;
import io.millrace.lake.PinnedTable;
import io.millrace.lake.TableBuild;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The keys of a materialized view or a history whose inputs have changed, computed again; the
 * others stay.
 *
 * <p>A key is affected if a row that is new or gone takes part in it, together with rows of the
 * other inputs as they were or as they are.
 *
 * @param made what is made of the affected keys
 * @param before the inputs that have changed, as they were
 */
record KeyedBuild(
    Site site,
    KeyedView.Keyed view,
    Made made,
    SortedMap<TableName, Changes> changes,
    SortedMap<TableName, PinnedTable> before,
    BuiltFrom from,
    long run)
    implements Build {

  /** Makes rows of affected keys. */
  interface Made {

    /** The columns of the rows that go and come. */
    List<String> keys();

    /**
     * Makes the table {@code build.made} of the rows of the keys in {@code build.keys}, which are
     * those of the view; it may leave others there, of which the rows are.
     *
     * @return why all has to be built instead, if it has
     */
    Optional<String> make(Workbench bench);
  }

  /** The rows that the view itself has for the keys. */
  record OfView(KeyedView.Keyed view) implements Made {
    @Override
    public List<String> keys() {
      return view.keys();
    }

    @Override
    public Optional<String> make(Workbench bench) {
      bench.temporary("made", view.restricted());
      return Optional.empty();
    }
  }

  @Override
  public SortedMap<Interval, Long> stage(TableBuild build) {
    SortedMap<TableName, Input> inputs = site.whole();
    List<RowChanges> changed =
        changes.entrySet().stream()
            .map(it -> new RowChanges(site.pinned(it.getKey()), it.getValue()))
            .toList();
    for (RowChanges rows : changed) {
      rows.putInto(inputs);
      inputs.put(before(rows), whole(before.get(rows.table().name())));
    }
    inputs.put(site.model().name(), whole(build.staged()));
    try (Workbench bench = site.open(inputs, build.staging())) {
      findKeys(changed, bench);
      Optional<String> whole = made.make(bench);
      if (whole.isPresent()) {
        site.progress().say("builds it whole: " + whole.get());
        return new WholeBuild(site, from, run).stage(build);
      }
      return new Replacement(site, made.keys(), from, run).stage("keys", "made", bench, build);
    }
  }

  private static TableName before(RowChanges rows) {
    return new TableName("build", "before_" + rows.flatName());
  }

  private static Input whole(PinnedTable table) {
    return new Input.Table(table, Optional.empty());
  }

  private void findKeys(List<RowChanges> changed, Workbench bench) {
    List<String> affected = new ArrayList<>();
    for (RowChanges rows : changed) {
      bench.add(
          new TableName("changes", rows.flatName()),
          new Input.View(rows.bothRows(), Optional.empty()));
      affected.add("(" + view.affectedKeys().get(rows.table().name()) + ")");
    }
    String all = String.join(" UNION ", affected);
    bench.temporary("keys_now", all);
    changed.forEach(rows -> bench.add(rows.table().name(), view(before(rows))));
    bench.temporary("keys_before", all);
    changed.forEach(rows -> bench.add(rows.table().name(), whole(rows.table())));
    bench.temporary("keys", "SELECT * FROM build.keys_now UNION SELECT * FROM build.keys_before");
    try (var rows = bench.rows("SELECT count(*) FROM build.keys")) {
      rows.next();
      site.progress()
          .say("computes %s keys, for changes of %s".formatted(rows.value(0), changes.keySet()));
    }
  }

  private static Input view(TableName table) {
    return new Input.View("SELECT * FROM " + Quoted.name(table), Optional.empty());
  }
}
