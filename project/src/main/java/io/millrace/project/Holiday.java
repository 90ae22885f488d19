package io.millrace.project;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.time.MonthDay;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A day on which no business is done.
 *
 * @param except years in which it is not
 */
record Holiday(String name, Rule rule, Set<Integer> except) {

  private static final List<String> ORDINALS = List.of("first", "second", "third", "fourth");

  /** How a rule is written. */
  static final String WRITTEN =
      "([0-9]{4}-)?[0-9]{2}-[0-9]{2}|easter([+-][0-9]{1,2})?"
          + "|(first|second|third|fourth|last) [a-z]+day of [a-z]+";

  private static final Pattern EASTER = Pattern.compile("easter([+-]\\d+)?");
  private static final Pattern WEEKDAY = Pattern.compile("([a-z]+) ([a-z]+) of ([a-z]+)");

  Holiday {
    except = Set.copyOf(except);
  }

  /** When it is. */
  interface Rule {
    /** The day in a year, if it has one. */
    Optional<LocalDate> in(int year);

    /** Whether it is moved when it falls on a weekend. */
    default boolean moves() {
      return false;
    }

    /**
     * Reads one: {@code 12-25}, {@code 2026-06-03}, {@code easter+1}, {@code last monday of may}.
     */
    static Optional<Rule> parse(String text) {
      try {
        Matcher easter = EASTER.matcher(text);
        Matcher weekday = WEEKDAY.matcher(text);
        if (easter.matches()) {
          int days = easter.group(1) == null ? 0 : Integer.parseInt(easter.group(1));
          return Optional.of(year -> Optional.of(Holiday.easter(year).plusDays(days)));
        } else if (weekday.matches()) {
          DayOfWeek day = DayOfWeek.valueOf(weekday.group(2).toUpperCase(Locale.ROOT));
          Month month = Month.valueOf(weekday.group(3).toUpperCase(Locale.ROOT));
          // "last" counts from the end.
          int ordinal = ORDINALS.indexOf(weekday.group(1)) + 1;
          return Optional.of(
              year ->
                  Optional.of(
                      LocalDate.of(year, month, 1)
                          .with(
                              ordinal == 0
                                  ? TemporalAdjusters.lastInMonth(day)
                                  : TemporalAdjusters.dayOfWeekInMonth(ordinal, day))));
        } else if (text.length() == "01-31".length()) {
          return Optional.of(new EachYear(MonthDay.parse("--" + text)));
        }
        LocalDate once = LocalDate.parse(text);
        return Optional.of(year -> Optional.of(once).filter(it -> it.getYear() == year));
      } catch (DateTimeException | IllegalArgumentException e) {
        return Optional.empty();
      }
    }
  }

  private record EachYear(MonthDay day) implements Rule {
    @Override
    public Optional<LocalDate> in(int year) {
      return Optional.of(day).filter(it -> it.isValidYear(year)).map(it -> it.atYear(year));
    }

    @Override
    public boolean moves() {
      return true;
    }
  }

  Optional<LocalDate> in(int year) {
    return except.contains(year) ? Optional.empty() : rule.in(year);
  }

  /**
   * The Sunday after the full moon on or after 21 March, by the tables of the Gregorian calendar.
   */
  static LocalDate easter(int year) {
    int golden = year % 19;
    int century = year / 100;
    int ofCentury = year % 100;
    int moonLag = (8 * century + 13) / 25;
    int epact = (19 * golden + century - century / 4 - moonLag + 15) % 30;
    int weekday = (32 + 2 * (century % 4) + 2 * (ofCentury / 4) - epact - ofCentury % 4) % 7;
    int shift = (golden + 11 * epact + 22 * weekday) / 451;
    int day = epact + weekday - 7 * shift + 114;
    return LocalDate.of(year, day / 31, day % 31 + 1);
  }
}
