package io.millrace.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.DataDirectory;
import io.millrace.core.Interval;
import io.millrace.core.TableName;
import io.millrace.engine.DuckDbEngine;
import io.millrace.engine.Limits;
import io.millrace.engine.Query;
import io.millrace.engine.Rows;
import io.millrace.lake.Lake;
import io.millrace.lake.Releases;
import io.millrace.project.Settings;
import io.millrace.schedule.Books;
import io.millrace.schedule.OpenRun;
import io.millrace.schedule.Run.Kind;
import io.millrace.schedule.Warehouse.Extent;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the schedule and the lake keep in SQLite, read with SQL. */
class OperationsTest {

  private static final TableName ORDERS = TableName.parse("silver.orders");
  private static final Instant NOON = Instant.parse("2026-02-01T12:00:00Z");
  private static final Instant MORNING = Instant.parse("2026-02-01T00:00:00Z");
  private static final Instant EVENING = Instant.parse("2026-02-02T00:00:00Z");

  @TempDir Path folder;
  private DataDirectory data;
  private Books books;

  @BeforeEach
  void open() {
    data = new DataDirectory(folder);
    books = Books.open(data.metadata(), () -> NOON);
  }

  @AfterEach
  void close() {
    books.close();
  }

  @Test
  void runsAndTheirStepsCanBeRead() {
    try (OpenRun run = books.runs().begin(Kind.RUN, "silver.orders", "asked for")) {
      run.step("silver.orders", List.of(new Interval(MORNING, EVENING)), 2).done(120);
      run.step("compaction");
      assertThat(rows("SELECT * FROM ops.runs"))
          .containsExactly(
              Arrays.asList(1L, "run", "silver.orders", "asked for", "running", "", NOON, null));
      assertThat(
              rows(
                  "SELECT step, table_name, intervals_start, intervals_end, attempt, state, rows,"
                      + " ended_at FROM ops.run_steps ORDER BY step"))
          .containsExactly(
              List.of(1L, "silver.orders", MORNING, EVENING, 2L, "done", 120L, NOON),
              Arrays.asList(2L, "compaction", null, null, 1L, "running", 0L, null));
    }
  }

  @Test
  void intervalsCanBeRead() {
    books
        .ledger()
        .want(ORDERS, List.of(new Interval(MORNING, EVENING)), Extent.CHANGES, "asked for");
    books.ledger().want(ORDERS, List.of(Interval.ALWAYS), Extent.CHANGES, "asked for");
    assertThat(
            rows(
                "SELECT table_name, interval_start, interval_end, state, why, rows, changed_at"
                    + " FROM ops.intervals ORDER BY interval_start"))
        .containsExactly(
            Arrays.asList("silver.orders", MORNING, EVENING, "wanted", "asked for", null, NOON),
            Arrays.asList("silver.orders", null, null, "wanted", "asked for", null, NOON));
  }

  @Test
  void releasesCanBeRead() {
    try (Releases releases = Releases.open(data.metadata(), () -> NOON)) {
      releases.publish(3, "asked for", Map.of(ORDERS, 7L), Map.of(TableName.bronze("orders"), 5L));
    }
    assertThat(rows("SELECT * FROM ops.releases ORDER BY role"))
        .containsExactly(
            List.of(1L, NOON, 3L, "asked for", "bronze.orders", "input", 5L),
            List.of(1L, NOON, 3L, "asked for", "silver.orders", "model", 7L));
  }

  private List<List<Object>> rows(String sql) {
    List<List<Object>> all = new ArrayList<>();
    try (Lake lake = Lake.open(data);
        DuckDbEngine engine =
            new DuckDbEngine(
                lake, data, new TreeMap<>(), Limits.of(Settings.DEFAULTS), folder.resolve("tmp"));
        Rows rows = engine.query(Query.of(sql))) {
      while (rows.next()) {
        all.add(rows.values());
      }
      return all;
    }
  }
}
