package io.millrace.event;

import java.nio.charset.StandardCharsets;

/** Words about a rejected event. Nothing here is quick; accepted events never come here. */
final class Sentences {

  private static final int MAX_DETAIL = 200;
  private static final int MAX_EXCERPT_BYTES = 80;
  private static final String CUT = "…";

  private Sentences() {}

  /** At most as many characters as a verdict's detail may have. */
  static String cut(String detail) {
    return detail.length() <= MAX_DETAIL
        ? detail
        : detail.substring(0, MAX_DETAIL - CUT.length()) + CUT;
  }

  /** A value as it stands in the event, cut to fit, without characters that nobody can see. */
  static String excerpt(byte[] bytes, int from, int to) {
    int end = to;
    if (to - from > MAX_EXCERPT_BYTES) {
      end = from + MAX_EXCERPT_BYTES;
      while ((bytes[end] & 0xc0) == 0x80) {
        end--; // not in the middle of a character
      }
    }
    String text = visible(new String(bytes, from, end - from, StandardCharsets.UTF_8));
    return end < to ? text + CUT : text;
  }

  /** The character at a position where another was expected. */
  static String characterAt(byte[] bytes, int at, int end) {
    int length = bytes[at] < 0 ? Utf8.sequence(bytes, at, end) : 1;
    return "'" + visible(new String(bytes, at, length, StandardCharsets.UTF_8)) + "'";
  }

  private static String visible(String text) {
    StringBuilder visible = new StringBuilder();
    text.codePoints()
        .forEach(
            character -> {
              if (isVisible(character)) {
                visible.appendCodePoint(character);
              } else {
                visible.append("\\u%04X".formatted(character));
              }
            });
    return visible.toString();
  }

  private static boolean isVisible(int character) {
    if (Character.isSpaceChar(character)) {
      return character == ' ';
    }
    return switch (Character.getType(character)) {
      case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE, Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  /** Spells the way to a value: {@code items[2].price}. */
  static String path(byte[] bytes, int[] path, int depth) {
    StringBuilder text = new StringBuilder();
    for (int level = 1; level <= depth; level++) {
      int step = path[level];
      if (step < 0) {
        text.append('[').append(~step).append(']');
      } else {
        text.append(text.isEmpty() ? "" : ".").append(name(bytes, step));
      }
    }
    return text.toString();
  }

  /** The name whose opening quote is at {@code at}; it has been checked. */
  private static String name(byte[] bytes, int at) {
    int end = at + 1;
    while (bytes[end] != '"') {
      end += bytes[end] == '\\' ? 2 : 1;
    }
    byte[] resolved = new byte[end - at];
    int length = Escapes.resolve(bytes, at + 1, end, resolved, 0);
    return excerpt(resolved, 0, length);
  }
}
