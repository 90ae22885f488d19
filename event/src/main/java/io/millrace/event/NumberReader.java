package io.millrace.event;

import java.nio.charset.StandardCharsets;

/**
 * Reads JSON numbers exactly. {@link #scan} checks the grammar and keeps up to 18 digits in a long,
 * which is all that most numbers have; the conversions go back to the digits only for longer ones.
 * No number costs more than a walk over its digits, whatever its exponent says.
 */
final class NumberReader {

  /** As many decimal digits as always fit a long. */
  static final int LONG_DIGITS = 18;

  private static final int MAX_EXPONENT = 1_000_000_000;
  private static final long MAX_EXACT_DOUBLE = 1L << 53;
  private static final long[] POWERS = new long[LONG_DIGITS + 1];

  /** Powers of ten that a double holds exactly. */
  private static final double[] EXACT_POWERS = new double[23];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = 10 * POWERS[i - 1];
    }
    for (int i = 0; i < EXACT_POWERS.length; i++) {
      EXACT_POWERS[i] = Double.parseDouble("1e" + i);
    }
  }

  private final EventBytes event;
  private int from;
  private int to;
  private boolean negative;

  /** The digits without the point, if there are at most 18. */
  private long digits;

  private boolean isShort;

  /** The number is its digits times ten to this power. */
  private int exponent;

  /** The exact value that {@link #unscaled} found, in two's complement. */
  long high;

  long low;

  NumberReader(EventBytes event) {
    this.event = event;
  }

  /** Passes over the number that begins at {@code at}. */
  int scan(int at) {
    byte[] bytes = event.bytes;
    int end = event.end;
    from = at;
    negative = bytes[at] == '-';
    int next = negative ? at + 1 : at;
    int first = next;
    long value = 0;
    if (next < end && bytes[next] == '0') {
      next++;
    } else {
      for (; next < end && isDigit(bytes[next]); next++) {
        value = 10 * value + (bytes[next] - '0');
      }
      if (next == first) {
        return event.unexpected(next, "a digit");
      }
    }
    int count = next - first;
    exponent = 0;
    if (next < end && bytes[next] == '.') {
      first = ++next;
      for (; next < end && isDigit(bytes[next]); next++) {
        value = 10 * value + (bytes[next] - '0');
      }
      if (next == first) {
        return event.unexpected(next, "a digit");
      }
      count += next - first;
      exponent = first - next;
    }
    digits = value;
    isShort = count <= LONG_DIGITS;
    if (next < end && (bytes[next] | 0x20) == 'e') {
      next = scanExponent(next + 1);
    }
    to = next;
    return next;
  }

  private int scanExponent(int at) {
    byte sign = event.byteAt(at);
    int first = sign == '-' || sign == '+' ? at + 1 : at;
    int next = first;
    int value = 0;
    for (; isDigit(event.byteAt(next)); next++) {
      // Beyond the limit no count of digits in an event can bring the number back into any range.
      value =
          Math.min(MAX_EXPONENT, 10 * Math.min(value, MAX_EXPONENT / 10) + event.bytes[next] - '0');
    }
    if (next == first) {
      return event.unexpected(next, "a digit");
    }
    exponent += sign == '-' ? -value : value;
    return next;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** Whether the value is a whole number. */
  boolean isIntegral() {
    return exponent >= 0 || (isShort && digits == 0) || trailingZerosAndExponent() >= 0;
  }

  /** The power of ten of the last digit that is not zero; 0 for zero. */
  private long trailingZerosAndExponent() {
    int last = lastSignificant();
    return last < 0 ? 0 : exponent + (long) digitsIn(last + 1, mantissaEnd());
  }

  /**
   * Finds {@code value * 10^scale} as {@link #high} and {@link #low}.
   *
   * @return false if that is not whole, or has more than {@code precision} (at most 38) digits
   */
  boolean unscaled(int precision, int scale) {
    long shift = (long) exponent + scale;
    if (isShort
        && shift >= 0
        && shift <= LONG_DIGITS
        && digits < POWERS[LONG_DIGITS - (int) shift]) {
      long value = digits * POWERS[(int) shift];
      low = negative ? -value : value;
      high = low >> 63;
      return precision >= LONG_DIGITS || value < POWERS[precision];
    }
    return unscaledFromDigits(precision, scale);
  }

  private boolean unscaledFromDigits(int precision, int scale) {
    high = 0;
    low = 0;
    int last = lastSignificant();
    if (last < 0) {
      return true;
    }
    int first = from;
    while (!isDigit(event.bytes[first]) || event.bytes[first] == '0') {
      first++;
    }
    long zeros = scale + trailingZerosAndExponent();
    if (zeros < 0 || zeros + digitsIn(first, last + 1) > precision) {
      return false;
    }
    for (int i = first; i <= last; i++) {
      if (event.bytes[i] != '.') {
        append(event.bytes[i] - '0');
      }
    }
    for (; zeros > 0; zeros--) {
      append(0);
    }
    if (negative) {
      low = -low;
      high = ~high + (low == 0 ? 1 : 0);
    }
    return true;
  }

  private void append(int digit) {
    long lower = 10 * (low & 0xffffffffL) + digit;
    long upper = 10 * (low >>> 32) + (lower >>> 32);
    low = (upper << 32) | (lower & 0xffffffffL);
    high = 10 * high + (upper >>> 32);
  }

  /** The position of the last digit that is not zero, or -1. */
  private int lastSignificant() {
    int at = mantissaEnd() - 1;
    while (at >= from && !(event.bytes[at] >= '1' && event.bytes[at] <= '9')) {
      at--;
    }
    return at < from ? -1 : at;
  }

  private int mantissaEnd() {
    int at = from;
    while (at < to && (event.bytes[at] | 0x20) != 'e') {
      at++;
    }
    return at;
  }

  private int digitsIn(int first, int end) {
    int count = 0;
    for (int i = first; i < end; i++) {
      count += event.bytes[i] == '.' ? 0 : 1;
    }
    return count;
  }

  /** The nearest double; infinite if there is none. */
  double toDouble() {
    if (isShort && digits <= MAX_EXACT_DOUBLE && Math.abs(exponent) < EXACT_POWERS.length) {
      // Both operands are exact, so the one rounding gives the nearest double.
      double power = EXACT_POWERS[Math.abs(exponent)];
      double value = exponent < 0 ? digits / power : digits * power;
      return negative ? -value : value;
    }
    return Double.parseDouble(new String(event.bytes, from, to - from, StandardCharsets.US_ASCII));
  }
}
