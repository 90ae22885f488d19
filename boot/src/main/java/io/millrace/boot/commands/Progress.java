package io.millrace.boot.commands;

import java.util.function.LongSupplier;

/**
 * How far something has come: a bar that is drawn over on a terminal, else a plain line from time
 * to time. It says how many a second, and how long it takes yet.
 */
final class Progress {

  private static final int BAR = 24;
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final long LINE_NANOS = 5_000_000_000L;

  private final Terminal terminal;
  private final String what;
  private final String unit;
  private final LongSupplier nanoTime;
  private final long started;
  private long shown;

  /**
   * Begins to measure.
   *
   * @param what is counted: {@code invoice_lines}
   */
  Progress(Terminal terminal, String what, LongSupplier nanoTime) {
    this(terminal, what, "events", nanoTime);
  }

  /**
   * Begins to measure what is no event.
   *
   * @param unit of what is counted, in the plural
   */
  Progress(Terminal terminal, String what, String unit, LongSupplier nanoTime) {
    this.terminal = terminal;
    this.what = what;
    this.unit = unit;
    this.nanoTime = nanoTime;
    this.started = nanoTime.getAsLong();
    this.shown = started;
  }

  /**
   * Shows how far it is, if it is time to.
   *
   * @param share from 0 to 1
   */
  void at(double share, long count) {
    long now = nanoTime.getAsLong();
    if (now - shown >= (terminal.interactive() ? REDRAW_NANOS : LINE_NANOS)) {
      shown = now;
      show(share, count, now);
    }
  }

  /** Shows the end, whenever the last line was. */
  void done(long count) {
    show(1, count, nanoTime.getAsLong());
    if (terminal.interactive()) {
      terminal.err().println();
    }
  }

  private void show(double share, long count, long now) {
    double seconds = Math.max(1e-3, (now - started) / 1e9);
    String state =
        "%s: %3.0f %%, %,d %s, %,.0f/s, %s"
            .formatted(what, 100 * share, count, unit, count / seconds, time(share, seconds));
    if (terminal.interactive()) {
      int filled = (int) (BAR * Math.min(1, share));
      terminal
          .err()
          .print("\r[" + "=".repeat(filled) + " ".repeat(BAR - filled) + "] " + state + "   ");
      terminal.err().flush();
    } else {
      terminal.say(state);
    }
  }

  private static String time(double share, double seconds) {
    if (share >= 1) {
      return "took %.1f s".formatted(seconds);
    }
    return share <= 0 ? "" : "%.0f s left".formatted(Math.ceil(seconds * (1 - share) / share));
  }
}
