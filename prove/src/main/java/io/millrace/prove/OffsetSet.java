package io.millrace.prove;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** Offsets as bits, in stretches; one that is complete costs next to nothing. */
final class OffsetSet {

  private static final int STRETCH = 1 << 16;
  private static final BitSet COMPLETE = complete();

  private final Map<Long, BitSet> stretches = new HashMap<>();
  private long size;

  private static BitSet complete() {
    BitSet bits = new BitSet(STRETCH);
    bits.set(0, STRETCH);
    return bits;
  }

  /** False if it was there already. */
  boolean add(long offset) {
    long stretch = offset / STRETCH;
    BitSet bits = stretches.computeIfAbsent(stretch, key -> new BitSet());
    int bit = (int) (offset % STRETCH);
    if (bits.get(bit)) {
      return false;
    }
    bits.set(bit);
    size++;
    if (bits.nextClearBit(bit) == STRETCH && bits.nextClearBit(0) == STRETCH) {
      stretches.put(stretch, COMPLETE);
    }
    return true;
  }

  boolean contains(long offset) {
    BitSet bits = stretches.get(offset / STRETCH);
    return bits != null && bits.get((int) (offset % STRETCH));
  }

  long size() {
    return size;
  }

  /** The first offset at or after another that is not here. */
  long nextAbsent(long from) {
    long stretch = from / STRETCH;
    int bit = (int) (from % STRETCH);
    while (true) {
      BitSet bits = stretches.get(stretch);
      int clear = bits == null ? bit : bits.nextClearBit(bit);
      if (clear < STRETCH) {
        return stretch * STRETCH + clear;
      }
      stretch++;
      bit = 0;
    }
  }

  /** The first offset at or after another that is here, at most {@code end}. */
  long nextPresent(long from, long end) {
    int bit = (int) (from % STRETCH);
    for (long stretch = from / STRETCH; stretch * STRETCH < end; stretch++) {
      BitSet bits = stretches.get(stretch);
      int set = bits == null ? -1 : bits.nextSetBit(bit);
      if (set >= 0) {
        return Math.min(stretch * STRETCH + set, end);
      }
      bit = 0;
    }
    return end;
  }
}
