package io.millrace.event;

/** Well-formed UTF-8, as in table 3-7 of the Unicode standard. */
final class Utf8 {

  private Utf8() {}

  /**
   * The length of the character that begins at {@code at} with a byte beyond ASCII; 0 if the bytes
   * are overlong, a surrogate, beyond U+10FFFF, cut short or no character at all.
   */
  static int sequence(byte[] bytes, int at, int end) {
    int first = bytes[at] & 0xff;
    int length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (first < 0xc2 || first > 0xf4 || end - at < length) {
      return 0;
    }
    int second = bytes[at + 1] & 0xff;
    int lowest = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    int highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (second < lowest || second > highest) {
      return 0;
    }
    for (int i = at + 2; i < at + length; i++) {
      if ((bytes[i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  /** Writes a code point; returns where the next one goes. */
  static int write(int codePoint, byte[] target, int at) {
    int next = at;
    if (codePoint < 0x80) {
      target[next++] = (byte) codePoint;
      return next;
    }
    if (codePoint < 0x800) {
      target[next++] = (byte) (0xc0 | (codePoint >> 6));
    } else {
      if (codePoint < 0x10000) {
        target[next++] = (byte) (0xe0 | (codePoint >> 12));
      } else {
        target[next++] = (byte) (0xf0 | (codePoint >> 18));
        target[next++] = (byte) (0x80 | ((codePoint >> 12) & 0x3f));
      }
      target[next++] = (byte) (0x80 | ((codePoint >> 6) & 0x3f));
    }
    target[next++] = (byte) (0x80 | (codePoint & 0x3f));
    return next;
  }
}
