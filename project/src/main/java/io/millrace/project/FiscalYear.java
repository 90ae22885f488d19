package io.millrace.project;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.temporal.TemporalAdjusters;
import java.util.Optional;

/**
 * How a business cuts time into years: by months from a day on, or by weeks, thirteen to a quarter,
 * from the day nearest to it on which a week begins.
 *
 * @param weeks how many weeks the months of a quarter have; without, months are those of the
 *     calendar. A 53rd week belongs to the last month
 */
record FiscalYear(MonthDay begins, NamedAfter namedAfter, Optional<Weeks> weeks) {

  /** The calendar year whose number it has. */
  enum NamedAfter {
    BEGIN,
    END
  }

  /** Weeks of the first and second month of a quarter; the third has the rest of thirteen. */
  record Weeks(int first, int second) {}

  /** The first day of the fiscal year that begins in, or next to, a calendar year. */
  LocalDate first(int year, DayOfWeek weekBegins) {
    LocalDate day = begins.atYear(year);
    if (weeks.isEmpty()) {
      return day;
    }
    LocalDate before = day.with(TemporalAdjusters.previousOrSame(weekBegins));
    return before.plusDays(3).isBefore(day) ? before.plusWeeks(1) : before;
  }

  /** What the fiscal year is called that begins in, or next to, a calendar year. */
  int number(int year) {
    return namedAfter == NamedAfter.BEGIN ? year : begins.atYear(year + 1).minusDays(1).getYear();
  }
}
