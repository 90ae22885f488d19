package io.millrace.event;

/** Days and instants as RFC 3339 writes them. */
final class CalendarText {

  /** The text does not have the form. */
  static final long OTHER_FORM = Long.MIN_VALUE;

  /** It has the form, but the calendar or the clock has no such value. */
  static final long NO_SUCH_TIME = Long.MIN_VALUE + 1;

  private static final long MICROS = 1_000_000;
  private static final long DAY_SECONDS = 86_400;
  private static final int DATE_LENGTH = 10;
  private static final int SECONDS_END = 19;
  private static final int MAX_FRACTION_DIGITS = 9;
  private static final long FIRST_SECOND = epochDay(1, 1, 1) * DAY_SECONDS;
  private static final long END_SECOND = epochDay(10_000, 1, 1) * DAY_SECONDS;

  private CalendarText() {}

  /** {@code 2026-01-31} as days since 1970-01-01. */
  static long days(byte[] text, int from, int length) {
    return length == DATE_LENGTH ? date(text, from) : OTHER_FORM;
  }

  private static long date(byte[] text, int at) {
    int century = twoDigits(text, at);
    int yearOfCentury = twoDigits(text, at + 2);
    int month = twoDigits(text, at + 5);
    int day = twoDigits(text, at + 8);
    if ((century | yearOfCentury | month | day) < 0 || text[at + 4] != '-' || text[at + 7] != '-') {
      return OTHER_FORM;
    }
    int year = 100 * century + yearOfCentury;
    if (year == 0 || month == 0 || month > 12 || day == 0 || day > daysIn(year, month)) {
      return NO_SUCH_TIME;
    }
    return epochDay(year, month, day);
  }

  /** {@code 2026-01-31T23:59:59.123456Z} as microseconds since 1970. */
  static long micros(byte[] text, int from, int length) {
    if (length <= SECONDS_END || !isSeparator(text[from + DATE_LENGTH])) {
      return OTHER_FORM;
    }
    long day = date(text, from);
    int hour = twoDigits(text, from + 11);
    int minute = twoDigits(text, from + 14);
    int second = twoDigits(text, from + 17);
    if (day == OTHER_FORM
        || (hour | minute | second) < 0
        || text[from + 13] != ':'
        || text[from + 16] != ':') {
      return OTHER_FORM;
    }
    int end = from + length;
    int zone = fractionEnd(text, from + SECONDS_END, end);
    long fraction = zone < 0 ? OTHER_FORM : fraction(text, from + SECONDS_END, zone);
    long offset = zone < 0 ? OTHER_FORM : offsetSeconds(text, zone, end);
    if (fraction == OTHER_FORM || offset == OTHER_FORM) {
      return OTHER_FORM;
    }
    if (day == NO_SUCH_TIME || offset == NO_SUCH_TIME || hour > 23 || minute > 59 || second > 59) {
      return NO_SUCH_TIME;
    }
    long seconds = day * DAY_SECONDS + hour * 3600L + minute * 60L + second - offset;
    return seconds < FIRST_SECOND || seconds >= END_SECOND
        ? NO_SUCH_TIME
        : seconds * MICROS + fraction;
  }

  private static boolean isSeparator(byte b) {
    return b == 'T' || b == 't' || b == ' ';
  }

  /** The end of the fraction that may begin at {@code at}; negative if it has no proper digits. */
  private static int fractionEnd(byte[] text, int at, int end) {
    if (text[at] != '.') {
      return at;
    }
    int next = at + 1;
    while (next < end && isDigit(text[next])) {
      next++;
    }
    int count = next - at - 1;
    return count == 0 || count > MAX_FRACTION_DIGITS ? -1 : next;
  }

  private static long fraction(byte[] text, int from, int to) {
    long value = 0;
    long unit = MICROS;
    for (int i = from + 1; i < to; i++) {
      unit /= 10; // 0 below the microsecond: clocks that tell nanoseconds are common, and cut
      value += (text[i] - '0') * unit;
    }
    return value;
  }

  private static long offsetSeconds(byte[] text, int at, int end) {
    int length = end - at;
    if (length == 1 && (text[at] | 0x20) == 'z') {
      return 0;
    }
    if (length != 6 || (text[at] != '+' && text[at] != '-') || text[at + 3] != ':') {
      return OTHER_FORM;
    }
    int hours = twoDigits(text, at + 1);
    int minutes = twoDigits(text, at + 4);
    if ((hours | minutes) < 0) {
      return OTHER_FORM;
    }
    if (hours > 23 || minutes > 59) {
      return NO_SUCH_TIME;
    }
    long seconds = hours * 3600L + minutes * 60L;
    return text[at] == '-' ? -seconds : seconds;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** Negative if these are not two digits. */
  private static int twoDigits(byte[] text, int at) {
    int tens = text[at] - '0';
    int ones = text[at + 1] - '0';
    return (tens | ones | (9 - tens) | (9 - ones)) < 0 ? -1 : 10 * tens + ones;
  }

  private static int daysIn(int year, int month) {
    if (month == 2) {
      boolean leap = (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
      return leap ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  }

  /**
   * Days since 1970-01-01. The year is taken to begin in March, so that a leap day is its last and
   * 153 days are any five months; 400 years are 146,097 days.
   */
  private static long epochDay(int year, int month, int day) {
    int marchYear = month <= 2 ? year - 1 : year;
    int cycle = marchYear / 400;
    int yearOfCycle = marchYear - 400 * cycle;
    int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int dayOfCycle = 365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear;
    return 146_097L * cycle + dayOfCycle - 719_468;
  }
}
