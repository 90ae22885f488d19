package io.millrace.project;

import io.millrace.core.Quoted;
import io.millrace.core.SqlFile;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A dimension that follows from a few words: a table of days, or one of times of day. */
sealed interface Calendar {

  /** The SELECT of its rows, which reads no table. */
  String select();

  /**
   * Days, and what each is to a business.
   *
   * @param unknown what the day is called that is not known, or has not come yet; with it the table
   *     has a row for it
   */
  record Days(
      LocalDate from,
      LocalDate to,
      DayOfWeek weekBegins,
      Set<DayOfWeek> weekend,
      Optional<FiscalYear> fiscalYear,
      List<Holiday> holidays,
      OnWeekends onWeekends,
      Optional<String> unknown)
      implements Calendar {

    public Days {
      weekend = Set.copyOf(weekend);
      holidays = List.copyOf(holidays);
    }

    @Override
    public String select() {
      Map<String, String> holes = new LinkedHashMap<>();
      holes.put("from", from.toString());
      holes.put("to", to.toString());
      holes.put("week_begins", String.valueOf(weekBegins.getValue()));
      holes.put(
          "weekend",
          weekend.stream()
              .sorted()
              .map(day -> String.valueOf(day.getValue()))
              .collect(Collectors.joining(", ")));
      holes.put("unknown_day", unknown.isPresent() ? "UNION ALL SELECT CAST(NULL AS DATE)" : "");
      holes.put("unknown", Quoted.text(unknown.orElse("")));
      holes.put("holidays", written(namedDays()));
      holes.put("fiscal", fiscalYear.map(year -> fiscal(year, holes)).orElse(""));
      holes.put("fiscal_columns", fiscalYear.isPresent() ? file("fiscal-columns", Map.of()) : "");
      holes.put("fiscal_join", fiscalYear.map(year -> file("fiscal-join", holes)).orElse(""));
      return file("days", holes);
    }

    /** By day what it is called; a holiday that is moved has two days. */
    SortedMap<LocalDate, String> namedDays() {
      SortedMap<LocalDate, String> named = new TreeMap<>();
      SortedMap<LocalDate, String> moving = new TreeMap<>();
      for (int year = from.getYear() - 1; year <= to.getYear() + 1; year++) {
        for (Holiday holiday : holidays) {
          holiday
              .in(year)
              .ifPresent(
                  day -> {
                    named.merge(day, holiday.name(), (one, other) -> one + ", " + other);
                    if (holiday.rule().moves() && weekend.contains(day.getDayOfWeek())) {
                      moving.merge(day, holiday.name(), (one, other) -> one + ", " + other);
                    }
                  });
        }
      }
      if (onWeekends != OnWeekends.STAY) {
        moving.forEach((day, name) -> named.put(workday(day, named), name + " (observed)"));
      }
      return named.subMap(from, to.plusDays(1));
    }

    private LocalDate workday(LocalDate day, Map<LocalDate, String> named) {
      for (int distance = 1; ; distance++) {
        LocalDate before = day.minusDays(distance);
        if (onWeekends == OnWeekends.NEAREST_WORKDAY && isWorkday(before, named)) {
          return before;
        }
        LocalDate after = day.plusDays(distance);
        if (isWorkday(after, named)) {
          return after;
        }
      }
    }

    private boolean isWorkday(LocalDate day, Map<LocalDate, String> named) {
      return !weekend.contains(day.getDayOfWeek()) && !named.containsKey(day);
    }

    private static String written(SortedMap<LocalDate, String> named) {
      return named.entrySet().stream()
          .map(it -> ", (DATE '%s', %s)".formatted(it.getKey(), Quoted.text(it.getValue())))
          .collect(Collectors.joining());
    }

    private String fiscal(FiscalYear fiscal, Map<String, String> holes) {
      List<String> years = new ArrayList<>();
      for (int year = from.getYear() - 2; year <= to.getYear() + 1; year++) {
        years.add(
            "(%d, DATE '%s', DATE '%s')"
                .formatted(
                    fiscal.number(year),
                    fiscal.first(year, weekBegins),
                    fiscal.first(year + 1, weekBegins)));
      }
      holes.put("years", String.join(", ", years));
      holes.put("month_shift", String.valueOf(fiscal.begins().getDayOfMonth() - 1));
      fiscal
          .weeks()
          .ifPresent(
              weeks -> {
                holes.put("first", String.valueOf(weeks.first()));
                holes.put("second", String.valueOf(weeks.first() + weeks.second()));
              });
      holes.put(
          "fiscal_month",
          file(fiscal.weeks().isPresent() ? "month-of-weeks" : "month-of-months", holes));
      return file("fiscal", holes);
    }
  }

  /** What becomes of a holiday of a fixed date that falls on a weekend. */
  enum OnWeekends {
    STAY,
    NEXT_WORKDAY,
    NEAREST_WORKDAY
  }

  /**
   * Times of day.
   *
   * @param minutes from one to the next
   * @param parts what stretches of the day are called, by when they begin; the last one goes on
   *     after midnight
   */
  record Times(int minutes, SortedMap<LocalTime, String> parts) implements Calendar {
    @Override
    public String select() {
      String part =
          parts.entrySet().stream()
              .sorted(Map.Entry.comparingByKey(Comparator.reverseOrder()))
              .map(
                  it ->
                      "WHEN number >= %d THEN %s "
                          .formatted(it.getKey().toSecondOfDay() / 60, Quoted.text(it.getValue())))
              .collect(Collectors.joining());
      return file(
          "times",
          Map.of(
              "minutes",
              String.valueOf(minutes),
              "part",
              parts.isEmpty()
                  ? ""
                  : ",\n  CASE %sELSE %s END AS part_of_day"
                      .formatted(part, Quoted.text(parts.get(parts.lastKey())))));
    }
  }

  private static String file(String name, Map<String, String> holes) {
    return SqlFile.fill(Calendar.class, "calendar/" + name, holes);
  }
}
