package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;

/** A text of SQL, to say where in it a node of its tree is. */
final class SqlText {

  private final byte[] text;

  SqlText(String text) {
    this.text = text.getBytes(StandardCharsets.UTF_8);
  }

  int line(JsonNode node) {
    return line(node.path("query_location").asLong(-1));
  }

  /** The parser has no place for some nodes, and says so with a number beyond the text. */
  int line(long offset) {
    int line = 1;
    if (offset >= 0 && offset <= text.length) {
      for (int i = 0; i < offset; i++) {
        line += text[i] == '\n' ? 1 : 0;
      }
    }
    return line;
  }
}
