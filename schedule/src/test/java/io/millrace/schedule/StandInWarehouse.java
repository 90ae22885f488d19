package io.millrace.schedule;

import io.millrace.core.Interval;
import io.millrace.core.TableName;
import io.millrace.project.InputMode;
import io.millrace.project.Materialization;
import io.millrace.project.Model;
import io.millrace.project.Project;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A warehouse in memory. What an interval of a table holds is a text made of what its inputs hold,
 * so that two warehouses that were built alike are equal. Built again from the same inputs, a table
 * does not change.
 */
final class StandInWarehouse implements Warehouse {

  private final Project project;

  /** Each version of each table; the number of the last one is the table's snapshot. */
  private final Map<TableName, List<SortedMap<Interval, String>>> versions = new TreeMap<>();

  private final SortedMap<TableName, SortedMap<Interval, String>> released = new TreeMap<>();
  private final Map<TableName, Deque<Object>> comings = new HashMap<>();
  private SortedMap<TableName, Standing> standings = new TreeMap<>();
  private String definition = "1";
  private Consumer<String> witness = call -> {};

  /** What tests of views say; nothing once they have said it. */
  final Map<TableName, Checked> views = new HashMap<>();

  final List<String> viewsTested = new ArrayList<>();

  /** How many passes were open at one time. */
  private int open;

  int mostOpen;

  final List<String> builds = new ArrayList<>();
  final List<String> releases = new ArrayList<>();

  StandInWarehouse(Project project) {
    this.project = project;
  }

  synchronized StandInWarehouse copy() {
    StandInWarehouse copy = new StandInWarehouse(project);
    versions.forEach((table, all) -> copy.versions.put(table, new ArrayList<>(all)));
    copy.released.putAll(released);
    return copy;
  }

  /** Calls somebody before and after everything that changes. */
  void witnessedBy(Consumer<String> witness) {
    this.witness = witness;
  }

  /** What comes of the next builds of a table: an exception, or an outcome; then all is well. */
  synchronized void comes(TableName table, Object... what) {
    comings.computeIfAbsent(table, key -> new ArrayDeque<>()).addAll(List.of(what));
  }

  /** Changes the SQL of every model. */
  synchronized void redefine(String other) {
    definition = other;
  }

  /** Has a stream bring rows. */
  synchronized void brings(TableName table, String rows, List<Interval> intervals) {
    SortedMap<Interval, String> next = new TreeMap<>(head(table));
    intervals.forEach(interval -> next.merge(interval, rows, (a, b) -> a + b));
    versions.computeIfAbsent(table, key -> new ArrayList<>()).add(next);
  }

  synchronized SortedMap<Interval, String> head(TableName table) {
    List<SortedMap<Interval, String>> all = versions.getOrDefault(table, List.of());
    return all.isEmpty() ? new TreeMap<>() : all.get(all.size() - 1);
  }

  /** As of the last release. */
  synchronized SortedMap<TableName, Standing> standings() {
    return standings;
  }

  synchronized SortedMap<TableName, SortedMap<Interval, String>> released() {
    return new TreeMap<>(released);
  }

  @Override
  public synchronized Pass begin() {
    open++;
    mostOpen = Math.max(mostOpen, open);
    return new StandInPass();
  }

  private final class StandInPass implements Pass {

    @Override
    public Looked look(TableName table, Known known) {
      witness.accept("look " + table);
      synchronized (StandInWarehouse.this) {
        Model model = project.model(table);
        Map<TableName, Long> positions = new HashMap<>();
        SortedMap<Interval, String> stale = new TreeMap<>();
        for (Map.Entry<TableName, InputMode> input : project.tablesBehind(model).entrySet()) {
          int now = versions.getOrDefault(input.getKey(), List.of()).size();
          int then = known.positions().getOrDefault(input.getKey(), 0L).intValue();
          positions.put(input.getKey(), (long) now);
          for (Interval changed : changed(input.getKey(), then)) {
            reopened(model, changed, known)
                .forEach(it -> stale.putIfAbsent(it, input.getKey() + " has new rows"));
          }
        }
        if (known.definition().filter(it -> !it.equals(definition)).isPresent()) {
          known.intervals().forEach(it -> stale.put(it, "its definition has changed"));
        }
        return new Looked(
            definition,
            positions,
            stale.entrySet().stream().map(it -> new Stale(it.getKey(), it.getValue())).toList());
      }
    }

    private SortedSet<Interval> changed(TableName input, int then) {
      SortedMap<Interval, String> before =
          then == 0 ? new TreeMap<>() : versions.get(input).get(then - 1);
      SortedSet<Interval> changed = new TreeSet<>();
      head(input)
          .forEach(
              (interval, rows) -> {
                if (!rows.equals(before.get(interval))) {
                  changed.add(interval);
                }
              });
      return changed;
    }

    private List<Interval> reopened(Model model, Interval changed, Known known) {
      if (!(model.materialization() instanceof Materialization.ByInterval byInterval)) {
        return List.of(Interval.ALWAYS);
      }
      return changed.equals(Interval.ALWAYS)
          ? List.copyOf(known.intervals())
          : byInterval.batches().within(changed);
    }

    @Override
    public Touched touched(TableName table) {
      return Touched.NOTHING;
    }

    @Override
    public Outcome build(Work work, Progress progress) {
      witness.accept("build " + work.table());
      Outcome outcome = build(work);
      witness.accept("built " + work.table());
      return outcome;
    }

    private Outcome build(Work work) {
      synchronized (StandInWarehouse.this) {
        builds.add(
            work.table() + " " + work.intervals().size() + " from " + work.intervals().get(0));
        Object coming = comings.getOrDefault(work.table(), new ArrayDeque<>()).poll();
        if (coming instanceof RuntimeException failure) {
          throw failure;
        }
        if (coming instanceof Outcome outcome) {
          return outcome;
        }
        SortedMap<Interval, String> next = new TreeMap<>(head(work.table()));
        SortedMap<Interval, Long> rows = new TreeMap<>();
        for (Interval interval : work.intervals()) {
          String held = made(project.model(work.table()), interval);
          next.put(interval, held);
          rows.put(interval, (long) held.length());
        }
        if (!next.equals(head(work.table()))) {
          versions.computeIfAbsent(work.table(), key -> new ArrayList<>()).add(next);
        }
        return new Outcome.Published(rows, List.of());
      }
    }

    private String made(Model model, Interval interval) {
      StringBuilder made = new StringBuilder();
      for (TableName input : project.tablesBehind(model).keySet()) {
        head(input)
            .forEach(
                (of, rows) -> {
                  if (of.overlaps(interval)) {
                    made.append(rows);
                  }
                });
      }
      return made.toString();
    }

    @Override
    public Optional<Long> release(
        long run,
        SortedSet<TableName> tables,
        SortedMap<TableName, Standing> standings,
        String why) {
      witness.accept("release");
      synchronized (StandInWarehouse.this) {
        StandInWarehouse.this.standings = standings;
        SortedMap<TableName, SortedMap<Interval, String>> next = new TreeMap<>(released);
        tables.forEach(table -> next.put(table, head(table)));
        if (next.equals(released)) {
          return Optional.empty();
        }
        released.putAll(next);
        releases.add(tables.toString());
      }
      witness.accept("released");
      return Optional.of((long) releases.size());
    }

    @Override
    public Optional<Checked> test(TableName view, long run) {
      viewsTested.add(view + " after " + releases.size());
      return Optional.ofNullable(views.remove(view));
    }

    @Override
    public void close() {
      synchronized (StandInWarehouse.this) {
        open--;
      }
    }
  }
}
