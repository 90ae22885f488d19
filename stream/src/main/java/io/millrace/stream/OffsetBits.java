package io.millrace.stream;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** A set of offsets of a partition: a page of bits for each stretch that has some. */
final class OffsetBits {

  private static final int PAGE = 1 << 16;

  private final Map<Long, BitSet> pages = new HashMap<>();

  void add(long offset) {
    pages.computeIfAbsent(offset / PAGE, page -> new BitSet(PAGE)).set((int) (offset % PAGE));
  }

  boolean contains(long offset) {
    BitSet page = pages.get(offset / PAGE);
    return page != null && page.get((int) (offset % PAGE));
  }
}
