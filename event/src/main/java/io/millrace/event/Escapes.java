package io.millrace.event;

import static io.millrace.event.EventBytes.FAILED;

import java.util.Arrays;

/** The backslash escapes of JSON strings. */
final class Escapes {

  private static final byte[] HEX = new byte[256];

  static {
    Arrays.fill(HEX, (byte) -1);
    for (int digit = 0; digit < 16; digit++) {
      HEX[Character.forDigit(digit, 16)] = (byte) digit;
      HEX[Character.toUpperCase(Character.forDigit(digit, 16))] = (byte) digit;
    }
  }

  private Escapes() {}

  /** The value of a hexadecimal digit, negative if it is none. */
  static int hex(byte digit) {
    return HEX[digit & 0xff];
  }

  /** Checks the escape whose backslash is at {@code at}; returns the position after it. */
  static int check(EventBytes event, int at) {
    switch (event.byteAt(at + 1)) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
        return at + 2;
      }
      case 'u' -> {
        return checkUnicode(event, at);
      }
      default -> {
        return event.malformed(
            Reason.BAD_JSON, at, "What begins with the backslash is not an escape");
      }
    }
  }

  private static int checkUnicode(EventBytes event, int at) {
    int unit = event.end - at < 6 ? -1 : unit(event.bytes, at);
    if (unit < 0) {
      return event.malformed(
          Reason.BAD_JSON, at, "Expected four hexadecimal digits after a backslash and 'u'");
    }
    if (!isSurrogate(unit)) {
      return at + 6;
    }
    if (unit < Character.MIN_LOW_SURROGATE
        && event.byteAt(at + 6) == '\\'
        && event.byteAt(at + 7) == 'u'
        && event.end - at >= 12) {
      int second = unit(event.bytes, at + 6);
      if (second >= Character.MIN_LOW_SURROGATE && second <= Character.MAX_LOW_SURROGATE) {
        return at + 12;
      }
    }
    event.malformed(Reason.BAD_ENCODING, at, "\\u%04X stands for half a character".formatted(unit));
    return FAILED;
  }

  private static boolean isSurrogate(int unit) {
    return unit >= Character.MIN_SURROGATE && unit <= Character.MAX_SURROGATE;
  }

  /** The UTF-16 unit of the escape at {@code at}; negative if its digits are not hexadecimal. */
  private static int unit(byte[] bytes, int at) {
    return (hex(bytes[at + 2]) << 12)
        | (hex(bytes[at + 3]) << 8)
        | (hex(bytes[at + 4]) << 4)
        | hex(bytes[at + 5]);
  }

  /**
   * Copies a string that has been checked, without its quotes, and resolves its escapes; returns
   * where the copy ends. It is never longer than its source.
   */
  static int resolve(byte[] source, int from, int to, byte[] target, int targetFrom) {
    int at = from;
    int next = targetFrom;
    while (at < to) {
      byte b = source[at];
      if (b != '\\') {
        target[next++] = b;
        at++;
      } else if (source[at + 1] != 'u') {
        target[next++] = plain(source[at + 1]);
        at += 2;
      } else {
        int codePoint = unit(source, at);
        at += 6;
        if (isSurrogate(codePoint)) {
          codePoint = Character.toCodePoint((char) codePoint, (char) unit(source, at));
          at += 6;
        }
        next = Utf8.write(codePoint, target, next);
      }
    }
    return next;
  }

  private static byte plain(byte letter) {
    return switch (letter) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> letter;
    };
  }
}
