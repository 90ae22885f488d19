package io.millrace.prove;

import java.time.Duration;

/**
 * What became of a fault.
 *
 * @param recovery from the end of its cause until an event of each stream that was acknowledged
 *     after it was in its table; zero if it was not tried
 * @param note what was seen, or the reason
 */
public record FaultOutcome(Fault fault, State state, Duration recovery, String note) {

  /** How it ended. */
  public enum State {
    RECOVERED,
    /** Events did not arrive in time; the run ends there. */
    NOT_RECOVERED,
    /** This machine does not allow it, or its moment did not come. */
    NOT_TRIED
  }

  public static FaultOutcome recovered(Fault fault, Duration recovery, String note) {
    return new FaultOutcome(fault, State.RECOVERED, recovery, note);
  }

  public static FaultOutcome notRecovered(Fault fault, Duration waited, String note) {
    return new FaultOutcome(fault, State.NOT_RECOVERED, waited, note);
  }

  public static FaultOutcome notTried(Fault fault, String reason) {
    return new FaultOutcome(fault, State.NOT_TRIED, Duration.ZERO, reason);
  }

  @Override
  public String toString() {
    String end =
        switch (state) {
          case RECOVERED -> "recovered in %.1f s".formatted(recovery.toMillis() / 1e3);
          case NOT_RECOVERED -> "NOT RECOVERED in %.1f s".formatted(recovery.toMillis() / 1e3);
          case NOT_TRIED -> "not tried";
        };
    return note.isEmpty() ? end : end + " (" + note + ")";
  }
}
