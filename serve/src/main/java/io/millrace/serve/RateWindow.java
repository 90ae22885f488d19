package io.millrace.serve;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Events per second of each stream over the last two minutes, from counters that only grow. A
 * second in which the counters could not be read has no rate, which is not the same as zero.
 */
final class RateWindow {

  /** Points kept of each stream, one a second. */
  static final int POINTS = 120;

  /** How many of the latest points the rate "now" is the mean of; smooths batches. */
  private static final int RECENT_POINTS = 5;

  private static final double NANOS_PER_SECOND = 1e9;

  private record Reading(long nanos, Map<String, Double> totals) {}

  private final List<String> streams;
  private final Map<String, Deque<Double>> rates = new HashMap<>();
  private Reading last;

  RateWindow(List<String> streams) {
    this.streams = List.copyOf(streams);
    this.streams.forEach(
        stream -> rates.put(stream, new ArrayDeque<>(Collections.nCopies(POINTS, Double.NaN))));
  }

  /** Adds a point: the counters as read at a time of {@link System#nanoTime}. */
  synchronized void read(long nanos, Map<String, Double> totals) {
    for (String stream : streams) {
      push(stream, last == null ? Double.NaN : rate(stream, nanos, totals));
    }
    last = new Reading(nanos, Map.copyOf(totals));
  }

  /** Adds a point without a rate: the counters could not be read. */
  synchronized void miss() {
    streams.forEach(stream -> push(stream, Double.NaN));
  }

  private double rate(String stream, long nanos, Map<String, Double> totals) {
    double now = totals.getOrDefault(stream, 0.0);
    double before = last.totals().getOrDefault(stream, 0.0);
    // A counter that fell belongs to a process that started anew: it counted up from zero.
    double grown = now < before ? now : now - before;
    return grown / ((nanos - last.nanos()) / NANOS_PER_SECOND);
  }

  private void push(String stream, double rate) {
    Deque<Double> points = rates.get(stream);
    points.removeFirst();
    points.addLast(rate);
  }

  /** The points of a stream, oldest first; null where there is no rate. */
  synchronized List<Double> points(String stream) {
    List<Double> points = new ArrayList<>(POINTS);
    rates.get(stream).forEach(rate -> points.add(rate.isNaN() ? null : Math.rint(rate * 10) / 10));
    return points;
  }

  /** The mean of the last seconds, zero when nothing could be read. */
  synchronized double now(String stream) {
    double mean =
        rates.get(stream).stream()
            .skip(POINTS - RECENT_POINTS)
            .filter(rate -> !rate.isNaN())
            .mapToDouble(Double::doubleValue)
            .average()
            .orElse(0);
    return Math.rint(mean * 10) / 10;
  }
}
