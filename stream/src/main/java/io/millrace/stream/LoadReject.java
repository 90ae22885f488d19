package io.millrace.stream;

import java.util.Comparator;

/**
 * A line that was rejected.
 *
 * @param file the file's place in the load, from 0
 * @param line from 1, as an editor counts
 * @param field dotted path, or empty
 */
record LoadReject(int file, long line, String reason, String field, String detail)
    implements Comparable<LoadReject> {

  private static final Comparator<LoadReject> ORDER =
      Comparator.comparingInt(LoadReject::file).thenComparingLong(LoadReject::line);

  @Override
  public int compareTo(LoadReject other) {
    return ORDER.compare(this, other);
  }
}
