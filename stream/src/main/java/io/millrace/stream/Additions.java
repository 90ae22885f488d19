package io.millrace.stream;

import java.util.Arrays;

/**
 * What a window has come to remember since its last checkpoint, in the order it came: entries of so
 * many longs each, of which the first is the generation.
 */
final class Additions {

  private final int width;

  /** Counts all entries that came before these. */
  private final long first;

  private long[] values;
  private int used;

  Additions(int width, long first) {
    this.width = width;
    this.first = first;
    this.values = new long[64 * width];
  }

  /** A new entry of zeros, all to be {@link #set}; its number, which no other entry has. */
  long add() {
    if (used == values.length) {
      values = Arrays.copyOf(values, Math.multiplyExact(values.length, 2));
    }
    used += width;
    return next() - 1;
  }

  /** Whether the entry of a number is among these, and not of an earlier checkpoint. */
  boolean has(long number) {
    return number >= first;
  }

  void set(long number, int field, long value) {
    values[(int) (number - first) * width + field] = value;
  }

  /** The number of the entry that comes next. */
  long next() {
    return first + size();
  }

  int size() {
    return used / width;
  }

  long get(int index, int field) {
    return values[index * width + field];
  }
}
