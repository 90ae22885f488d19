package io.millrace.core;

import java.time.Instant;

/**
 * A span of time from its start up to, and without, its end. {@link #ALWAYS} stands for a table
 * that is not built by intervals.
 */
public record Interval(Instant start, Instant end) implements Comparable<Interval> {

  public static final Interval ALWAYS = new Interval(Instant.MIN, Instant.MAX);

  public Interval {
    if (!start.isBefore(end)) {
      throw new IllegalArgumentException(start + " is not before " + end);
    }
  }

  public boolean contains(Instant instant) {
    return !instant.isBefore(start) && instant.isBefore(end);
  }

  public boolean overlaps(Interval other) {
    return start.isBefore(other.end) && other.start.isBefore(end);
  }

  @Override
  public int compareTo(Interval other) {
    int byStart = start.compareTo(other.start);
    return byStart != 0 ? byStart : end.compareTo(other.end);
  }

  /** {@code 2026-01-31T00:00:00Z/2026-02-01T00:00:00Z}, as ISO 8601 writes it. */
  @Override
  public String toString() {
    return equals(ALWAYS) ? "always" : start + "/" + end;
  }
}
