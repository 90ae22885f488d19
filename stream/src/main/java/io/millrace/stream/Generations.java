package io.millrace.stream;

import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Time in generations of a quarter of a window: what belongs to one is remembered for the rest of
 * it and for the four that follow, so for at least the window and at most a quarter longer. A
 * generation is forgotten whole, which costs nothing.
 *
 * @param <T> what is remembered of a generation
 */
final class Generations<T> {

  static final int COUNT = 5;

  /** In milliseconds, or whatever time is counted in. */
  private final long length;

  private final Supplier<T> making;

  /** What is of generation g is at g mod length. */
  private final T[] held;

  private long newest = Long.MIN_VALUE;
  private int newestAt;

  Generations(long window, IntFunction<T[]> array, Supplier<T> making) {
    this.length = Math.max(1, window / (COUNT - 1));
    this.held = array.apply(COUNT);
    this.making = making;
  }

  /** Goes on to the generation of a time. */
  void advanceTo(long time) {
    advance(Math.floorDiv(time, length));
  }

  /** Append times of one partition do not run backwards; if a broker's clock does, time stands. */
  void advance(long generation) {
    if (generation <= newest) {
      return;
    }
    if (newest == Long.MIN_VALUE || generation - newest >= COUNT) {
      Arrays.fill(held, null);
    } else {
      for (long passed = newest + 1; passed <= generation; passed++) {
        held[indexOf(passed)] = null;
      }
    }
    newest = generation;
    newestAt = indexOf(generation);
  }

  long newest() {
    return newest;
  }

  boolean hasForgotten(long generation) {
    return generation <= newest - COUNT;
  }

  /**
   * What there is of the generation that is so many before the newest; null if there is nothing.
   */
  T before(int generations) {
    int at = newestAt - generations;
    return held[at < 0 ? at + COUNT : at];
  }

  /** Of a generation that is not forgotten. */
  T of(long generation) {
    int at = indexOf(generation);
    if (held[at] == null) {
      held[at] = making.get();
    }
    return held[at];
  }

  private static int indexOf(long generation) {
    return (int) Math.floorMod(generation, (long) COUNT);
  }
}
