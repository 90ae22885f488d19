package io.millrace.boot.faults;

import java.util.Arrays;

/** How long batches took to be answered, since they were last asked for. Takes many threads. */
final class Posts {

  private static final double NANOS_PER_MS = 1e6;

  private double[] milliseconds = new double[256];
  private int count;

  synchronized void took(long nanos) {
    if (count == milliseconds.length) {
      milliseconds = Arrays.copyOf(milliseconds, 2 * count);
    }
    milliseconds[count++] = nanos / NANOS_PER_MS;
  }

  /** In milliseconds, in ascending order; forgets them. */
  synchronized double[] take() {
    double[] taken = Arrays.copyOf(milliseconds, count);
    count = 0;
    Arrays.sort(taken);
    return taken;
  }
}
