package io.millrace.quality;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How unevenly rows fall on the values of a column, and what that costs work that is shared by it.
 *
 * @param rows all rows
 * @param values how many different values there are, within about 2 %
 * @param maxError by how many rows a count may be off
 * @param heavy the values with the most rows, the heaviest first
 */
public record Skew(long rows, long values, long maxError, List<Heavy> heavy) {

  /** A share of the rows above which one value decides how long the work takes. */
  private static final double SKEWED = 0.05;

  public Skew {
    heavy = List.copyOf(heavy);
  }

  /**
   * A value and its rows.
   *
   * @param value as text; empty for NULL
   */
  public record Heavy(Optional<String> value, long atLeast, long atMost) {}

  /** The share of the rows that a value has at least, from 0 to 1. */
  public double share(Heavy value) {
    return rows == 0 ? 0 : (double) value.atLeast() / rows;
  }

  /** Whether one value has so many rows that the others wait for it. */
  public boolean isSkewed() {
    return !heavy.isEmpty() && share(heavy.get(0)) > SKEWED;
  }

  /**
   * How many times as fast as one task any number of them can be, if all rows of a value go to the
   * same one: Amdahl's law for the heaviest value.
   */
  public double fastest() {
    return heavy.isEmpty() || heavy.get(0).atLeast() == 0
        ? Double.POSITIVE_INFINITY
        : 1 / share(heavy.get(0));
  }

  /** What it costs and what can be done, a sentence each; none if rows fall evenly. */
  public List<String> advice(String column) {
    if (!isSkewed()) {
      return List.of();
    }
    List<String> advice = new ArrayList<>();
    advice.add(
        String.format(
            Locale.ROOT,
            "Work that is shared by %s is at most %.1f times as fast as one task, however many there are: all rows of the heaviest value go to one.",
            column,
            fastest()));
    if (heavy.get(0).value().isEmpty()) {
      advice.add(
          "Rows without a value join nothing: filter them out before a join, and count them apart.");
      return advice;
    }
    advice.add(
        "To add up: count by (%s, hash(<id>) %% 16) first, then by %s; sums, counts, minima and maxima allow it."
            .formatted(column, column));
    advice.add(
        "To join: join the rows of the heavy values with a broadcast of their few partners, the others as before, and UNION ALL.");
    advice.add(
        "As a stream's key: take one with more values, unless order within this one matters; the stream job itself does not shuffle by key.");
    return advice;
  }
}
