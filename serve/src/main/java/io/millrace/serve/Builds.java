package io.millrace.serve;

import io.millrace.core.Interval;
import io.millrace.core.TableName;
import io.millrace.project.Batches;
import io.millrace.project.Materialization;
import io.millrace.project.Model;
import io.millrace.schedule.Entry;
import io.millrace.schedule.IntervalLedger;
import io.millrace.schedule.TableState;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How far models are built, as the ledger of intervals has it. */
final class Builds {

  /** More than people look at; the newest are shown. */
  private static final int INTERVALS_SHOWN = 2_000;

  /** What is worth telling first, when intervals are in several states. */
  private static final List<Entry.State> URGENCY =
      List.of(
          Entry.State.RUNNING,
          Entry.State.FAILED,
          Entry.State.STALE,
          Entry.State.WANTED,
          Entry.State.SKIPPED,
          Entry.State.DONE);

  private final IntervalLedger ledger;

  Builds(IntervalLedger ledger) {
    this.ledger = ledger;
  }

  /** What there is to know of the builds of a model. */
  enum State {
    /** Not looked at yet. */
    NEW,
    /** Not built by itself, because a person went back to an earlier release. */
    HELD,
    RUNNING,
    FAILED,
    STALE,
    WANTED,
    SKIPPED,
    DONE
  }

  /**
   * The builds of a model.
   *
   * @param held why it is not built by itself
   * @param intervals how many are in each state; a table without intervals is one
   */
  record Build(State state, Optional<String> held, Map<Entry.State, Integer> intervals) {}

  /** A look at the ledger, which answers for all models. */
  interface Look {
    Optional<Build> of(Model model);
  }

  Look look() {
    Map<TableName, Map<Entry.State, Integer>> counts = ledger.counts();
    Map<TableName, TableState> tables = ledger.tables();
    return model ->
        Optional.of(model)
            .filter(Model::isTable)
            .map(
                it ->
                    build(
                        counts.getOrDefault(it.name(), Map.of()),
                        Optional.ofNullable(tables.get(it.name())).flatMap(TableState::held)));
  }

  private static Build build(Map<Entry.State, Integer> counts, Optional<String> held) {
    State state =
        URGENCY.stream()
            .filter(counts::containsKey)
            .findFirst()
            .map(it -> State.valueOf(it.name()))
            .orElse(State.NEW);
    return new Build(held.isPresent() ? State.HELD : state, held, counts);
  }

  /**
   * The intervals of one model, in order.
   *
   * @param size of each; empty for a table that is not built by intervals
   * @param counts by state, of all
   * @param older how many older ones are not among the entries
   */
  record Intervals(
      Optional<Batches.Size> size,
      Optional<ZoneId> zone,
      Map<Entry.State, Integer> counts,
      int older,
      List<Line> entries) {}

  /**
   * One interval.
   *
   * @param label its start, as far as it tells it from others: {@code 2026-01}
   * @param why why it was built, or is to be
   * @param message what went wrong; empty if nothing did
   */
  record Line(
      String label,
      Entry.State state,
      String why,
      String message,
      int attempts,
      Optional<Long> run,
      Optional<Long> rows) {}

  Optional<Intervals> intervals(Model model) {
    List<Entry> entries = ledger.entries(model.name());
    if (entries.isEmpty()) {
      return Optional.empty();
    }
    Map<Entry.State, Integer> counts = new EnumMap<>(Entry.State.class);
    entries.forEach(entry -> counts.merge(entry.state(), 1, Integer::sum));
    Optional<Batches> batches = batches(model);
    int older = Math.max(0, entries.size() - INTERVALS_SHOWN);
    return Optional.of(
        new Intervals(
            batches.map(Batches::size),
            batches.map(Batches::zone),
            counts,
            older,
            entries.subList(older, entries.size()).stream()
                .map(entry -> line(entry, batches))
                .toList()));
  }

  private static Line line(Entry entry, Optional<Batches> batches) {
    return new Line(
        label(entry.interval(), batches),
        entry.state(),
        entry.why(),
        entry.message(),
        entry.attempts(),
        entry.run(),
        entry.rows());
  }

  /** A span of intervals in words; {@code whole} if there are none. */
  static String label(Interval span, Optional<Batches> batches) {
    return batches
        .filter(it -> !span.equals(Interval.ALWAYS))
        .map(it -> InWords.of(span, it))
        .orElse("whole");
  }

  /** How the time of a model is cut, if it is built by intervals. */
  static Optional<Batches> batches(Model model) {
    return Optional.of(model.materialization())
        .filter(Materialization.ByInterval.class::isInstance)
        .map(how -> ((Materialization.ByInterval) how).batches());
  }
}
