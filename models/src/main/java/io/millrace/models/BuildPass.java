package io.millrace.models;

import io.millrace.core.Interval;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.engine.Input;
import io.millrace.engine.KeyedView;
import io.millrace.engine.Workbench;
import io.millrace.lake.AsOf;
import io.millrace.lake.Changes;
import io.millrace.lake.PinnedTable;
import io.millrace.lake.TableBuild;
import io.millrace.project.Dimension;
import io.millrace.project.Materialization;
import io.millrace.project.Model;
import io.millrace.schedule.Touched;
import io.millrace.schedule.Warehouse;
import io.millrace.schedule.Warehouse.Checked;
import io.millrace.schedule.Warehouse.Known;
import io.millrace.schedule.Warehouse.Looked;
import io.millrace.schedule.Warehouse.Outcome;
import io.millrace.schedule.Warehouse.Progress;
import io.millrace.schedule.Warehouse.Standing;
import io.millrace.schedule.Warehouse.Work;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.apache.iceberg.Schema;

/** One pass over the models of a project: streams stay as they were when it began. */
final class BuildPass implements Warehouse.Pass {

  /** Maintenance may rewrite a table's files while it is built; not for ever, though. */
  private static final int MAX_ATTEMPTS = 5;

  private final ModelWarehouse house;
  private final SortedMap<TableName, PinnedTable> streams;

  BuildPass(ModelWarehouse house, SortedMap<TableName, PinnedTable> streams) {
    this.house = house;
    this.streams = streams;
  }

  /** Of a stream's table, as it was when the pass began; none of what had no rows then. */
  Optional<Long> snapshot(TableName table) {
    return Optional.ofNullable(streams.get(table)).flatMap(PinnedTable::snapshotId);
  }

  /** Streams as when the pass began, models as they are published. */
  private SortedMap<TableName, PinnedTable> state() {
    SortedMap<TableName, PinnedTable> state = new TreeMap<>(house.lake.pin(new AsOf.Head()));
    state.keySet().retainAll(house.project.models().keySet());
    state.putAll(streams);
    return state;
  }

  @Override
  public Looked look(TableName table, Known known) {
    return new Staleness(
            house.project, new ChangedTimes(house.project, house.workshop), house.clock)
        .look(house.project.model(table), known, state());
  }

  @Override
  public Touched touched(TableName table) {
    return last(table, house.lake.pin(AsOf.now()))
        .map(BuiltFrom::recipes)
        .filter(built -> !built.digests().isEmpty())
        .map(built -> Recipes.of(house.lineage, table).since(built, table, house.lineage))
        .orElse(Touched.NOTHING);
  }

  @Override
  public Outcome build(Work work, Progress progress) {
    Model model = house.project.model(work.table());
    List<String> failures = house.unitTests.failures(model.name(), work.run());
    if (!failures.isEmpty()) {
      return new Outcome.Refused(failures, "");
    }
    for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      Site site = site(model, state(), progress);
      Optional<Outcome> outcome = attempt(site, work);
      if (outcome.isPresent()) {
        return outcome.get();
      }
      progress.say("begins again: maintenance has rewritten files that were to be replaced");
    }
    throw MillraceException.world(
        "Cannot build %s: maintenance rewrote its files %d times meanwhile; it is tried again later"
            .formatted(model.name(), MAX_ATTEMPTS));
  }

  private Site site(Model model, SortedMap<TableName, PinnedTable> state, Progress progress) {
    return new Site(
        model,
        house.project,
        house.lineage,
        house.personal,
        house.sql,
        house.workshop,
        state,
        progress);
  }

  /** None if the table has to be built again, because its files were rewritten meanwhile. */
  private Optional<Outcome> attempt(Site site, Work work) {
    Model model = site.model();
    TableBuild build =
        house.lake.build(model.name(), columns(site), layout(site), "build_" + work.run());
    try {
      SortedMap<Interval, Long> rows = choose(site, work).stage(build);
      Tested tested = Tested.of(site, build, last(model.name(), site.state()), house.clock);
      String branch = "failed_" + work.run();
      String done =
          "readers keep the rows of before; what was refused is kept as branch %s of the table"
              .formatted(branch);
      house.keep(work.run(), model, tested, done);
      if (!tested.refusals().isEmpty()) {
        build.keep(branch);
        return Optional.of(new Outcome.Refused(tested.refusals(), branch));
      }
      OptionalLong published = build.publish();
      return published.isEmpty()
          ? Optional.empty()
          : Optional.of(new Outcome.Published(rows, tested.warnings()));
    } catch (RuntimeException e) {
      build.discard();
      throw e;
    }
  }

  private static Schema columns(Site site) {
    Optional<PinnedTable> own = Optional.ofNullable(site.state().get(site.model().name()));
    if (own.isPresent()
        && site.model().materialization() instanceof Materialization.Again again
        && again.how() == Materialization.How.KEEP) {
      SortedMap<TableName, Input> inputs = site.whole();
      inputs.put(site.model().name(), new Input.Table(own.get(), Optional.empty()));
      try (Workbench bench = site.workshop().open(inputs, Optional.empty())) {
        return bench.columns(again.sql());
      }
    }
    SortedMap<TableName, Input> inputs = WholeBuild.inputs(site);
    try (Workbench bench = site.workshop().open(inputs, Optional.empty())) {
      dimension(site).ifPresent(it -> HistoryOfKeys.requireColumns(site.model(), it, bench));
      return bench.columns(WholeBuild.select(site));
    }
  }

  private static Optional<TableBuild.Layout> layout(Site site) {
    return site.batches()
        .map(
            batches ->
                new TableBuild.Layout(site.model().eventTime().orElseThrow(), batches.size()));
  }

  private Build choose(Site site, Work work) {
    BuiltFrom from = site.builtFrom();
    Materialization kind = site.model().materialization();
    Optional<BuiltFrom> last = last(site.model().name(), site.state());
    if (kind instanceof Materialization.ByInterval) {
      boolean fresh = last.map(it -> !it.definition().equals(from.definition())).orElse(true);
      return new IntervalBuild(site, work.intervals(), fresh, from, work.run());
    }
    if (kind instanceof Materialization.Table || kind instanceof Materialization.Seed) {
      return new WholeBuild(site, from, work.run());
    }
    if (kind instanceof Materialization.Again again) {
      return again(site, again, last, work);
    }
    Since since = Since.of(site, last, work.extent());
    if (since instanceof Since.Everything everything) {
      return whole(site, everything.why(), work.run());
    }
    SortedMap<TableName, Changes> changes = ((Since.Only) since).changes();
    if (changes.isEmpty()) {
      // So it is after a death between publishing a build and keeping that it was built.
      site.progress().say("nothing has changed since it was built");
      return build -> {
        build.stage(new TableBuild.Change.Add(), List.of(), from.summary(work.run()));
        return Build.always(0);
      };
    }
    if (kind instanceof Materialization.MaterializedView
        || kind instanceof Materialization.History) {
      return keyed(site, changes, last.orElseThrow(), work.run());
    }
    return new NewRowsBuild(site, changes, from, work.run());
  }

  private static Build again(
      Site site, Materialization.Again again, Optional<BuiltFrom> last, Work work) {
    BuiltFrom from = site.builtFrom();
    if (last.isEmpty()) {
      return whole(site, "it was never built", work.run());
    }
    if (again.how() != Materialization.How.KEEP) {
      if (work.extent() == Warehouse.Extent.FULL) {
        return whole(site, "a full build was asked for", work.run());
      }
      if (!last.get().definition().equals(from.definition())) {
        return whole(site, "its definition has changed", work.run());
      }
    }
    return new AgainBuild(site, again, from, work.run());
  }

  private Build keyed(Site site, SortedMap<TableName, Changes> changes, BuiltFrom last, long run) {
    SortedMap<TableName, PinnedTable> before = new TreeMap<>();
    for (TableName table : changes.keySet()) {
      PinnedTable now = site.pinned(table);
      Optional.ofNullable(last.inputs().get(table))
          .flatMap(now::at)
          .filter(it -> it.schema().sameSchema(now.schema()))
          .ifPresent(it -> before.put(table, it));
    }
    if (!before.keySet().equals(changes.keySet())) {
      return whole(site, "inputs have other columns, or their past has expired", run);
    }
    Optional<Dimension> dimension = dimension(site);
    KeyedView byKey =
        keyedView(site, dimension.map(Dimension::uniqueKey).orElseGet(() -> viewKey(site)));
    KeyedView found =
        dimension
            .flatMap(Dimension::takenAt)
            .map(time -> keyedView(site, List.of(time)))
            .orElse(byKey);
    if (byKey instanceof KeyedView.Keyed rows && found instanceof KeyedView.Keyed view) {
      KeyedBuild.Made made =
          dimension.isPresent()
              ? new HistoryOfKeys(site, dimension.get(), view, rows)
              : new KeyedBuild.OfView(rows);
      return new KeyedBuild(site, view, made, changes, before, site.builtFrom(), run);
    }
    KeyedView reason = byKey instanceof KeyedView.Whole ? byKey : found;
    return whole(site, ((KeyedView.Whole) reason).reason(), run);
  }

  private static Optional<Dimension> dimension(Site site) {
    return site.model().materialization() instanceof Materialization.History history
        ? Optional.of(history.dimension())
        : Optional.empty();
  }

  private static List<String> viewKey(Site site) {
    return ((Materialization.MaterializedView) site.model().materialization()).uniqueKey();
  }

  private KeyedView keyedView(Site site, List<String> uniqueKey) {
    return house.sql.keyedView(site.model().sql(), uniqueKey, site.columns(), site.views());
  }

  private static Build whole(Site site, String why, long run) {
    site.progress().say("builds it whole: " + why);
    return new WholeBuild(site, site.builtFrom(), run);
  }

  /** What the published snapshot of a table was built from; maintenance keeps that. */
  private static Optional<BuiltFrom> last(TableName name, SortedMap<TableName, PinnedTable> state) {
    return Optional.ofNullable(state.get(name)).flatMap(table -> BuiltFrom.of(table.summary()));
  }

  @Override
  public Optional<Long> release(
      long run, SortedSet<TableName> tables, SortedMap<TableName, Standing> standings, String why) {
    SortedMap<TableName, PinnedTable> head = house.lake.pin(new AsOf.Head());
    SortedMap<TableName, Long> built = new TreeMap<>();
    for (TableName name : tables) {
      Optional.ofNullable(head.get(name))
          .flatMap(PinnedTable::snapshotId)
          .ifPresent(snapshot -> built.put(name, snapshot));
    }
    SortedMap<TableName, Long> models = new TreeMap<>();
    house.releases.newest().ifPresent(before -> models.putAll(before.models()));
    if (models.entrySet().containsAll(built.entrySet())) {
      return Optional.empty();
    }
    models.putAll(built);
    models.keySet().retainAll(head.keySet());
    ReadByRelease read = new ReadByRelease(house.project, models, head);
    // What no model has read is read by views and balances: the release keeps that, too.
    SortedMap<TableName, Long> inputs = new TreeMap<>();
    streams.forEach(
        (name, table) -> inputs.put(name, table.snapshotId().orElse(PinnedTable.EMPTY)));
    inputs.putAll(read.inputs());
    return Optional.of(
        house.releases.publish(run, why, built, inputs, read.behind(standings)).id());
  }

  @Override
  public Optional<Checked> test(TableName view, long run) {
    SortedMap<TableName, PinnedTable> seen = house.lake.pin(AsOf.now());
    if (!seen.keySet().containsAll(house.project.tablesBehind(view))) {
      return Optional.empty();
    }
    Model model = house.project.model(view);
    Tested tested = Tested.of(site(model, seen, line -> {}), house.clock);
    house.keep(run, model, tested, "a view has no rows of its own: readers see them");
    return Optional.of(new Checked(tested.refusals(), tested.warnings()));
  }

  @Override
  public void close() {
    house.end(this);
  }
}
