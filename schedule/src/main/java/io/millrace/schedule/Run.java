package io.millrace.schedule;

import io.millrace.core.Interval;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Work that was done together, as it is kept.
 *
 * @param what it was about: {@code 3 tables}, {@code gold.daily_sales}
 * @param why who or what asked for it
 * @param message what came of it, in a sentence; empty if there is nothing to say
 * @param steps in the order in which they began
 */
public record Run(
    long id,
    Kind kind,
    String what,
    String why,
    State state,
    String message,
    Instant started,
    Optional<Instant> ended,
    List<Step> steps) {

  public Run {
    steps = List.copyOf(steps);
  }

  /** Who asks. */
  public enum Kind {
    /** A person. */
    RUN,
    /** The schedule of a model. */
    SCHEDULE,
    /** A backfill. */
    BACKFILL,
    /** Chores that keep the lake small and quick. */
    UPKEEP
  }

  /** How far a run or a step is. */
  public enum State {
    RUNNING,
    DONE,
    FAILED,
    /** A person stopped it. */
    CANCELLED,
    /** A step that was not tried, because something before it failed. */
    SKIPPED
  }

  /**
   * A build, or a chore, of one table.
   *
   * @param table what it is about; the name of a chore if it is about no table
   * @param span from the first to the last of its intervals
   * @param intervals how many
   * @param attempt counted from 1
   * @param branch where refused rows can be looked at; empty if none were
   */
  public record Step(
      long id,
      long run,
      String table,
      Interval span,
      int intervals,
      int attempt,
      State state,
      long rows,
      String message,
      String branch,
      Instant started,
      Optional<Instant> ended) {}

  /** A line that a step has said. */
  public record Line(Instant at, String text) {}
}
