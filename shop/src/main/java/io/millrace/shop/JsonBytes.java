package io.millrace.shop;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * A buffer that JSON is written into, byte by byte and with no object made on the way: a shop feeds
 * benchmarks and must not be what they measure. Texts are given as bytes that need no escape.
 */
final class JsonBytes {

  private static final byte[] HEX = ascii("0123456789abcdef");

  private byte[] bytes = new byte[4096];
  private int length;

  private long second = Long.MIN_VALUE;
  private final byte[] secondText = ascii("2000-01-01T00:00:00.");

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  JsonBytes clear() {
    length = 0;
    return this;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  JsonBytes put(byte[] text) {
    room(text.length);
    System.arraycopy(text, 0, bytes, length, text.length);
    length += text.length;
    return this;
  }

  JsonBytes put(char one) {
    room(1);
    bytes[length++] = (byte) one;
    return this;
  }

  /** A number that is not negative. */
  JsonBytes number(long value) {
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    digits(value, digits);
    return this;
  }

  /** A number with leading zeros. */
  JsonBytes padded(long value, int width) {
    digits(value, width);
    return this;
  }

  /** Hundredths as a decimal with two places: 1205 is 12.05. */
  JsonBytes money(long pence) {
    number(pence / 100).put('.');
    digits(pence % 100, 2);
    return this;
  }

  JsonBytes hex(long value) {
    return hex(value, 60, 16);
  }

  JsonBytes uuid(long high, long low) {
    hex(high, 60, 8).put('-');
    hex(high, 28, 4).put('-');
    hex(high, 12, 4).put('-');
    hex(low, 60, 4).put('-');
    return hex(low, 44, 12);
  }

  /** An instant as {@code 2026-01-31T23:59:59.123456Z}. */
  JsonBytes time(long micros) {
    long now = Math.floorDiv(micros, 1_000_000);
    if (now != second) {
      second = now;
      writeSecond(now);
    }
    put(secondText);
    digits(micros - now * 1_000_000, 6);
    return put('Z');
  }

  private void writeSecond(long epochSecond) {
    // A full second has no fraction in ISO 8601, so the text always ends where the point goes.
    String text = Instant.ofEpochSecond(epochSecond).toString();
    System.arraycopy(ascii(text), 0, secondText, 0, secondText.length - 1);
  }

  private JsonBytes hex(long value, int fromBit, int count) {
    room(count);
    for (int i = 0, bit = fromBit; i < count; i++, bit -= 4) {
      bytes[length++] = HEX[(int) (value >>> bit) & 15];
    }
    return this;
  }

  private void digits(long value, int count) {
    room(count);
    long rest = value;
    for (int i = length + count - 1; i >= length; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += count;
  }

  private void room(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
