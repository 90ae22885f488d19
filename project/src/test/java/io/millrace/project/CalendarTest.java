package io.millrace.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.TableName;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.MonthDay;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file of {@code calendars/} says, and when holidays and fiscal years are. */
class CalendarTest {

  private static final TableName DAYS = TableName.parse("gold.days");

  @TempDir Path folder;
  private ProjectDirectory directory;

  @BeforeEach
  void makeProject() {
    directory = new ProjectDirectory(folder).with("millrace.yaml", "");
  }

  private static LocalDate day(String text) {
    return LocalDate.parse(text);
  }

  @Test
  void knowsWhenEasterIs() {
    assertThat(Stream.of(1954, 1961, 1981, 2008, 2011, 2024, 2025, 2026, 2038).map(Holiday::easter))
        .extracting(LocalDate::toString)
        .containsExactly(
            "1954-04-18",
            "1961-04-02",
            "1981-04-19",
            "2008-03-23",
            "2011-04-24",
            "2024-03-31",
            "2025-04-20",
            "2026-04-05",
            "2038-04-25");
  }

  private static Calendar.Days year(int year, Calendar.OnWeekends onWeekends, String... rules) {
    return new Calendar.Days(
        LocalDate.of(year, 1, 1),
        LocalDate.of(year, 12, 31),
        DayOfWeek.MONDAY,
        Set.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY),
        Optional.empty(),
        Stream.of(rules)
            .map(it -> new Holiday(it, Holiday.Rule.parse(it).orElseThrow(), Set.of()))
            .toList(),
        onWeekends,
        Optional.empty());
  }

  @Test
  void findsTheDaysOfHolidays() {
    assertThat(
            year(
                    2026,
                    Calendar.OnWeekends.STAY,
                    "easter-2",
                    "first monday of may",
                    "fourth thursday of november",
                    "last friday of january",
                    "2026-06-03",
                    "2025-06-03",
                    "02-29",
                    "12-26")
                .namedDays())
        .containsOnlyKeys(
            day("2026-01-30"),
            day("2026-04-03"),
            day("2026-05-04"),
            day("2026-06-03"),
            day("2026-11-26"),
            day("2026-12-26"));
  }

  @Test
  void movesHolidaysOfWeekendsToWorkdaysThatAreNone() {
    assertThat(year(2022, Calendar.OnWeekends.NEXT_WORKDAY, "01-01", "12-25", "12-26").namedDays())
        .containsOnlyKeys(
            day("2022-01-01"),
            day("2022-01-03"),
            day("2022-12-25"),
            day("2022-12-26"),
            day("2022-12-27"))
        .containsEntry(day("2022-12-27"), "12-25 (observed)");
    assertThat(year(2021, Calendar.OnWeekends.NEAREST_WORKDAY, "01-01", "07-04").namedDays())
        .as("and what next year's first day leaves in this one")
        .containsOnlyKeys(
            day("2021-01-01"), day("2021-07-04"), day("2021-07-05"), day("2021-12-31"));
  }

  @Test
  void aYearOfWeeksBeginsNearestToItsDay() {
    FiscalYear retail =
        new FiscalYear(
            MonthDay.of(2, 1),
            FiscalYear.NamedAfter.BEGIN,
            Optional.of(new FiscalYear.Weeks(4, 5)));
    assertThat(
            IntStream.rangeClosed(2016, 2024)
                .mapToObj(year -> retail.first(year, DayOfWeek.SUNDAY).toString()))
        .containsExactly(
            "2016-01-31",
            "2017-01-29",
            "2018-02-04",
            "2019-02-03",
            "2020-02-02",
            "2021-01-31",
            "2022-01-30",
            "2023-01-29",
            "2024-02-04");
  }

  @Test
  void aYearIsNamedAfterItsBeginOrItsEnd() {
    assertThat(fiscal(4, 1, FiscalYear.NamedAfter.END).number(2026)).isEqualTo(2027);
    assertThat(fiscal(4, 1, FiscalYear.NamedAfter.BEGIN).number(2026)).isEqualTo(2026);
    assertThat(fiscal(1, 1, FiscalYear.NamedAfter.END).number(2026)).isEqualTo(2026);
  }

  private static FiscalYear fiscal(int month, int day, FiscalYear.NamedAfter after) {
    return new FiscalYear(MonthDay.of(month, day), after, Optional.empty());
  }

  @Test
  void isATableOfGoldWithWhatIsSaidOfIt() {
    directory
        .with(
            "calendars/days.yaml",
            "description: Days\nowner: team\ndays: {from: 2026-01-01, to: 2026-12-31}\n")
        .with(
            "models/schema.yml",
            "models: [{name: days, columns: [{name: day, data_tests: [unique]}]}]\n");
    Project project = directory.loadWithSql();
    Model days = project.model(DAYS);
    assertThat(days.materialization()).isEqualTo(new Materialization.Table());
    assertThat(days.file()).isEqualTo(Path.of("calendars/days.yaml"));
    assertThat(days.description()).startsWith("Days\nOwner: team\nGrain: one row for each day");
    assertThat(days.owner()).isEqualTo("team");
    assertThat(days.reads()).isEmpty();
    assertThat(project.tests()).singleElement().extracting(DataTest::table).isEqualTo(DAYS);
  }

  @Test
  void saysWhatIsWrongWithACalendar() {
    directory
        .with("calendars/both.yaml", "days: {from: 2026-01-01, to: 2026-12-31}\ntimes: {every: 1m}")
        .with("calendars/empty.yaml", "")
        .with("calendars/neither.yaml", "week_begins: monday")
        .with("calendars/taken.yaml", "times: {every: 1m}")
        .with("models/gold/taken.sql", "SELECT 1 AS one")
        .with("calendars/view.yaml", "times: {every: 1m}")
        .with("models/schema.yml", "models: [{name: view, config: {materialized: view}}]")
        .with("calendars/times.yaml", "times: {every: 7m}\nunknown: none")
        .with(
            "calendars/days.yaml",
            """
            days: {from: 2026-01-01, to: 2025-01-01}
            week_begins: mondy
            fiscal_year: {begins: 02-30, weeks: 4-4-4}
            holidays:
              - {name: a, on: 13-01}
              - {name: b, on: last monday of mai}
              - {name: c, on: easter, excpt: [2020]}
            """);
    assertThat(directory.problemsWithSql())
        .containsExactly(
            "calendars/both.yaml:1: both days and times are written; write one of them",
            "calendars/days.yaml:1: the last day is not within 200 years after the first; write"
                + " another one",
            "calendars/days.yaml:2: day of the week 'mondy' is not known; did you mean 'monday'?",
            "calendars/days.yaml:3: '02-30' is not a day of every year; write it as 04-01; no later"
                + " than the 28th",
            "calendars/days.yaml:3: pattern of weeks '4-4-4' is not known; did you mean '4-4-5'?",
            "calendars/days.yaml:5: '13-01' is not a day of a holiday; write 12-25, 2026-06-03,"
                + " easter+1 or last monday of may",
            "calendars/days.yaml:6: 'last monday of mai' is not a day of a holiday; write 12-25,"
                + " 2026-06-03, easter+1 or last monday of may",
            "calendars/days.yaml:7: key 'excpt' is not known; did you mean 'except'?",
            "calendars/empty.yaml: the file is empty; write the days or times it has: days, or"
                + " times",
            "calendars/neither.yaml:1: neither days nor times are written; write one of them",
            "calendars/taken.yaml: the table 'gold.taken' is made by models/gold/taken.sql too;"
                + " give one of them another name",
            "calendars/times.yaml:1: 'every' is no part of an hour; write 1m, 5m, 15m, 30m or 1h",
            "calendars/times.yaml:2: key 'unknown' means nothing for times; take it out",
            "models/schema.yml:1: a calendar is a table; write materialized: table");
  }
}
