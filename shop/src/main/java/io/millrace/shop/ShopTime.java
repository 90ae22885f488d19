package io.millrace.shop;

import java.time.Instant;
import java.time.InstantSource;

/** The clock a shop lives by: when each of its events is sent. */
public interface ShopTime {

  /**
   * When event number {@code n} is sent, in microseconds since 1970.
   *
   * @param n counts from 0
   */
  long microsAt(long n);

  /** About how many events are sent in a second. */
  double eventsPerSecond();

  /** Time that passes evenly with the events, however fast they are made: the same in each run. */
  static ShopTime steady(Instant start, double eventsPerSecond) {
    long startMicros = micros(start);
    return new ShopTime() {
      @Override
      public long microsAt(long n) {
        return startMicros + (long) (n * 1_000_000 / eventsPerSecond);
      }

      @Override
      public double eventsPerSecond() {
        return eventsPerSecond;
      }
    };
  }

  /** The time of a clock, so that a shop that falls behind does not make its events late. */
  static ShopTime live(InstantSource clock, double eventsPerSecond) {
    return new ShopTime() {
      @Override
      public long microsAt(long n) {
        return micros(clock.instant());
      }

      @Override
      public double eventsPerSecond() {
        return eventsPerSecond;
      }
    };
  }

  private static long micros(Instant instant) {
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
  }
}
