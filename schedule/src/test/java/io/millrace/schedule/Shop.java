package io.millrace.schedule;

import io.millrace.core.Interval;
import io.millrace.core.TableName;
import io.millrace.project.Batches;
import io.millrace.project.DataTest;
import io.millrace.project.InputMode;
import io.millrace.project.Materialization;
import io.millrace.project.Model;
import io.millrace.project.Project;
import io.millrace.project.Schedule;
import io.millrace.project.Settings;
import io.millrace.project.Trigger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** A small project, made by hand: orders become sales by day, and sales become a report. */
final class Shop {

  static final TableName BRONZE = TableName.parse("bronze.orders");
  static final TableName ORDERS = TableName.parse("silver.orders");
  static final TableName SALES = TableName.parse("gold.sales");
  static final TableName REPORT = TableName.parse("gold.report");

  static final Schedule ON_CHANGE =
      new Schedule(new Trigger.OnChange(Duration.ofSeconds(30)), 2, Duration.ofSeconds(10), false);

  private final SortedMap<TableName, Model> models = new TreeMap<>();
  private final List<DataTest> tests = new ArrayList<>();

  /** Orders and sales by day, and a report that is built whole. */
  static Shop withReport() {
    return new Shop()
        .daily(ORDERS, BRONZE, ON_CHANGE)
        .daily(SALES, ORDERS, ON_CHANGE)
        .whole(REPORT, SALES, ON_CHANGE);
  }

  Shop daily(TableName name, TableName reads, Schedule schedule) {
    return byInterval(name, reads, Batches.Size.DAY, ZoneOffset.UTC, schedule);
  }

  Shop byInterval(
      TableName name, TableName reads, Batches.Size size, ZoneId zone, Schedule schedule) {
    return add(
        name,
        reads,
        new Materialization.ByInterval(new Batches(size, Optional.empty(), zone)),
        InputMode.INTERVAL,
        schedule);
  }

  Shop whole(TableName name, TableName reads, Schedule schedule) {
    return add(name, reads, new Materialization.Table(), InputMode.WHOLE, schedule);
  }

  private Shop add(
      TableName name,
      TableName reads,
      Materialization materialization,
      InputMode mode,
      Schedule schedule) {
    models.put(
        name,
        new Model(
            name,
            Path.of("models", name.layer(), name.name() + ".sql"),
            "",
            "",
            "",
            Set.of(reads),
            materialization,
            Optional.of("day"),
            Map.of(reads, mode),
            schedule,
            Set.of(),
            List.of()));
    return this;
  }

  Shop view(TableName name, TableName reads) {
    models.put(name, Model.view(name, Path.of("view.sql"), "", "", Set.of(reads)));
    return this;
  }

  /** Has a test of a table that reads another one. */
  Shop tested(TableName table, TableName reads) {
    DataTest.Check check = new DataTest.Check.Relationships("day", reads, "day");
    tests.add(
        new DataTest(
            "test_of_" + table.name(),
            table,
            check,
            DataTest.Severity.ERROR,
            Optional.empty(),
            Path.of("schema.yml"),
            1));
    return this;
  }

  Project project() {
    return new Project("shop", Path.of("."), Settings.DEFAULTS, new TreeMap<>(), models)
        .withTests(tests);
  }

  static Schedule cron(String expression, boolean catchUp) {
    return new Schedule(
        new Trigger.Cron(expression, ZoneOffset.UTC, catchUp), 2, Duration.ofSeconds(10), false);
  }

  static Schedule manual() {
    return new Schedule(new Trigger.Manual(), 2, Duration.ofSeconds(10), false);
  }

  /** The day of January 2026 with this number. */
  static Interval day(int day) {
    Instant start = Instant.parse("2026-01-01T00:00:00Z").plus(Duration.ofDays(day - 1L));
    return new Interval(start, start.plus(Duration.ofDays(1)));
  }

  /** Days of January 2026, the last one included. */
  static List<Interval> days(int first, int last) {
    List<Interval> days = new ArrayList<>();
    for (int day = first; day <= last; day++) {
      days.add(day(day));
    }
    return days;
  }
}
