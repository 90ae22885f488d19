package io.millrace.models;

import io.millrace.core.Interval;
import io.millrace.lake.TableBuild;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How rows of a model come onto the branch of a build. */
@FunctionalInterface
interface Build {

  /**
   * Computes the rows and stages them, once.
   *
   * @return how many rows each interval has now
   */
  SortedMap<Interval, Long> stage(TableBuild build);

  /** The rows of a table that is not built by intervals. */
  static SortedMap<Interval, Long> always(long rows) {
    return new TreeMap<>(Map.of(Interval.ALWAYS, rows));
  }
}
