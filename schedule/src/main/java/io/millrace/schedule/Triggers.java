package io.millrace.schedule;

import io.millrace.core.TableName;
import io.millrace.project.Model;
import io.millrace.project.Project;
import io.millrace.project.Trigger;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Decides which tables are looked at by themselves, and when. Writes nothing. */
final class Triggers {

  private final Upstream upstream;
  private final List<Model> models;
  private final Map<TableName, CronTimes> crons = new HashMap<>();

  Triggers(Project project) {
    upstream = new Upstream(project);
    models = project.modelsInOrder().stream().filter(Model::isTable).toList();
    for (Model model : models) {
      if (model.schedule().trigger() instanceof Trigger.Cron cron) {
        crons.put(model.name(), CronTimes.of(cron));
      }
    }
  }

  /**
   * A table whose time has come.
   *
   * @param why {@code 0 3 * * *}, {@code every 30s}
   * @param newestOnly whether what was due during a pause is passed over
   */
  record Up(String why, boolean newestOnly) {}

  /**
   * The tables whose time has come.
   *
   * @param state what the ledger knows of each table
   * @param looked when each table was last looked at by itself, by this process
   * @param again those of which an interval is to be tried again now
   * @param retried those of which one is to be tried again some time; what reads them waits for it
   */
  SortedMap<TableName, Up> up(
      Map<TableName, TableState> state,
      Map<TableName, Instant> looked,
      Set<TableName> again,
      Set<TableName> retried,
      Instant now) {
    SortedMap<TableName, Up> up = new TreeMap<>();
    for (Model model : models) {
      TableName table = model.name();
      TableState known = state.getOrDefault(table, TableState.NEW);
      if (known.held().isPresent()) {
        continue;
      }
      Optional<Up> due = due(model, known, Optional.ofNullable(looked.get(table)), now);
      due.or(() -> Optional.of(new Up("tried again", false)).filter(u -> again.contains(table)))
          .ifPresent(it -> up.put(table, it));
    }
    Set<TableName> waitedFor = new TreeSet<>(retried);
    waitedFor.removeAll(up.keySet());
    up.keySet().removeIf(table -> !Collections.disjoint(upstream.of(table), waitedFor));
    return up;
  }

  private Optional<Up> due(Model model, TableState known, Optional<Instant> looked, Instant now) {
    Trigger trigger = model.schedule().trigger();
    if (trigger instanceof Trigger.OnChange onChange) {
      return Optional.of(new Up("its inputs moved", false))
          .filter(up -> looked.isEmpty() || !looked.get().plus(onChange.every()).isAfter(now));
    }
    if (trigger instanceof Trigger.Cron cron) {
      return due(cron, crons.get(model.name()), known, now);
    }
    return Optional.empty();
  }

  private static Optional<Up> due(
      Trigger.Cron cron, CronTimes times, TableState known, Instant now) {
    String why = "schedule " + cron.expression();
    if (known.fired().isEmpty()) {
      return Optional.of(new Up(why, false));
    }
    Optional<Instant> first = times.next(known.fired().get()).filter(at -> !at.isAfter(now));
    Optional<Instant> second = first.flatMap(times::next).filter(at -> !at.isAfter(now));
    return first.map(at -> new Up(why, !cron.catchUp() && second.isPresent()));
  }

  /** When each table is built next by its cron expression. */
  SortedMap<TableName, Instant> next(Instant now) {
    SortedMap<TableName, Instant> next = new TreeMap<>();
    crons.forEach((table, times) -> times.next(now).ifPresent(at -> next.put(table, at)));
    return next;
  }
}
