package io.millrace.models;

import io.millrace.core.Interval;
import io.millrace.core.TableName;
import io.millrace.lake.Changes;
import io.millrace.lake.PinnedTable;
import io.millrace.project.Batches;
import io.millrace.project.InputMode;
import io.millrace.project.Materialization;
import io.millrace.project.Model;
import io.millrace.project.Project;
import io.millrace.schedule.Warehouse.Known;
import io.millrace.schedule.Warehouse.Looked;
import io.millrace.schedule.Warehouse.Stale;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Finds which intervals of a model have to be built, from what its inputs have brought since it was
 * looked at last. Changed rows re-open the intervals they are in, and no others.
 */
final class Staleness {

  private final Project project;
  private final ChangedTimes changedTimes;
  private final InstantSource clock;

  Staleness(Project project, ChangedTimes changedTimes, InstantSource clock) {
    this.project = project;
    this.changedTimes = changedTimes;
    this.clock = clock;
  }

  /**
   * Decides; writes nothing.
   *
   * @param state the tables as the pass sees them
   */
  Looked look(Model model, Known known, SortedMap<TableName, PinnedTable> state) {
    Found found = new Found(model, known);
    String definition = project.fingerprint(model);
    if (known.definition().isPresent() && !known.definition().get().equals(definition)) {
      found.everything("its definition has changed");
    }
    for (TableName input : model.reads()) {
      if (project.mode(model, input) != InputMode.LOOKUP) {
        Door door = Door.of(project, model, input);
        if (door.tables().size() > 1 && found.hasIntervals(input) && found.batches.isPresent()) {
          throughView(door, state, found);
        } else {
          door.tables().forEach(table -> through(door, table, state, found));
        }
      }
    }
    found.whatTimeBrings();
    return new Looked(definition, found.positions, found.stale());
  }

  private void through(
      Door door, TableName name, SortedMap<TableName, PinnedTable> state, Found found) {
    PinnedTable table = state.get(name);
    if (table == null) {
      return;
    }
    found.positions.put(name, table.snapshotId().orElse(PinnedTable.EMPTY));
    Changes changes = table.since(since(found.known.positions().get(name)));
    if (changes instanceof Changes.None) {
      return;
    }
    if (changes instanceof Changes.Unknown unknown) {
      found.everything("%s: %s".formatted(name, unknown.why()));
    }
    if (found.batches.isPresent() && door.mode() == InputMode.INTERVAL) {
      for (Interval interval : changedTimes.intervals(door, table, changes, found.batches.get())) {
        found.add(interval, why(name, changes));
      }
    } else if (found.batches.isPresent() && door.mode() == InputMode.AS_OF) {
      List<Interval> changed =
          changedTimes.validity(
              table, project.snapshot(name).orElseThrow(), changes, found.batches.get());
      found.known.intervals().stream()
          .filter(interval -> changed.stream().anyMatch(interval::overlaps))
          .forEach(interval -> found.add(interval, why(name, changes)));
    } else if (!(changes instanceof Changes.Rewritten rewritten)
        || changedTimes.differ(table, rewritten)) {
      found.everything(why(name, changes));
    }
  }

  /**
   * A row of one of several tables behind a view says nothing about the time of the rows it becomes
   * part of: so the view is compared as it was and as it is.
   */
  private void throughView(Door door, SortedMap<TableName, PinnedTable> state, Found found) {
    if (!state.keySet().containsAll(door.tables())) {
      return;
    }
    SortedMap<TableName, PinnedTable> now = new TreeMap<>(state);
    now.keySet().retainAll(door.tables());
    SortedMap<TableName, PinnedTable> before = new TreeMap<>();
    Optional<String> why = Optional.empty();
    for (PinnedTable table : now.values()) {
      long known = found.known.positions().getOrDefault(table.name(), PinnedTable.EMPTY);
      found.positions.put(table.name(), table.snapshotId().orElse(PinnedTable.EMPTY));
      Changes changes = table.since(OptionalLong.of(known));
      if (changes instanceof Changes.Unknown unknown) {
        found.everything("%s: %s".formatted(table.name(), unknown.why()));
      }
      if (!(changes instanceof Changes.None)) {
        why = why.or(() -> Optional.of(why(table.name(), changes)));
      }
      table.at(known).ifPresent(it -> before.put(table.name(), it));
    }
    if (why.isPresent()) {
      String first = why.get();
      changedTimes
          .intervals(door, before, now, found.batches.orElseThrow())
          .forEach(interval -> found.add(interval, first));
    }
  }

  private static OptionalLong since(Long position) {
    return position == null ? OptionalLong.empty() : OptionalLong.of(position);
  }

  private static String why(TableName table, Changes changes) {
    return changes instanceof Changes.Appended appended
        ? "%s has %,d new %s"
            .formatted(table, appended.rows(), appended.rows() == 1 ? "row" : "rows")
        : "rows of " + table + " have changed";
  }

  /** Gathers what is stale; the first reason found for an interval stays. */
  private final class Found {
    private final Model model;
    private final Known known;
    private final Optional<Batches> batches;
    private final Map<TableName, Long> positions = new HashMap<>();
    private final SortedMap<Interval, String> whys = new TreeMap<>();

    Found(Model model, Known known) {
      this.model = model;
      this.known = known;
      this.batches =
          model.materialization() instanceof Materialization.ByInterval byInterval
              ? Optional.of(byInterval.batches())
              : Optional.empty();
    }

    void add(Interval interval, String why) {
      whys.putIfAbsent(interval, why);
    }

    void everything(String why) {
      if (batches.isPresent()) {
        known.intervals().forEach(interval -> add(interval, why));
      } else {
        add(Interval.ALWAYS, why);
      }
    }

    /** What is due without any change of an input. */
    void whatTimeBrings() {
      if (batches.isPresent() && model.reads().stream().noneMatch(this::hasIntervals)) {
        batches
            .get()
            .begin()
            .map(day -> new Interval(day.atStartOfDay(batches.get().zone()).toInstant(), now()))
            .ifPresent(
                span ->
                    batches.get().within(span).stream()
                        .filter(interval -> !known.intervals().contains(interval))
                        .forEach(interval -> add(interval, "its time has come")));
      }
      if (known.intervals().isEmpty() && whys.isEmpty()) {
        add(
            batches.map(it -> it.at(clock.instant())).orElse(Interval.ALWAYS),
            "it was never built");
      }
    }

    private Instant now() {
      return clock.instant();
    }

    private boolean hasIntervals(TableName input) {
      return project.mode(model, input) == InputMode.INTERVAL;
    }

    List<Stale> stale() {
      return whys.entrySet().stream()
          .map(entry -> new Stale(entry.getKey(), entry.getValue()))
          .toList();
    }
  }
}
