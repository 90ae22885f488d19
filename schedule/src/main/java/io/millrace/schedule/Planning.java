package io.millrace.schedule;

import io.millrace.core.Interval;
import io.millrace.core.TableName;
import io.millrace.project.InputMode;
import io.millrace.project.Materialization;
import io.millrace.project.Model;
import io.millrace.project.Project;
import io.millrace.schedule.Warehouse.Extent;
import io.millrace.schedule.Warehouse.Looked;
import io.millrace.schedule.Warehouse.Stale;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Decides what a request comes to. Reads what it is given, and writes nothing. */
final class Planning {

  /**
   * A table as it is.
   *
   * @param known all its intervals
   * @param open those that are not done
   * @param looked what its inputs have brought
   * @param touched what its definition touches
   */
  record Table(SortedSet<Interval> known, List<Entry> open, Looked looked, Touched touched) {}

  private final Project project;
  private final Request request;
  private final Function<Model, Table> tables;
  private final SortedMap<TableName, SortedMap<Interval, String>> planned = new TreeMap<>();

  private Planning(Project project, Request request, Function<Model, Table> tables) {
    this.project = project;
    this.request = request;
    this.tables = tables;
  }

  static Plan plan(Project project, Request request, Function<Model, Table> tables) {
    return new Planning(project, request, tables).plan();
  }

  /** What a backfill would build. */
  static Plan plan(Project project, Backfill.Wish wish, Instant now) {
    List<Plan.Step> steps = new ArrayList<>();
    for (Model model : project.modelsInOrder()) {
      if (model.isTable() && wish.tables().contains(model.name())) {
        List<Stale> intervals =
            BackfillWork.intervals(model, wish.span(), now).stream()
                .map(interval -> new Stale(interval, "backfill"))
                .toList();
        steps.add(new Plan.Step(model.name(), Touched.NOTHING, intervals));
      }
    }
    return new Plan(steps.stream().filter(step -> !step.intervals().isEmpty()).toList());
  }

  private Plan plan() {
    List<Plan.Step> steps = new ArrayList<>();
    for (Model model : project.modelsInOrder()) {
      if (model.isTable() && request.tables().contains(model.name())) {
        Table table = tables.apply(model);
        SortedMap<Interval, String> intervals = intervals(model, table);
        intervals.keySet().removeIf(interval -> !interval.overlaps(request.span()));
        if (!intervals.isEmpty()) {
          planned.put(model.name(), intervals);
          steps.add(
              new Plan.Step(
                  model.name(),
                  table.touched(),
                  intervals.entrySet().stream()
                      .map(interval -> new Stale(interval.getKey(), interval.getValue()))
                      .toList()));
        }
      }
    }
    return new Plan(steps);
  }

  private SortedMap<Interval, String> intervals(Model model, Table table) {
    SortedMap<Interval, String> intervals = new TreeMap<>();
    if (request.extent() == Extent.FULL) {
      table.known().forEach(interval -> intervals.put(interval, request.why()));
    }
    for (Entry entry : table.open()) {
      if (entry.backfill().isEmpty()) {
        intervals.putIfAbsent(entry.interval(), why(entry));
      }
    }
    table.looked().stale().forEach(stale -> intervals.putIfAbsent(stale.interval(), stale.why()));
    for (Map.Entry<TableName, InputMode> input : project.tablesBehind(model).entrySet()) {
      if (planned.containsKey(input.getKey())) {
        String why = input.getKey() + " is built before it";
        reopened(model, table, input.getKey(), input.getValue())
            .forEach(interval -> intervals.putIfAbsent(interval, why));
      }
    }
    return intervals;
  }

  private static String why(Entry entry) {
    return entry.message().isEmpty() ? entry.why() : "tried again: " + entry.message();
  }

  /** What a build of an input re-opens, at most: rows that stay as they are re-open nothing. */
  private SortedSet<Interval> reopened(Model model, Table table, TableName input, InputMode mode) {
    SortedSet<Interval> reopened = new TreeSet<>();
    if (mode == InputMode.LOOKUP) {
      return reopened;
    }
    if (!(model.materialization() instanceof Materialization.ByInterval byInterval)) {
      reopened.add(Interval.ALWAYS);
      return reopened;
    }
    for (Interval interval : planned.get(input).keySet()) {
      if (mode == InputMode.INTERVAL && !interval.equals(Interval.ALWAYS)) {
        reopened.addAll(byInterval.batches().within(interval));
      } else {
        reopened.addAll(table.known());
      }
    }
    return reopened;
  }
}
