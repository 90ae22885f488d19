package io.millrace.project;

import io.millrace.project.Calendar.OnWeekends;
import io.millrace.project.FiscalYear.NamedAfter;
import io.millrace.project.FiscalYear.Weeks;
import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.Form;
import io.millrace.project.yaml.Forms;
import io.millrace.project.yaml.Key;
import io.millrace.project.yaml.Shape;
import io.millrace.project.yaml.Values;
import io.millrace.project.yaml.Word;
import io.millrace.project.yaml.Yaml;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.MonthDay;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads calendars: files under {@code calendars/}. */
final class CalendarReader {

  private static final Form<LocalDate> DAY =
      word("a day", "write it as 2026-01-31", "[0-9]{4}-[0-9]{2}-[0-9]{2}", LocalDate::parse);
  private static final Form<LocalTime> TIME =
      word("a time of day", "write it as 17:30", "[0-9]{2}:[0-9]{2}", LocalTime::parse);
  private static final Form<DayOfWeek> WEEKDAY =
      Forms.choice("day of the week", DayOfWeek.values());

  static final Key<LocalDate> FROM = Key.required("from", DAY, "The first day.");
  static final Key<LocalDate> TO = Key.required("to", DAY, "The last day.");
  static final Shape DAYS_SHAPE = new Shape(FROM, TO);

  static final Key<MonthDay> BEGINS =
      Key.required(
          "begins",
          word(
              "a day of every year",
              "write it as 04-01; no later than the 28th",
              "[0-9]{2}-([01][0-9]|2[0-8])",
              text -> MonthDay.parse("--" + text)),
          "Its first day, such as `04-01`.");
  static final Key<NamedAfter> NAMED_AFTER =
      Key.withDefault(
          "named_after",
          Forms.choice("end of a year", NamedAfter.values()),
          "end",
          "Whether it has the number of the year it begins or ends in.");
  static final Key<Weeks> WEEKS =
      Key.optional(
          "weeks",
          Forms.choice("pattern of weeks", patterns()),
          "How many weeks the months of a quarter have. The year then begins with the week that begins nearest to `begins`, and a 53rd week belongs to its last month.");
  static final Shape FISCAL_YEAR = new Shape(BEGINS, NAMED_AFTER, WEEKS);

  static final Key<String> HOLIDAY_NAME = Key.required("name", Forms.text(), "What it is called.");
  static final Key<Holiday.Rule> ON =
      Key.required(
          "on",
          new Word<>(
              "a day of a holiday",
              "write 12-25, 2026-06-03, easter+1 or last monday of may",
              text ->
                  Optional.of(text)
                      .filter(it -> it.matches(Holiday.WRITTEN))
                      .flatMap(Holiday.Rule::parse),
              Forms.pattern("^(" + Holiday.WRITTEN + ")$"),
              "such as `12-25`, `2026-06-03`, `easter-2`, `last monday of may`"),
          "When it is: each year on a date, once, so many days after Easter Sunday, or on a weekday of a month.");
  static final Key<List<Integer>> EXCEPT =
      Key.optional("except", Forms.listOf(Forms.whole(1, 9999)), "Years in which it is not.");
  static final Shape HOLIDAY = new Shape(HOLIDAY_NAME, ON, EXCEPT);

  static final Key<LocalTime> PART_FROM = Key.required("from", TIME, "When it begins.");
  static final Key<String> PART_NAME = Key.required("name", Forms.text(), "What it is called.");
  static final Shape PART = new Shape(PART_NAME, PART_FROM);

  static final Key<Duration> EVERY =
      Key.required(
          "every",
          Forms.time("1m", "1h"),
          "From one to the next, a part of an hour such as `15m`.");
  static final Key<List<Values>> PARTS =
      Key.optional("parts", Forms.listOf(PART), "What stretches of the day are called.");
  static final Shape TIMES_SHAPE = new Shape(EVERY, PARTS);

  static final Key<String> DESCRIPTION =
      Key.optional("description", Forms.prose(), "What it is for, in a sentence.");
  static final Key<String> OWNER = Key.optional("owner", Forms.text(), "Who is asked about it.");
  static final Key<Values> DAYS = Key.optional("days", DAYS_SHAPE, "The days of a table of days.");
  static final Key<Values> TIMES =
      Key.optional("times", TIMES_SHAPE, "The times of a table of times of day.");
  static final Key<DayOfWeek> WEEK_BEGINS =
      Key.withDefault("week_begins", WEEKDAY, "monday", "The first day of a week.");
  static final Key<List<DayOfWeek>> WEEKEND =
      Key.optional(
          "weekend", Forms.listOf(WEEKDAY), "Its days; Saturday and Sunday if not written.");
  static final Key<Values> FISCAL =
      Key.optional("fiscal_year", FISCAL_YEAR, "How the business cuts time into years.");
  static final Key<List<Values>> HOLIDAYS =
      Key.optional("holidays", Forms.listOf(HOLIDAY), "Days on which no business is done.");
  static final Key<OnWeekends> ON_WEEKENDS =
      Key.withDefault(
          "on_weekends",
          Forms.choice("way to treat holidays on weekends", OnWeekends.values()),
          "stay",
          "Whether a holiday of a fixed date that falls on a weekend is observed on a workday too.");
  static final Key<String> UNKNOWN =
      Key.optional(
          "unknown",
          Forms.text(),
          "What the day is called that is not known: a row with the key -1 and no day.");

  static final Shape CALENDAR =
      new Shape(
          DESCRIPTION,
          OWNER,
          DAYS,
          WEEK_BEGINS,
          WEEKEND,
          FISCAL,
          HOLIDAYS,
          ON_WEEKENDS,
          UNKNOWN,
          TIMES);

  /** The most days a table has: all that have four digits would be too many. */
  private static final int MAX_YEARS = 200;

  private static final List<Key<?>> OF_DAYS =
      List.of(WEEK_BEGINS, WEEKEND, FISCAL, HOLIDAYS, ON_WEEKENDS, UNKNOWN);

  private CalendarReader() {}

  private static <T> Form<T> word(
      String noun, String remedy, String regex, Function<String, T> parse) {
    return new Word<>(
        noun,
        remedy,
        text -> {
          try {
            return Optional.of(text).filter(it -> it.matches(regex)).map(parse);
          } catch (DateTimeException e) {
            return Optional.empty();
          }
        },
        Forms.pattern("^" + regex + "$"),
        remedy.replaceFirst("write it as ([^;]*).*", "such as `$1`"));
  }

  private static Map<String, Weeks> patterns() {
    Map<String, Weeks> patterns = new LinkedHashMap<>();
    patterns.put("4-4-5", new Weeks(4, 4));
    patterns.put("4-5-4", new Weeks(4, 5));
    patterns.put("5-4-4", new Weeks(5, 4));
    return patterns;
  }

  /** The SQL of the table, with what is said of it at its top; empty if the file has flaws. */
  static Optional<String> read(Yaml document, Flaws flaws) {
    if (document.isNull()) {
      flaws.add(0, "the file is empty", "write the days or times it has: days, or times");
      return Optional.empty();
    }
    int before = flaws.found().size();
    return CALENDAR
        .read(document, flaws)
        .flatMap(
            values ->
                calendar(values, flaws)
                    .filter(it -> flaws.found().size() == before)
                    .map(it -> comment(values) + it.select()));
  }

  private static String comment(Values values) {
    return Stream.of(
            values.find(DESCRIPTION).map(String::strip), values.find(OWNER).map("Owner: "::concat))
        .flatMap(Optional::stream)
        .flatMap(String::lines)
        .map(line -> "-- " + line + "\n")
        .collect(Collectors.joining());
  }

  private static Optional<Calendar> calendar(Values values, Flaws flaws) {
    if (values.has(DAYS) == values.has(TIMES)) {
      flaws.add(
          values.line(DAYS),
          values.has(DAYS)
              ? "both days and times are written"
              : "neither days nor times are written",
          "write one of them");
      return Optional.empty();
    }
    if (values.has(TIMES)) {
      OF_DAYS.stream()
          .filter(values::has)
          .forEach(
              key ->
                  flaws.add(
                      values.line(key),
                      "key '" + key.name() + "' means nothing for times",
                      "take it out"));
      return values.find(TIMES).flatMap(it -> times(it, values.line(TIMES), flaws));
    }
    return values.find(DAYS).flatMap(it -> days(it, values, flaws));
  }

  private static Optional<Calendar> days(Values days, Values values, Flaws flaws) {
    Optional<LocalDate> from = days.find(FROM);
    Optional<LocalDate> to = days.find(TO);
    if (from.isEmpty() || to.isEmpty()) {
      return Optional.empty();
    }
    if (to.get().isBefore(from.get()) || to.get().isAfter(from.get().plusYears(MAX_YEARS))) {
      flaws.add(
          days.line(TO),
          "the last day is not within %d years after the first".formatted(MAX_YEARS),
          "write another one");
      return Optional.empty();
    }
    Set<DayOfWeek> weekend =
        Set.copyOf(values.find(WEEKEND).orElse(List.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY)));
    if (weekend.size() == DayOfWeek.values().length) {
      flaws.add(values.line(WEEKEND), "the weekend never ends", "leave a workday");
    }
    return Optional.of(
        new Calendar.Days(
            from.get(),
            to.get(),
            values.get(WEEK_BEGINS),
            weekend,
            values.find(FISCAL).filter(it -> has(it, BEGINS)).map(CalendarReader::fiscal),
            values.find(HOLIDAYS).orElse(List.of()).stream()
                .filter(it -> has(it, HOLIDAY_NAME) && has(it, ON))
                .map(
                    it ->
                        new Holiday(
                            it.get(HOLIDAY_NAME),
                            it.get(ON),
                            Set.copyOf(it.find(EXCEPT).orElse(List.of()))))
                .toList(),
            values.get(ON_WEEKENDS),
            values.find(UNKNOWN)));
  }

  private static boolean has(Values values, Key<?> required) {
    return values.has(required) && values.areSound();
  }

  private static FiscalYear fiscal(Values values) {
    return new FiscalYear(values.get(BEGINS), values.get(NAMED_AFTER), values.find(WEEKS));
  }

  private static Optional<Calendar> times(Values values, int line, Flaws flaws) {
    long minutes = values.find(EVERY).map(Duration::toMinutes).orElse(1L);
    if (60 % minutes != 0 || values.find(EVERY).map(Duration::toSecondsPart).orElse(0) != 0) {
      flaws.add(line, "'every' is no part of an hour", "write 1m, 5m, 15m, 30m or 1h");
    }
    SortedMap<LocalTime, String> parts = new TreeMap<>();
    for (Values part : values.find(PARTS).orElse(List.of())) {
      part.find(PART_FROM).ifPresent(from -> parts.put(from, part.find(PART_NAME).orElse("")));
    }
    return Optional.of(new Calendar.Times((int) minutes, parts));
  }
}
