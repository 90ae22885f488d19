package io.millrace.stream;

import java.util.Arrays;

/**
 * Some whole lines of a file, and what is known of each. Reused; for one thread at a time.
 *
 * <p>A line is what a newline ends, or the end of the file. White space around it is no part of its
 * event, and a line of nothing else is no event.
 */
final class Chunk {

  /** What became of a line. */
  enum State {
    BLANK,
    /** It breaks the contract. */
    BROKEN,
    /** It keeps the contract, and is not known to be a repeat. */
    KEPT,
    REPEATED
  }

  byte[] bytes;
  int length;

  /** Its place among all chunks of a load, from 0. */
  long number;

  /** Its file's place in the load, from 0. */
  int file;

  /** The line that the first of its lines is of its file, from 0. */
  long firstLine;

  private int lines;
  private int[] starts = new int[4096];
  private int[] ends = new int[4096];
  private State[] states = new State[4096];
  private long[] ids = new long[2 * 4096];

  Chunk(int capacity) {
    bytes = new byte[capacity];
  }

  /** Finds its lines. */
  void split() {
    lines = 0;
    int at = 0;
    while (at < length) {
      int end = at;
      while (end < length && bytes[end] != '\n') {
        end++;
      }
      add(at, end);
      at = end + 1;
    }
  }

  private void add(int from, int to) {
    if (lines == starts.length) {
      starts = Arrays.copyOf(starts, 2 * lines);
      ends = Arrays.copyOf(ends, 2 * lines);
      states = Arrays.copyOf(states, 2 * lines);
      ids = Arrays.copyOf(ids, 4 * lines);
    }
    int start = from;
    int end = to;
    while (start < end && isSpace(bytes[start])) {
      start++;
    }
    while (end > start && isSpace(bytes[end - 1])) {
      end--;
    }
    starts[lines] = start;
    ends[lines] = end;
    states[lines] = State.BLANK;
    lines++;
  }

  private static boolean isSpace(byte value) {
    return value == ' ' || value == '\t' || value == '\r';
  }

  int lines() {
    return lines;
  }

  int start(int line) {
    return starts[line];
  }

  /** Bytes of its event; 0 if it has none. */
  int length(int line) {
    return ends[line] - starts[line];
  }

  byte[] event(int line) {
    return Arrays.copyOfRange(bytes, starts[line], ends[line]);
  }

  State state(int line) {
    return states[line];
  }

  void put(int line, State state) {
    states[line] = state;
  }

  void putId(int line, long high, long low) {
    ids[2 * line] = high;
    ids[2 * line + 1] = low;
  }

  long idHigh(int line) {
    return ids[2 * line];
  }

  long idLow(int line) {
    return ids[2 * line + 1];
  }
}
