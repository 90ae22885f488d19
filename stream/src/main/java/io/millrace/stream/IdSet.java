package io.millrace.stream;

import java.security.SecureRandom;

/**
 * A set of 128-bit ids in one array: two longs an id, linear probing, no objects. Who chooses ids
 * cannot choose where they are looked for.
 */
final class IdSet {

  private static final int INITIAL_CAPACITY = 1 << 10;
  private static final long SEED = new SecureRandom().nextLong();

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
    int slot = ((int) mixed(mixed(high ^ SEED) ^ low) << 1) & mask;
    while ((slots[slot] != high || slots[slot + 1] != low)
        && (slots[slot] | slots[slot + 1]) != 0) {
      slot = (slot + 2) & mask;
    }
    return slot;
  }

  /** Each bit of it depends on all: the last step of MurmurHash3, by Austin Appleby. */
  private static long mixed(long bits) {
    long mixed = (bits ^ (bits >>> 33)) * 0xFF51_AFD7_ED55_8CCDL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xC4CE_B9FE_1A85_EC53L;
    return mixed ^ (mixed >>> 33);
  }
}
