package io.millrace.shop;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How many events are due now at a given rate. Who falls behind may catch up a second's worth; what
 * is missing beyond that is let go.
 */
public final class Rate {

  private static final double NANOS = 1e9;

  private final double perSecond;
  private final LongSupplier nanoTime;
  private double due;
  private long last;

  /**
   * @param nanoTime such as {@code System::nanoTime}
   */
  public Rate(double perSecond, LongSupplier nanoTime) {
    if (!(perSecond > 0)) {
      throw new IllegalArgumentException("rate " + perSecond + " is not above 0");
    }
    this.perSecond = perSecond;
    this.nanoTime = nanoTime;
    last = nanoTime.getAsLong();
  }

  /** Takes the events that are due, at most so many; they are due no more. */
  public int take(int max) {
    long now = nanoTime.getAsLong();
    due = Math.min(due + (now - last) * perSecond / NANOS, Math.max(1, perSecond));
    last = now;
    int taken = (int) Math.min(max, due);
    due -= taken;
    return taken;
  }

  /** How long until the next event is due; zero if one is. */
  public Duration untilNext() {
    double missing = 1 - due - (nanoTime.getAsLong() - last) * perSecond / NANOS;
    return Duration.ofNanos((long) Math.max(0, Math.ceil(missing * NANOS / perSecond)));
  }
}
