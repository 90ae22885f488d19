package io.millrace.schedule;

import io.millrace.core.Interval;
import io.millrace.core.TableName;
import io.millrace.project.Model;
import io.millrace.project.Trigger;
import io.millrace.schedule.Warehouse.Extent;
import io.millrace.schedule.Warehouse.Known;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;

/** How a pass differs by who asks for it. What is said of a table is said under its lock. */
interface Conduct {

  /** Which intervals are meant. */
  Next.Asked asked();

  /** What the warehouse is told of a table. */
  default Known known(TableName table) {
    return ledger().known(table);
  }

  IntervalLedger ledger();

  /** Whether a table is passed over while what it reads may not be built from. */
  default boolean passesOverUnfit() {
    return true;
  }

  /** Hears that a look has been stored. */
  void looked(Model model);

  /** Whether another build of the table may begin. */
  default boolean mayBuild(Model model) {
    return true;
  }

  /** Whether other intervals of a table are tried after one has failed. */
  default boolean goesOnAfterFailure() {
    return false;
  }

  /** What a table has come to when there is nothing to be built now. */
  default PassWork.Came left(Model model) {
    return PassWork.Came.DONE;
  }

  /** Hears that nothing more of a table will be tried in this pass. */
  default void finished(Model model) {}

  /** A person. What failed, was skipped or is held is tried again. */
  record ByPerson(Request request, IntervalLedger ledger) implements Conduct {

    @Override
    public Next.Asked asked() {
      return new Next.Asked(request.span(), Optional.empty());
    }

    @Override
    public Known known(TableName table) {
      Known known = ledger.known(table);
      boolean anew = request.extent() == Extent.FULL && request.span().equals(Interval.ALWAYS);
      return anew ? new Known(Optional.empty(), Map.of(), known.intervals()) : known;
    }

    @Override
    public void looked(Model model) {
      TableName table = model.name();
      if (ledger.table(table).held().isPresent()) {
        ledger.hold(table, Optional.empty());
      }
      ledger.reopen(table, asked(), request.why());
      if (request.extent() == Extent.FULL) {
        List<Interval> all =
            ledger.known(table).intervals().stream()
                .filter(interval -> interval.overlaps(request.span()))
                .toList();
        ledger.want(table, all, Extent.FULL, request.why());
      }
    }
  }

  /**
   * The schedules of models. A table has so many builds in a pass at most, so that a long history
   * does not keep others from being released.
   */
  final class BySchedule implements Conduct {

    static final int BUILDS = 16;

    private final SortedMap<TableName, Triggers.Up> up;
    private final Instant began;
    private final IntervalLedger ledger;
    private final Map<TableName, Integer> builds = new ConcurrentHashMap<>();

    BySchedule(SortedMap<TableName, Triggers.Up> up, Instant began, IntervalLedger ledger) {
      this.up = up;
      this.began = began;
      this.ledger = ledger;
    }

    @Override
    public IntervalLedger ledger() {
      return ledger;
    }

    @Override
    public Next.Asked asked() {
      return new Next.Asked(Interval.ALWAYS, Optional.empty());
    }

    @Override
    public void looked(Model model) {
      if (up.get(model.name()).newestOnly()) {
        List<Interval> due =
            ledger.open(model.name()).stream().filter(asked()::isFor).map(Entry::interval).toList();
        if (due.size() > 1) {
          ledger.skipped(model.name(), due.subList(0, due.size() - 1), "it was due during a pause");
        }
      }
    }

    /** Not what was held since its time came. */
    @Override
    public boolean mayBuild(Model model) {
      return ledger.table(model.name()).held().isEmpty()
          && builds.merge(model.name(), 1, Integer::sum) <= BUILDS;
    }

    @Override
    public void finished(Model model) {
      if (model.schedule().trigger() instanceof Trigger.Cron) {
        ledger.fired(model.name(), began);
      }
    }
  }
}
