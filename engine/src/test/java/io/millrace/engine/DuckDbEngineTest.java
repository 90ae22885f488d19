package io.millrace.engine;

import static io.millrace.engine.SmallLake.CLICKS;
import static io.millrace.engine.SmallLake.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.lake.AsOf;
import io.millrace.lake.Commits;
import io.millrace.lake.Ledger;
import io.millrace.lake.LedgerEntry;
import io.millrace.project.Field;
import io.millrace.project.Materialization;
import io.millrace.project.Model;
import io.millrace.project.Schedule;
import io.millrace.project.Settings;
import io.millrace.project.Type;
import io.millrace.project.Type.Scalar;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuckDbEngineTest {

  @TempDir Path folder;
  private DataDirectory data;
  private SmallLake lake;
  private final SortedMap<TableName, Model> models = new TreeMap<>();

  @BeforeEach
  void open() {
    data = new DataDirectory(folder.resolve("data"));
    lake = SmallLake.withClicks(data.root());
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void readsEveryTypeAsItWasWritten() {
    lake.append(SmallLake::full, 1);
    lake.append(record -> {}, 2);

    List<List<Object>> rows = run("SELECT * FROM bronze.clicks ORDER BY topic_offset");

    assertThat(rows.get(0))
        .containsExactly(
            new UUID(7, 1),
            NOON,
            "ünal",
            -3,
            new BigDecimal("1234567890.12"),
            0.25,
            true,
            LocalDate.of(2026, 2, 28),
            Map.of(
                "product_id",
                "p1",
                "price",
                new BigDecimal("9.90"),
                "seen",
                Instant.parse("2026-03-01T00:00:00.5Z"),
                "sku",
                new UUID(1, 2)),
            List.of("a", "b"),
            NOON,
            0,
            1L);
    assertThat(rows.get(1).subList(2, 10)).containsOnlyNulls();
  }

  @Test
  void readsAnEmptyTableWithItsTypes() {
    try (DuckDbEngine engine = engine();
        Rows rows = engine.query(Query.of("SELECT item, amount, event_time FROM bronze.clicks"))) {
      assertThat(rows.columns())
          .containsExactly(
              new Rows.Column(
                  "item",
                  "STRUCT(product_id VARCHAR, price DECIMAL(9,2), seen TIMESTAMP WITH TIME ZONE, sku UUID)"),
              new Rows.Column("amount", "DECIMAL(12,2)"),
              new Rows.Column("event_time", "TIMESTAMP WITH TIME ZONE"));
      assertThat(rows.next()).isFalse();
    }
  }

  @Test
  void readsFilesFromBeforeColumnsWereAddedAndWidened() {
    lake.append(SmallLake::full, 1);
    List<Field> fields = new ArrayList<>(SmallLake.FIELDS);
    fields.add(2, Field.optional("channel", Scalar.STRING));
    fields.set(4, Field.optional("quantity", Scalar.LONG));
    fields.set(5, Field.optional("amount", new Type.Decimal(20, 2)));
    fields.set(
        9,
        Field.optional(
            "item",
            new Type.Struct(
                List.of(
                    Field.optional("brand", Scalar.STRING),
                    Field.required("product_id", Scalar.STRING),
                    Field.optional("price", new Type.Decimal(18, 2))))));
    lake.lake.prepare(SmallLake.clicks(fields));
    lake.append(
        record -> {
          record.setField("channel", "web");
          record.setField("quantity", 5_000_000_000L);
          record.setField("amount", new BigDecimal("123456789012345678.90"));
          Record item = GenericRecord.create(record.struct().field("item").type().asStructType());
          item.setField("brand", "acme");
          item.setField("product_id", "p2");
          record.setField("item", item);
        },
        2);

    assertThat(
            run(
                "SELECT channel, quantity, amount, item.brand, item.product_id, item.price"
                    + " FROM bronze.clicks ORDER BY topic_offset"))
        .containsExactly(
            Arrays.asList(
                null, -3L, new BigDecimal("1234567890.12"), null, "p1", new BigDecimal("9.90")),
            Arrays.asList(
                "web",
                5_000_000_000L,
                new BigDecimal("123456789012345678.90"),
                "acme",
                "p2",
                null));
  }

  @Test
  void readsModelsThroughModels() {
    lake.append(SmallLake::full, 1, 2);
    model("silver.users", "SELECT user_id, quantity FROM bronze.clicks; -- all\n");
    model(
        "gold.totals",
        "WITH u AS (FROM silver.users) SELECT user_id, sum(quantity) AS n FROM u GROUP BY ALL");

    assertThat(run("SELECT n FROM gold.totals AS t")).containsExactly(List.of(hugeint("-6")));
  }

  @Test
  void seesTheLakeAsItWas() {
    lake.append(record -> {}, 1);
    Instant then = lake.lake.pin(AsOf.now()).get(CLICKS).committedAt().orElseThrow();
    lake.append(record -> {}, 2);

    try (DuckDbEngine engine = engine()) {
      Query count = Query.of("SELECT count(*) FROM bronze.clicks");
      assertThat(all(engine, count)).containsExactly(List.of(2L));
      assertThat(all(engine, count.asOf(new AsOf.Time(then)))).containsExactly(List.of(1L));
      assertThat(all(engine, count.asOf(new AsOf.Time(then.minusSeconds(1)))))
          .containsExactly(List.of(0L));
    }
  }

  @Test
  void readsTheLedger() {
    try (Ledger ledger = Ledger.open(data.metadata());
        Commits commits = new Commits(lake.lake, ledger, () -> NOON)) {
      assertThat(run("SELECT * FROM ops.acknowledged")).isEmpty();
      commits.commit(
          "clicks",
          1,
          List.of(new LedgerEntry.Range("clicks", 3, 10, 15, 5, 0, 0, 0, 0)),
          List.of());

      assertThat(run("SELECT committed_at, topic_partition, to_offset, accepted FROM ops.commits"))
          .containsExactly(List.of(NOON, 3L, 15L, 5L));
    }
  }

  @Test
  void namesTheTableThatWasProbablyMeant() {
    assertThatThrownBy(() -> run("SELECT 1\nFROM bronze.click"))
        .isInstanceOf(MillraceException.class)
        .hasMessage(
            "Cannot run the query: line 2 of the query: table 'bronze.click' is not known; did you"
                + " mean 'bronze.clicks'?");
  }

  @Test
  void saysThatAModelIsNotBuiltYet() {
    TableName sales = TableName.parse("gold.sales");
    models.put(
        sales,
        new Model(
            sales,
            Path.of("models/gold/sales.sql"),
            "SELECT 1 AS n",
            "",
            "",
            Set.of(),
            new Materialization.Table(),
            Optional.empty(),
            Map.of(),
            Schedule.DEFAULT,
            Set.of(),
            List.of()));

    assertThatThrownBy(() -> run("SELECT n\nFROM gold.sales"))
        .hasMessage(
            "Cannot run the query: line 2 of the query: gold.sales is not built yet; 'millrace run"
                + " gold.sales' builds it");
  }

  @Test
  void refusesBeforeAnythingRuns() {
    assertThatThrownBy(() -> run("SELECT *\nFROM read_text('/etc/hostname')"))
        .hasMessage(
            "Cannot run the query: line 2 of the query: table function 'read_text' is refused; a query reads only"
                + " the tables of the lake and the models of the project");
    assertThatThrownBy(() -> run("SELECT * FROM duckdb_settings"))
        .hasMessageStartingWith(
            "Cannot run the query: line 1 of the query: table 'duckdb_settings' is not known");
  }

  @Test
  void opensNoFileEvenIfTheCheckHadMissedIt() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "x");
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    try (DuckDbSession session =
        DuckDbSession.open(
            Task.QUERY, Limits.of(Settings.DEFAULTS), folder.resolve("tmp"), timer)) {
      session.lock(List.of(), Optional.empty());
      assertThatThrownBy(() -> session.run("SELECT content FROM read_text('" + secret + "')"))
          .hasMessageContaining("file system operations are disabled by configuration");
    } finally {
      timer.shutdownNow();
    }
  }

  @Test
  void saysThatTheDiskHasTooLittleRoomForWhatIsSpilled() throws Exception {
    Limits limits = new Limits(64L << 20, Duration.ofSeconds(60), 4, 4, Duration.ofSeconds(1));
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    try (DuckDbSession session =
        DuckDbSession.open(Task.QUERY, limits, folder.resolve("tmp"), timer)) {
      session.run("SET max_temp_directory_size = '1MB'");
      assertThatThrownBy(
              () ->
                  session.run(
                      "CREATE TABLE t AS SELECT md5(range::VARCHAR) m FROM range(3000000) ORDER BY m"))
          .isInstanceOf(SQLException.class)
          .satisfies(
              e ->
                  assertThat(session.failure((SQLException) e))
                      .hasMessageContaining("more than an eighth of the free disk"));
    } finally {
      timer.shutdownNow();
    }
  }

  @Test
  void seesOneStateWhileAnotherThreadCommits() throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (DuckDbEngine engine = engine()) {
      Future<?> stream =
          thread.submit(
              () -> {
                for (int i = 0; i < 10; i++) {
                  lake.append(record -> {}, i);
                  lake.appendLate(i);
                }
              });
      Query ahead =
          Query.of(
              "SELECT (SELECT count(*) FROM bronze.clicks)"
                  + " - (SELECT count(*) FROM quarantine.clicks_late)");
      while (!stream.isDone()) {
        assertThat(all(engine, ahead).get(0).get(0)).isIn(0L, 1L);
      }
      stream.get();
      assertThat(all(engine, ahead)).containsExactly(List.of(0L));
    } finally {
      thread.shutdownNow();
    }
  }

  @Test
  void streamsMoreRowsThanFitIntoItsMemory() {
    Limits limits = new Limits(64L << 20, Duration.ofSeconds(60), 2, 4, Duration.ofSeconds(1));
    long rowsRead = 0;
    try (DuckDbEngine engine = engine(limits);
        Rows rows = engine.query(Query.of("SELECT range, repeat('x', 300) FROM range(1000000)"))) {
      while (rows.next()) {
        assertThat(rows.value(0)).isEqualTo(rowsRead);
        rowsRead++;
      }
      assertThat(folder.resolve("tmp")).isEmptyDirectory();
    }
    assertThat(rowsRead).isEqualTo(1_000_000);
  }

  @Test
  void endsAtTheLimit() {
    try (DuckDbEngine engine = engine()) {
      assertThat(all(engine, Query.of("SELECT * FROM range(100)").limit(3))).hasSize(3);
    }
  }

  @Test
  void saysThatTooManyQueriesAreRunning() {
    Limits limits = new Limits(64L << 20, Duration.ofSeconds(60), 2, 1, Duration.ofMillis(10));
    try (DuckDbEngine engine = engine(limits)) {
      try (Rows rows = engine.query(Query.of("SELECT 1"))) {
        assertThat(rows.next()).isTrue();
        assertThatThrownBy(() -> engine.query(Query.of("SELECT 2")))
            .hasMessageStartingWith("Cannot run the query: 1 others are running")
            .extracting(e -> ((MillraceException) e).code())
            .isEqualTo(MillraceException.Code.WORLD);
      }
      assertThat(all(engine, Query.of("SELECT 2"))).hasSize(1);
    }
  }

  @Test
  void endsAQueryThatTakesTooLong() {
    Limits limits = new Limits(512L << 20, Duration.ofSeconds(2), 2, 4, Duration.ofSeconds(1));
    try (DuckDbEngine engine = engine(limits)) {
      assertThatThrownBy(
              () ->
                  all(
                      engine,
                      Query.of(
                          "SELECT count(*) FROM range(10000000) a, range(1000000) b WHERE a.range % 7 = b.range % 11")))
          .hasMessageContaining("it took longer than the")
          .extracting(e -> ((MillraceException) e).code())
          .isEqualTo(MillraceException.Code.CALLER);
      assertThat(all(engine, Query.of("SELECT 1"))).hasSize(1);
    }
  }

  @Test
  void saysThatAQueryNeedsTooMuchMemory() {
    Limits limits = new Limits(64L << 20, Duration.ofSeconds(60), 2, 4, Duration.ofSeconds(1));
    try (DuckDbEngine engine = engine(limits)) {
      assertThatThrownBy(
              () -> all(engine, Query.of("SELECT len(list(range)) FROM range(30000000)")))
          .hasMessage(
              "Cannot run the query: it needs more than the 64 MB that query_memory allows; read"
                  + " fewer rows or columns, or raise it");
    }
  }

  @Test
  void spillsToItsFolderAndEmptiesIt() {
    Limits limits = new Limits(64L << 20, Duration.ofSeconds(60), 2, 4, Duration.ofSeconds(1));
    try (DuckDbEngine engine = engine(limits);
        Rows rows =
            engine.query(
                Query.of("SELECT range, md5(range::VARCHAR) m FROM range(1500000) ORDER BY m"))) {
      assertThat(rows.next()).isTrue();
      assertThat(folder.resolve("tmp")).isNotEmptyDirectory();
    }
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
  }

  private static Object hugeint(String text) {
    return new BigInteger(text);
  }

  private void model(String name, String sql) {
    TableName table = TableName.parse(name);
    models.put(
        table,
        Model.view(
            table, Path.of("models", table.layer(), table.name() + ".sql"), sql, "", Set.of()));
  }

  private List<List<Object>> run(String sql) {
    try (DuckDbEngine engine = engine()) {
      return all(engine, Query.of(sql));
    }
  }

  private static List<List<Object>> all(Engine engine, Query query) {
    List<List<Object>> all = new ArrayList<>();
    try (Rows rows = engine.query(query)) {
      while (rows.next()) {
        all.add(rows.values());
      }
    }
    return all;
  }

  private DuckDbEngine engine() {
    return engine(Limits.of(Settings.DEFAULTS));
  }

  private DuckDbEngine engine(Limits limits) {
    return new DuckDbEngine(lake.lake, data, models, limits, folder.resolve("tmp"));
  }
}
