package io.millrace.stream;

import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * What one topic partition remembers for a while and gives to checkpoints bit by bit. Entries are
 * so many longs, of which the first is the {@link Generations generation} it is forgotten with.
 *
 * @param <T> what is remembered of a generation
 */
abstract class Window<T> {

  final Generations<T> generations;

  /** What it has come to remember since it was last asked. */
  Additions additions;

  private final int width;

  /**
   * @param length in milliseconds, or whatever time is counted in
   * @param width longs of an entry
   */
  Window(long length, int width, IntFunction<T[]> array, Supplier<T> making) {
    this.generations = new Generations<>(length, array, making);
    this.additions = new Additions(width, 0);
    this.width = width;
  }

  /** What it has come to remember since this was last asked. */
  final Additions takeAdditions() {
    Additions taken = additions;
    additions = new Additions(width, taken.next());
    return taken;
  }

  /** Remembers an entry again after a restart; entries come in any order. */
  abstract void restore(long[] entry);

  /** Whether all that is of a generation has been forgotten. */
  final boolean hasForgotten(long generation) {
    return generations.hasForgotten(generation);
  }
}
