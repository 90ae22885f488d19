package io.millrace.bench;

import io.millrace.shop.ShopTime;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * Which clicks are put on topics.
 *
 * @param events how many, on all topics together
 * @param heavy the share of {@link HeavyVisitor}
 * @param perSecond at which rate the broker says that it took them; without one as it took them,
 *     which is as fast as they are made
 */
record Filling(long events, double heavy, OptionalDouble perSecond) {

  private static final double EVENTS_PER_SECOND = 50_000;

  /** The shop's, as fast as they are made. */
  static Filling of(long events) {
    return new Filling(events, 0, OptionalDouble.empty());
  }

  Filling withHeavyVisitor() {
    return new Filling(events, HeavyVisitor.SHARE, perSecond);
  }

  Filling at(double eventsPerSecond) {
    return new Filling(events, heavy, OptionalDouble.of(eventsPerSecond));
  }

  /** Who says when a record was appended. */
  String timestampType() {
    return perSecond.isPresent() ? "CreateTime" : "LogAppendTime";
  }

  /** When the shop sends them; at a given rate it has sent them all by now. */
  ShopTime time() {
    if (perSecond.isEmpty()) {
      return ShopTime.steady(Instant.now(), EVENTS_PER_SECOND);
    }
    double rate = perSecond.getAsDouble();
    // Of the shop's events not all are clicks, but more than half.
    Duration took = Duration.ofSeconds((long) (2 * events / rate));
    return ShopTime.steady(Instant.now().minus(took), rate);
  }
}
