package io.millrace.schedule;

import io.millrace.core.Interval;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Intervals of the past that are built again, without haste, and how far that is.
 *
 * @param message what it waits for, or what went wrong; else empty
 * @param run the one that works on it, or did
 * @param done intervals, of the total
 * @param started when it was asked for
 * @param perMinute intervals built a minute since it was last resumed
 * @param left how long it will take at this rate
 */
public record Backfill(
    long id,
    Wish wish,
    Run.State state,
    String message,
    Optional<Long> run,
    int done,
    int total,
    Instant started,
    Optional<Instant> ended,
    double perMinute,
    Optional<Duration> left) {

  /**
   * What is asked for. Tables that are not built by intervals are built once, after those they
   * read.
   *
   * @param span intervals that overlap it
   * @param maxParallel how many tables are worked on at the same time
   * @param maxLoad of the machine, for each core, above which it waits
   */
  public record Wish(SortedSet<TableName> tables, Interval span, int maxParallel, double maxLoad) {

    public Wish {
      tables = Collections.unmodifiableSortedSet(new TreeSet<>(tables));
      if (maxParallel < 1) {
        throw MillraceException.caller(
            "Cannot backfill with max_parallel %d: it is 1 or more".formatted(maxParallel));
      }
      if (!(maxLoad > 0)) {
        throw MillraceException.caller(
            "Cannot backfill with max_load %s: it is more than 0".formatted(maxLoad));
      }
    }

    /** One table at a time, while no more than all cores are busy. */
    public static Wish of(Collection<TableName> tables, Interval span) {
      return new Wish(new TreeSet<>(tables), span, 1, 1.0);
    }
  }

  static String name(long id) {
    return "backfill " + id;
  }
}
