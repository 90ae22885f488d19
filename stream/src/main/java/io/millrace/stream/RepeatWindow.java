package io.millrace.stream;

import java.time.Duration;
import java.util.Arrays;

/**
 * The event ids that one topic partition has seen of late, by which repeats are known.
 *
 * <p>Time is the broker's append time, in generations of a quarter of the window: an id is
 * remembered for the rest of its generation and the four that follow, so for at least the window
 * and at most a quarter longer. That depends on nothing but the topic, so whoever reads the same
 * records again decides the same. A generation is forgotten whole, which costs nothing.
 */
final class RepeatWindow {

  private static final int GENERATIONS_PER_WINDOW = 4;

  /** In milliseconds, or whatever time is counted in. */
  private final long generationLength;

  /** The ids of generation g are at g mod length. */
  private final IdSet[] sets = new IdSet[GENERATIONS_PER_WINDOW + 1];

  private long newest = Long.MIN_VALUE;
  private Additions additions = new Additions();

  RepeatWindow(Duration window) {
    this(window.toMillis());
  }

  private RepeatWindow(long window) {
    generationLength = Math.max(1, window / GENERATIONS_PER_WINDOW);
  }

  /** Remembers an id for so many events: time is how many came before. */
  static RepeatWindow overEvents(long events) {
    return new RepeatWindow(events);
  }

  /** Whether this is the first time the id is seen; it is remembered then. */
  boolean isFirst(long high, long low, long time) {
    if (has(high, low, time)) {
      return false;
    }
    setOf(newest).add(high, low);
    additions.add(newest, high, low);
    return true;
  }

  /** Whether the id is remembered at this time. */
  boolean has(long high, long low, long time) {
    advance(Math.floorDiv(time, generationLength));
    for (IdSet set : sets) {
      if (set != null && set.contains(high, low)) {
        return true;
      }
    }
    return false;
  }

  /** Remembers an id again after a restart. */
  void restore(long generation, long high, long low) {
    advance(generation);
    if (!hasForgotten(generation) && !setOf(generation).contains(high, low)) {
      setOf(generation).add(high, low);
    }
  }

  /** Whether the ids of a generation have been forgotten. */
  boolean hasForgotten(long generation) {
    return generation <= newest - sets.length;
  }

  /** The ids remembered since this was last asked. */
  Additions takeAdditions() {
    Additions taken = additions;
    additions = new Additions();
    return taken;
  }

  /** Append times of one partition do not run backwards; if a broker's clock does, time stands. */
  private void advance(long generation) {
    if (generation <= newest) {
      return;
    }
    if (newest == Long.MIN_VALUE || generation - newest >= sets.length) {
      Arrays.fill(sets, null);
    } else {
      for (long passed = newest + 1; passed <= generation; passed++) {
        sets[indexOf(passed)] = null;
      }
    }
    newest = generation;
  }

  private IdSet setOf(long generation) {
    int at = indexOf(generation);
    if (sets[at] == null) {
      sets[at] = new IdSet();
    }
    return sets[at];
  }

  private int indexOf(long generation) {
    return (int) Math.floorMod(generation, (long) sets.length);
  }

  /** Ids in the order they came, three longs each: generation, high, low. */
  static final class Additions {
    private long[] values = new long[3 * 64];
    private int used;

    private void add(long generation, long high, long low) {
      if (used == values.length) {
        values = Arrays.copyOf(values, Math.multiplyExact(values.length, 2));
      }
      values[used++] = generation;
      values[used++] = high;
      values[used++] = low;
    }

    int size() {
      return used / 3;
    }

    long generation(int index) {
      return values[3 * index];
    }

    long high(int index) {
      return values[3 * index + 1];
    }

    long low(int index) {
      return values[3 * index + 2];
    }
  }
}
