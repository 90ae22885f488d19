package io.millrace.stream;

/**
 * A set of 128-bit ids in one array: two longs an id, linear probing, no objects. Ids are hashes or
 * random already, so a multiplication is enough to say where to look.
 */
final class IdSet {

  private static final int INITIAL_CAPACITY = 1 << 10;

  /** Pairs; a pair of zeros is an empty slot. */
  private long[] slots = new long[2 * INITIAL_CAPACITY];

  private int size;
  private boolean holdsZero;

  boolean contains(long high, long low) {
    if ((high | low) == 0) {
      return holdsZero;
    }
    int slot = slotOf(slots, high, low);
    return (slots[slot] | slots[slot + 1]) != 0;
  }

  /** Adds an id that the set does not hold. */
  void add(long high, long low) {
    size++;
    if ((high | low) == 0) {
      holdsZero = true;
      return;
    }
    if (4L * size > 3L * (slots.length / 2)) {
      grow();
    }
    put(slots, high, low);
  }

  private void grow() {
    long[] larger = new long[Math.multiplyExact(slots.length, 2)];
    for (int slot = 0; slot < slots.length; slot += 2) {
      if ((slots[slot] | slots[slot + 1]) != 0) {
        put(larger, slots[slot], slots[slot + 1]);
      }
    }
    slots = larger;
  }

  private static void put(long[] slots, long high, long low) {
    int slot = slotOf(slots, high, low);
    slots[slot] = high;
    slots[slot + 1] = low;
  }

  /** The slot that holds the id, or the empty one where it belongs. */
  private static int slotOf(long[] slots, long high, long low) {
    int mask = slots.length - 1;
    long spread = (high ^ low) * 0x9E37_79B9_7F4A_7C15L;
    int slot = ((int) (spread >>> 32) << 1) & mask;
    while ((slots[slot] != high || slots[slot + 1] != low)
        && (slots[slot] | slots[slot + 1]) != 0) {
      slot = (slot + 2) & mask;
    }
    return slot;
  }
}
