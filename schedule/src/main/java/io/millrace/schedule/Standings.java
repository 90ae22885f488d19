package io.millrace.schedule;

import io.millrace.core.Interval;
import io.millrace.core.TableName;
import io.millrace.project.Model;
import io.millrace.project.Project;
import io.millrace.project.Trigger;
import io.millrace.schedule.Warehouse.Standing;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Says how far each table is when a release is made. Writes nothing. */
final class Standings {

  private Standings() {}

  /**
   * Of all tables of models that were ever looked at.
   *
   * @param released those of which the release names the newest state
   */
  static SortedMap<TableName, Standing> of(
      Project project, IntervalLedger ledger, Set<TableName> released) {
    SortedMap<TableName, Standing> standings = new TreeMap<>();
    ledger
        .tables()
        .forEach(
            (table, state) -> {
              Model model = project.models().get(table);
              if (model != null && model.isTable()) {
                List<Entry> missing =
                    ledger.open(table).stream().filter(entry -> !isOnlyRepeated(entry)).toList();
                boolean seen = state.unreleased().isEmpty() || released.contains(table);
                standings.put(
                    table,
                    new Standing(
                        state.positions(),
                        missing.isEmpty() && seen,
                        waits(model, state, missing, seen)));
              }
            });
    return standings;
  }

  /** A backfill builds again what has its rows: a change of inputs would have taken it away. */
  private static boolean isOnlyRepeated(Entry entry) {
    return entry.backfill().isPresent() && entry.rows().isPresent();
  }

  private static String waits(Model model, TableState state, List<Entry> missing, boolean seen) {
    if (state.held().isPresent()) {
      return "it is held: " + state.held().get();
    }
    if (!missing.isEmpty()) {
      Entry first = missing.get(0);
      String why = first.message().isEmpty() ? first.why() : first.message();
      return first.interval().equals(Interval.ALWAYS)
          ? "it is not built since: " + why
          : "%d of its intervals %s not built since: %s"
              .formatted(missing.size(), missing.size() == 1 ? "is" : "are", why);
    }
    if (!seen) {
      return "run %d is still building it".formatted(state.unreleased().orElseThrow());
    }
    Trigger trigger = model.schedule().trigger();
    if (trigger instanceof Trigger.Cron cron) {
      return "its schedule is " + cron.expression();
    }
    return trigger instanceof Trigger.Manual
        ? "it is built by hand"
        : "it has not been looked at since";
  }
}
