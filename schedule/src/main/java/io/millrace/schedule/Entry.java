package io.millrace.schedule;

import io.millrace.core.Interval;
import io.millrace.core.TableName;
import java.time.Instant;
import java.util.Optional;

/**
 * An interval of a table, as the ledger has it.
 *
 * @param extent how much is built again once it is built
 * @param why it was wanted last
 * @param message what went wrong with the last attempt, or why it was skipped; else empty
 * @param attempts since it was wanted, the one that runs included
 * @param notBefore when it may be tried again; the past if nothing went wrong
 * @param backfill the one that does it; without, the schedule and people do
 * @param run the last that tried it
 * @param rows it had when it was built last
 * @param changed when any of this changed last
 */
public record Entry(
    TableName table,
    Interval interval,
    State state,
    Warehouse.Extent extent,
    String why,
    String message,
    int attempts,
    Instant notBefore,
    Optional<Long> backfill,
    Optional<Long> run,
    Optional<Long> rows,
    Instant changed) {

  /** How far an interval is. */
  public enum State {
    /** Due, and never built. */
    WANTED,
    /** Due, because something changed after it was built. */
    STALE,
    RUNNING,
    DONE,
    /** Not tried again until its inputs change or a person asks. */
    FAILED,
    /** Not built after a pause, because its model does not catch up, or a person stopped it. */
    SKIPPED
  }

  /** Whether it is to be built, now or later. */
  public boolean isDue() {
    return state == State.WANTED || state == State.STALE;
  }
}
