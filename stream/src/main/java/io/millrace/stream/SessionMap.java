package io.millrace.stream;

/**
 * The newest session of each key, in one array: linear probing, no objects. Keys are hashes of 128
 * bits, of which none is zero.
 */
final class SessionMap {

  private static final int INITIAL_CAPACITY = 1 << 10;

  private static final int HIGH = 0;
  private static final int LOW = 1;
  private static final int STARTED = 2;
  private static final int LAST = 3;
  private static final int ADDITION = 4;
  private static final int WIDTH = 5;

  private long[] slots = new long[WIDTH * INITIAL_CAPACITY];
  private int capacity = INITIAL_CAPACITY;
  private int size;

  /** Where the session of a key is; -1 if there is none. Any {@link #put} may move it. */
  int find(long high, long low) {
    int slot = slotOf(slots, capacity, high, low);
    return isEmpty(slots, slot) ? -1 : slot;
  }

  long started(int slot) {
    return slots[slot + STARTED];
  }

  /** The newest event time of the session. */
  long last(int slot) {
    return slots[slot + LAST];
  }

  /** The number of the {@link Additions addition} that says what the session was last. */
  long addition(int slot) {
    return slots[slot + ADDITION];
  }

  void setLast(int slot, long last) {
    slots[slot + LAST] = last;
  }

  void put(long high, long low, long started, long last, long addition) {
    int slot = slotOf(slots, capacity, high, low);
    if (isEmpty(slots, slot) && 4L * ++size > 3L * capacity) {
      grow();
      slot = slotOf(slots, capacity, high, low);
    }
    slots[slot + HIGH] = high;
    slots[slot + LOW] = low;
    slots[slot + STARTED] = started;
    slots[slot + LAST] = last;
    slots[slot + ADDITION] = addition;
  }

  private void grow() {
    int larger = Math.multiplyExact(capacity, 2);
    long[] into = new long[Math.multiplyExact(larger, WIDTH)];
    for (int slot = 0; slot < slots.length; slot += WIDTH) {
      if (!isEmpty(slots, slot)) {
        System.arraycopy(
            slots, slot, into, slotOf(into, larger, slots[slot], slots[slot + LOW]), WIDTH);
      }
    }
    slots = into;
    capacity = larger;
  }

  private static boolean isEmpty(long[] slots, int slot) {
    return (slots[slot] | slots[slot + LOW]) == 0;
  }

  /** The slot of the key, or the empty one where it belongs. */
  private static int slotOf(long[] slots, int capacity, long high, long low) {
    int mask = capacity - 1;
    long spread = (high ^ low) * 0x9E37_79B9_7F4A_7C15L;
    int number = (int) (spread >>> 32) & mask;
    while ((slots[number * WIDTH] != high || slots[number * WIDTH + LOW] != low)
        && !isEmpty(slots, number * WIDTH)) {
      number = (number + 1) & mask;
    }
    return number * WIDTH;
  }
}
