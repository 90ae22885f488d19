package io.millrace.event;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.openhft.hashing.LongHashFunction;

/**
 * The names an event uses that its contract does not know, to find those that come twice in one
 * object. An open-addressed table that keeps its memory from event to event.
 */
final class NamesSeen {

  // Seeded anew in each process, so that nobody can prepare an event whose names all collide.
  private static final LongHashFunction HASH =
      LongHashFunction.xx3(new SplittableRandom().nextLong());

  private final EventBytes event;
  private int count;
  private int[] slots = new int[64]; // entry + 1; 0 is free
  private int[] slotOf = new int[32];
  private int[] objects = new int[32];
  private int[] froms = new int[32]; // complement: in the scratch buffer
  private int[] lengths = new int[32];
  private long[] hashes = new long[32];

  NamesSeen(EventBytes event) {
    this.event = event;
  }

  void clear() {
    for (int entry = 0; entry < count; entry++) {
      slots[slotOf[entry]] = 0;
    }
    count = 0;
  }

  /** Notes a name of an object; false if that object has it already. */
  boolean add(int object, byte[] text, int from, int length) {
    long hash = HASH.hashBytes(text, from, length) + object * 0x9E3779B97F4A7C15L;
    int mask = slots.length - 1;
    int slot = (int) (hash >>> 32) & mask;
    for (; slots[slot] != 0; slot = (slot + 1) & mask) {
      int entry = slots[slot] - 1;
      if (hashes[entry] == hash && objects[entry] == object && isName(entry, text, from, length)) {
        return false;
      }
    }
    if (count == hashes.length) {
      grow();
      return add(object, text, from, length);
    }
    slots[slot] = count + 1;
    slotOf[count] = slot;
    objects[count] = object;
    froms[count] = text == event.bytes ? from : ~from;
    lengths[count] = length;
    hashes[count] = hash;
    count++;
    return true;
  }

  private boolean isName(int entry, byte[] text, int from, int length) {
    int known = froms[entry];
    byte[] source = known < 0 ? event.scratch : event.bytes;
    int knownFrom = known < 0 ? ~known : known;
    return Arrays.equals(source, knownFrom, knownFrom + lengths[entry], text, from, from + length);
  }

  private void grow() {
    int capacity = 2 * count;
    slotOf = Arrays.copyOf(slotOf, capacity);
    objects = Arrays.copyOf(objects, capacity);
    froms = Arrays.copyOf(froms, capacity);
    lengths = Arrays.copyOf(lengths, capacity);
    hashes = Arrays.copyOf(hashes, capacity);
    slots = new int[2 * capacity];
    int mask = slots.length - 1;
    for (int entry = 0; entry < count; entry++) {
      int slot = (int) (hashes[entry] >>> 32) & mask;
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = entry + 1;
      slotOf[entry] = slot;
    }
  }
}
