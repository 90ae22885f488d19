package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.TableName;
import io.millrace.project.ProjectReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.format.TextStyle;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rows that calendars make, against loops over the days. */
class CalendarTablesTest {

  @TempDir Path folder;

  private List<List<Object>> rows(String calendar, String columns) throws Exception {
    Files.createDirectories(folder.resolve("calendars"));
    Files.writeString(folder.resolve("millrace.yaml"), "");
    Files.writeString(folder.resolve("calendars/c.yaml"), calendar);
    String sql;
    try (DuckDbSqlReader reader = new DuckDbSqlReader()) {
      sql = ProjectReader.load(folder, reader).model(new TableName("gold", "c")).select();
    }
    List<List<Object>> rows = new ArrayList<>();
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement();
        ResultSet results =
            statement.executeQuery("SELECT " + columns + " FROM (" + sql + ") ORDER BY 1")) {
      while (results.next()) {
        List<Object> row = new ArrayList<>();
        for (int i = 1; i <= results.getMetaData().getColumnCount(); i++) {
          row.add(PlainValues.of(results.getObject(i)));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  @Test
  void aDayIsWhatTheCalendarSays() throws Exception {
    List<List<Object>> expected = new ArrayList<>();
    expected.add(
        Arrays.asList(
            -1, null, "none", null, null, null, null, null, null, null, "none", null, null, null,
            null));
    for (LocalDate day = LocalDate.of(1999, 12, 20);
        !day.isAfter(LocalDate.of(2012, 1, 10));
        day = day.plusDays(1)) {
      expected.add(
          Arrays.asList(
              day.getYear() * 10_000 + day.getMonthValue() * 100 + day.getDayOfMonth(),
              day,
              day.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH),
              // Wednesday is the first day.
              (day.getDayOfWeek().getValue() + 4) % 7 + 1,
              day.getDayOfMonth(),
              day.getDayOfYear(),
              day.with(TemporalAdjusters.previousOrSame(DayOfWeek.WEDNESDAY)),
              day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR),
              day.get(IsoFields.WEEK_BASED_YEAR),
              day.getMonthValue(),
              day.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH),
              day.withDayOfMonth(1),
              day.with(TemporalAdjusters.lastDayOfMonth()),
              day.get(IsoFields.QUARTER_OF_YEAR),
              day.getYear()));
    }
    assertThat(
            rows(
                "days: {from: 1999-12-20, to: 2012-01-10}\nweek_begins: wednesday\nunknown: none\n",
                "date_key, day, day_name, day_of_week, day_of_month, day_of_year, week_begins, iso_week, iso_year, month, month_name, month_begins, month_ends, quarter, year"))
        .isEqualTo(expected);
  }

  @Test
  void workIsDoneOnDaysThatAreNeitherWeekendNorHoliday() throws Exception {
    assertThat(
            rows(
                "days: {from: 2026-12-23, to: 2026-12-29}\nweekend: [friday, saturday]\nholidays: [{name: \"Boxing '26\", on: 12-26}]\non_weekends: next_workday\n",
                "date_key, is_weekend, holiday, is_workday"))
        .containsExactly(
            Arrays.asList(20261223, false, null, true),
            Arrays.asList(20261224, false, null, true),
            Arrays.asList(20261225, true, null, false),
            Arrays.asList(20261226, true, "Boxing '26", false),
            Arrays.asList(20261227, false, "Boxing '26 (observed)", false),
            Arrays.asList(20261228, false, null, true),
            Arrays.asList(20261229, false, null, true));
  }

  /** Months go from a day to the same day of the next month. */
  @ParameterizedTest
  @CsvSource({"04-01, end", "04-06, end", "01-01, begin", "10-28, begin"})
  void fiscalMonthsBeginOnTheDayOfTheYear(String begins, String namedAfter) throws Exception {
    int dayOfMonth = Integer.parseInt(begins.substring(3));
    int month = Integer.parseInt(begins.substring(0, 2));
    List<List<Object>> expected = new ArrayList<>();
    int year = 2018;
    int ofYear = 0;
    int dayOfYear = 0;
    for (LocalDate day = LocalDate.of(2018, month, dayOfMonth);
        day.isBefore(LocalDate.of(2026, 1, 1));
        day = day.plusDays(1)) {
      if (day.getDayOfMonth() == dayOfMonth) {
        ofYear++;
      }
      dayOfYear++;
      if (ofYear == 13) {
        year++;
        ofYear = 1;
        dayOfYear = 1;
      }
      if (day.getYear() >= 2020) {
        int number = namedAfter.equals("end") && !begins.equals("01-01") ? year + 1 : year;
        expected.add(
            List.of(day, number, (ofYear + 2) / 3, ofYear, (dayOfYear + 6) / 7, dayOfYear));
      }
    }
    assertThat(
            rows(
                "days: {from: 2020-01-01, to: 2025-12-31}\nfiscal_year: {begins: %s, named_after: %s}\n"
                    .formatted(begins, namedAfter),
                "day, fiscal_year, fiscal_quarter, fiscal_month, fiscal_week, fiscal_day"))
        .isEqualTo(expected);
  }

  /** The 53rd week is counted into the last month, without being asked for. */
  @ParameterizedTest
  @CsvSource({
    "4-5-4, sunday, 02-01, 2017-01-29, 2017",
    "4-4-5, monday, 01-01, 2016-01-04, 2016",
    "5-4-4, saturday, 07-01, 2017-07-01, 2018"
  })
  void fiscalMonthsOfWeeksFollowTheirPattern(
      String pattern, String weekBegins, String begins, LocalDate first, int number)
      throws Exception {
    List<Integer> lengths = new ArrayList<>();
    for (int quarter = 0; quarter < 4; quarter++) {
      for (String length : pattern.split("-", 3)) {
        lengths.add(Integer.valueOf(length));
      }
    }
    int month = Integer.parseInt(begins.substring(0, 2));
    List<List<Object>> expected = new ArrayList<>();
    LocalDate day = first;
    for (int year = 0; year < 8; year++) {
      int dayOfYear = 1;
      for (int ofYear = 1; ofYear <= 12; ofYear++) {
        int weeks = lengths.get(ofYear - 1);
        LocalDate after = day.plusWeeks(weeks);
        LocalDate next = LocalDate.of(first.getYear() + year + 1, month, 1);
        // Another week, if the year would begin further from its day without it.
        if (ofYear == 12
            && Math.abs(next.toEpochDay() - after.toEpochDay())
                > Math.abs(next.toEpochDay() - after.plusWeeks(1).toEpochDay())) {
          weeks++;
        }
        for (int i = 0; i < 7 * weeks; i++) {
          expected.add(
              List.of(
                  day, number + year, (ofYear + 2) / 3, ofYear, (dayOfYear + 6) / 7, dayOfYear));
          day = day.plusDays(1);
          dayOfYear++;
        }
      }
    }
    assertThat(expected).anyMatch(row -> row.get(4).equals(53));
    assertThat(
            rows(
                "days: {from: %s, to: %s}\nweek_begins: %s\nfiscal_year: {begins: %s, named_after: %s, weeks: %s}\n"
                    .formatted(
                        first,
                        day.minusDays(1),
                        weekBegins,
                        begins,
                        begins.equals("02-01") ? "begin" : "end",
                        pattern),
                "day, fiscal_year, fiscal_quarter, fiscal_month, fiscal_week, fiscal_day"))
        .isEqualTo(expected);
  }

  @Test
  void aTimeIsPartOfTheDayThatBeganLast() throws Exception {
    List<List<Object>> rows =
        rows(
            "times: {every: 30m, parts: [{name: night, from: \"22:30\"}, {name: day, from: \"06:00\"}]}\n",
            "time_key, time_of_day, hour, minute, half, part_of_day");
    assertThat(rows).hasSize(48);
    assertThat(rows.get(0)).containsExactly(0, "00:00", 0, 0, "am", "night");
    assertThat(rows.get(11)).containsExactly(530, "05:30", 5, 30, "am", "night");
    assertThat(rows.get(12)).containsExactly(600, "06:00", 6, 0, "am", "day");
    assertThat(rows.get(44)).containsExactly(2200, "22:00", 22, 0, "pm", "day");
    assertThat(rows.get(45)).containsExactly(2230, "22:30", 22, 30, "pm", "night");
  }
}
