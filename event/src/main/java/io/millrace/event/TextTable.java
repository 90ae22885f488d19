package io.millrace.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.openhft.hashing.LongHashFunction;

/** A fixed list of texts, found by their UTF-8 bytes: an open-addressed table, half empty. */
final class TextTable {

  private static final LongHashFunction HASH = LongHashFunction.xx3();

  private final byte[][] texts;
  private final int[] slots; // index + 1; 0 is free
  private final int mask;

  TextTable(List<String> list) {
    texts = new byte[list.size()][];
    slots = new int[Integer.highestOneBit(Math.max(1, list.size())) << 2];
    mask = slots.length - 1;
    for (int index = 0; index < texts.length; index++) {
      texts[index] = list.get(index).getBytes(StandardCharsets.UTF_8);
      int slot = (int) HASH.hashBytes(texts[index]) & mask;
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = index + 1;
    }
  }

  /** The index of these bytes in the list, or -1. */
  int find(byte[] bytes, int from, int length) {
    int slot = (int) HASH.hashBytes(bytes, from, length) & mask;
    for (; slots[slot] != 0; slot = (slot + 1) & mask) {
      byte[] text = texts[slots[slot] - 1];
      if (text.length == length && Arrays.equals(bytes, from, from + length, text, 0, length)) {
        return slots[slot] - 1;
      }
    }
    return -1;
  }
}
