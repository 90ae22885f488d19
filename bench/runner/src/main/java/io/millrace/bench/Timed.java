package io.millrace.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How long questions took, each asked several times; the first time is to get warm. */
public final class Timed {

  private final Map<String, List<Long>> nanos = new TreeMap<>();

  /**
   * Notes how long one took.
   *
   * @param time from 0, the warm-up
   */
  public void took(String question, int time, long nanoseconds) {
    if (time > 0) {
      nanos.computeIfAbsent(question, it -> new ArrayList<>()).add(nanoseconds);
    }
  }

  /** The medians of all questions together; each is told on standard error. */
  public double seconds() {
    double all = 0;
    for (var it : nanos.entrySet()) {
      List<Long> sorted = it.getValue().stream().sorted().toList();
      double seconds = sorted.get((sorted.size() - 1) / 2) / 1e9;
      System.err.printf(Locale.ROOT, "%s %.3f s%n", it.getKey(), seconds);
      all += seconds;
    }
    return all;
  }
}
