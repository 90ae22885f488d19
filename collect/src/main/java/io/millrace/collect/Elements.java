package io.millrace.collect;

import java.util.Arrays;

/**
 * Where the events of a body are: each is a range of its bytes, exactly as they came. Only the
 * array around the events or the lines between them are read here; what an event itself says is for
 * the decoder.
 */
final class Elements {

  private final int maxCount;
  private int[] ranges = new int[256];
  private int count;

  private Elements(int maxCount) {
    this.maxCount = maxCount;
  }

  /** Splits a JSON array. An array that cannot be split refuses the whole body. */
  static Elements ofArray(byte[] json, int length, int maxCount) {
    Elements elements = new Elements(maxCount);
    int at = skipSpace(json, 0, length);
    if (at == length || json[at] != '[') {
      throw broken(
          at,
          length,
          "an array of events starts with '['; newlines between events are "
              + "application/x-ndjson");
    }
    at = skipSpace(json, at + 1, length);
    if (at < length && json[at] == ']') {
      requireEnd(json, at + 1, length);
      return elements;
    }
    while (true) {
      int end = endOfElement(json, at, length);
      if (end == at) {
        throw broken(at, length, "there is no event before '" + (char) json[at] + "'");
      }
      elements.add(at, trimmed(json, at, end));
      if (json[end] == ']') {
        requireEnd(json, end + 1, length);
        return elements;
      }
      at = skipSpace(json, end + 1, length);
    }
  }

  /** Splits lines; those without anything on them are no events. */
  static Elements ofLines(byte[] text, int length, int maxCount) {
    Elements elements = new Elements(maxCount);
    int start = 0;
    while (start < length) {
      int end = start;
      while (end < length && text[end] != '\n') {
        end++;
      }
      int from = skipSpace(text, start, end);
      if (from < end) {
        elements.add(from, trimmed(text, from, end));
      }
      start = end + 1;
    }
    return elements;
  }

  /** Refuses a body with an event that could not be kept even as a rejected one. */
  void requireAtMost(int maxBytes) {
    for (int i = 0; i < count; i++) {
      if (length(i) > maxBytes) {
        throw Refused.tooLarge(
            "Cannot take event %d of the request: it has %d bytes and no topic takes more than %d"
                .formatted(i, length(i), maxBytes));
      }
    }
  }

  int count() {
    return count;
  }

  int offset(int index) {
    return ranges[2 * index];
  }

  int length(int index) {
    return ranges[2 * index + 1] - ranges[2 * index];
  }

  private void add(int from, int to) {
    if (count == maxCount) {
      throw Refused.tooLarge(
          "Cannot take more than %d events in one request: send several".formatted(maxCount));
    }
    if (2 * count == ranges.length) {
      ranges = Arrays.copyOf(ranges, 2 * ranges.length);
    }
    ranges[2 * count] = from;
    ranges[2 * count + 1] = to;
    count++;
  }

  /** Where the comma or the bracket after an element is. */
  private static int endOfElement(byte[] json, int from, int length) {
    int depth = 0;
    for (int at = from; at < length; at++) {
      switch (json[at]) {
        case '"' -> at = endOfString(json, at, length);
        case '{', '[' -> depth++;
        case '}' -> depth = Math.max(0, depth - 1);
        case ']' -> {
          if (depth == 0) {
            return at;
          }
          depth--;
        }
        case ',' -> {
          if (depth == 0) {
            return at;
          }
        }
        default -> {}
      }
    }
    throw broken(length, length, "the array is not closed");
  }

  private static int endOfString(byte[] json, int quote, int length) {
    for (int at = quote + 1; at < length; at++) {
      if (json[at] == '\\') {
        at++;
      } else if (json[at] == '"') {
        return at;
      }
    }
    throw broken(quote, length, "the string that starts there is not closed");
  }

  private static void requireEnd(byte[] json, int from, int length) {
    int at = skipSpace(json, from, length);
    if (at < length) {
      throw broken(at, length, "something follows the array");
    }
  }

  private static Refused broken(int at, int length, String reason) {
    return Refused.unreadable(
        "Cannot read the body as a JSON array at byte %d of %d: %s; nothing was kept"
            .formatted(at, length, reason));
  }

  private static int skipSpace(byte[] text, int from, int to) {
    int at = from;
    while (at < to && isSpace(text[at])) {
      at++;
    }
    return at;
  }

  private static int trimmed(byte[] text, int from, int to) {
    int end = to;
    while (end > from && isSpace(text[end - 1])) {
      end--;
    }
    return end;
  }

  private static boolean isSpace(byte value) {
    return value == ' ' || value == '\n' || value == '\r' || value == '\t';
  }
}
