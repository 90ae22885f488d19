package io.millrace.collect;

import java.time.Duration;

/**
 * How many events a second one producer may send, as a bucket that fills at that rate and holds one
 * second's worth. A request takes what it brings if anything is left, and may leave the bucket in
 * debt: so a request larger than the bucket passes too, and the ones after it wait.
 */
final class Allowance {

  private final double perNano;
  private final double capacity;
  private double left;
  private long last;

  Allowance(int eventsPerSecond, long nowNanos) {
    this.perNano = eventsPerSecond / 1e9;
    this.capacity = eventsPerSecond;
    this.left = eventsPerSecond;
    this.last = nowNanos;
  }

  /** Takes the events and returns zero, or takes nothing and returns how long to wait. */
  synchronized Duration take(int events, long nowNanos) {
    left = Math.min(capacity, left + Math.max(0, nowNanos - last) * perNano);
    last = nowNanos;
    if (left <= 0) {
      return Duration.ofNanos((long) (-left / perNano) + 1);
    }
    left -= events;
    return Duration.ZERO;
  }
}
