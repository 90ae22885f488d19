package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A text of SQL, to say where in it a node of its tree is. */
final class SqlText {

  private final int length;

  /** Where lines begin, in bytes. */
  private final NavigableMap<Long, Integer> lines = new TreeMap<>();

  SqlText(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    length = bytes.length;
    lines.put(0L, 1);
    for (int i = 0; i < length; i++) {
      if (bytes[i] == '\n') {
        lines.put(i + 1L, lines.size() + 1);
      }
    }
  }

  int line(JsonNode node) {
    return line(node.path("query_location").asLong(-1));
  }

  /** The parser has no place for some nodes, and says so with a number beyond the text. */
  int line(long offset) {
    return offset >= 0 && offset <= length ? lines.floorEntry(offset).getValue() : 1;
  }
}
