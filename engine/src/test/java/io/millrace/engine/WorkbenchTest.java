package io.millrace.engine;

import static io.millrace.engine.SmallLake.CLICKS;
import static io.millrace.engine.SmallLake.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.Interval;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.lake.AsOf;
import io.millrace.lake.FieldNames;
import io.millrace.lake.PinnedTable;
import io.millrace.lake.Span;
import io.millrace.project.Materialization;
import io.millrace.project.Model;
import io.millrace.project.Schedule;
import io.millrace.project.Settings;
import io.millrace.project.UnitTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkbenchTest {

  private static final ZoneId UTC = ZoneOffset.UTC;
  private static final TableName USERS = TableName.parse("silver.users");

  @TempDir Path folder;
  private SmallLake lake;
  private final SortedMap<TableName, Model> models = new TreeMap<>();

  @BeforeEach
  void open() {
    lake = SmallLake.withClicks(folder.resolve("data"));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void readsATableWhole() {
    lake.append(SmallLake::full, 1, 2);

    try (Workshop shop = shop();
        Workbench bench = shop.open(clicks(Optional.empty()), Optional.empty())) {
      assertThat(all(bench, "SELECT topic_offset, user_id FROM bronze.clicks ORDER BY 1"))
          .containsExactly(List.of(1L, "ünal"), List.of(2L, "ünal"));
    }
  }

  @Test
  void readsTheRowsOfASpanFromItsFilesAlone() {
    for (int day = 1; day <= 3; day++) {
      clickOn("2026-03-0" + day + "T00:00:00Z", day);
    }
    Span second = span("event_time", "2026-03-02", "2026-03-03", UTC);

    try (Workshop shop = shop();
        Workbench bench = shop.open(clicks(Optional.of(second)), Optional.empty())) {
      assertThat(all(bench, "SELECT topic_offset FROM bronze.clicks")).containsExactly(List.of(2L));
      bench.temporary("wanted", "SELECT 0 AS topic_partition");
      assertThat(bench.filesWith(CLICKS, "wanted", List.of("topic_partition"))).hasSize(1);
    }
  }

  @Test
  void readsTheDaysOfAZone() {
    lake.append(record -> record.setField("day", LocalDate.of(2026, 3, 1)), 1);
    lake.append(record -> record.setField("day", LocalDate.of(2026, 3, 2)), 2);
    lake.append(record -> {}, 3);
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    Span second = span("day", "2026-03-02", "2026-03-03", berlin);

    try (Workshop shop = shop();
        Workbench bench = shop.open(clicks(Optional.of(second)), Optional.empty())) {
      assertThat(all(bench, "SELECT topic_offset FROM bronze.clicks")).containsExactly(List.of(2L));
    }
  }

  @Test
  void movesToAnotherInterval() {
    clickOn("2026-03-01T08:00:00Z", 1);
    clickOn("2026-03-02T08:00:00Z", 2);
    view(USERS, "SELECT topic_offset AS id, event_time FROM bronze.clicks");
    model("silver.whole", "SELECT count(*) AS n FROM silver.users");
    SortedMap<TableName, Input> inputs =
        clicks(Optional.of(span("event_time", "2026-03-01", "2026-03-02", UTC)));

    try (Workshop shop = shop();
        Workbench bench = shop.open(inputs, Optional.empty())) {
      String select = "SELECT id, n FROM silver.users, silver.whole";
      assertThat(all(bench, select)).containsExactly(List.of(1L, 1L));
      bench.restrict(interval("2026-03-02", "2026-03-03", UTC));
      assertThat(all(bench, select)).containsExactly(List.of(2L, 1L));
      bench.restrict(interval("2026-03-03", "2026-03-04", UTC));
      assertThat(all(bench, select)).isEmpty();
    }
  }

  @Test
  void restrictsAViewByWhatItMakes() {
    clickOn("2026-03-01T23:30:00Z", 1);
    clickOn("2026-03-02T08:00:00Z", 2);
    String sql =
        "SELECT topic_offset AS id, CAST(event_time AT TIME ZONE 'Europe/Berlin' AS DATE) AS day FROM bronze.clicks;\n";
    model("silver.users", sql);
    SortedMap<TableName, Input> inputs = clicks(Optional.empty());
    Span first = span("day", "2026-03-01", "2026-03-02", ZoneId.of("Europe/Berlin"));
    inputs.put(USERS, new Input.View(sql, Optional.of(first)));

    try (Workshop shop = shop();
        Workbench bench = shop.open(inputs, Optional.empty())) {
      assertThat(all(bench, "SELECT id FROM silver.users")).isEmpty();
      bench.restrict(interval("2026-03-02", "2026-03-03", ZoneId.of("Europe/Berlin")));
      assertThat(all(bench, "SELECT id FROM silver.users ORDER BY id"))
          .containsExactly(List.of(1L), List.of(2L));
    }
  }

  @Test
  void saysThatAViewHasNoSuchTime() {
    SortedMap<TableName, Input> inputs = clicks(Optional.empty());
    Span span = span("day", "2026-03-01", "2026-03-02", UTC);
    inputs.put(USERS, new Input.View("SELECT user_id FROM bronze.clicks", Optional.of(span)));

    try (Workshop shop = shop()) {
      assertThatThrownBy(() -> shop.open(inputs, Optional.empty()))
          .hasMessage(
              "Cannot run the build: silver.users has no date or timestamp 'day', by which its rows are to be taken");
    }
  }

  @Test
  void readsNothingButItsInputs() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret.csv"), "a\n1\n");
    try (Workshop shop = shop();
        Workbench bench = shop.open(clicks(Optional.empty()), Optional.empty())) {
      assertThatThrownBy(() -> bench.rows("SELECT 1\nFROM bronze.click"))
          .hasMessage(
              "Cannot run the build: line 2 of its SQL: table 'bronze.click' is not known; did you mean 'bronze.clicks'?");
      assertThatThrownBy(() -> bench.rows("SELECT * FROM read_csv('" + secret + "')"))
          .hasMessageStartingWith(
              "Cannot run the build: line 1 of its SQL: table function 'read_csv' is refused");
      Input csv = new Input.Csv(secret, ',', Map.of());
      assertThatThrownBy(() -> bench.add(TableName.parse("build.secret"), csv))
          .hasMessageContaining("file system operations are disabled by configuration");
    }
  }

  @Test
  void saysThatAModelIsNotBuiltYet() {
    Model table =
        new Model(
            TableName.parse("gold.sales"),
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
            List.of());
    models.put(table.name(), table);
    model("gold.report", "SELECT 1 AS one,\n n FROM gold.sales");

    try (Workshop shop = shop();
        Workbench bench = shop.open(new TreeMap<>(), Optional.empty())) {
      assertThatThrownBy(() -> bench.rows("FROM gold.report"))
          .hasMessage(
              "Cannot run the build: line 2 of models/gold/report.sql: gold.sales is not built yet; 'millrace run gold.sales' builds it");
    }
  }

  @Test
  void namesTheFileAndLineOfAModelThatFails() {
    lake.append(SmallLake::full, 1);
    String wrong = "-- Who clicks\nSELECT user_id,\n  usr AS name\nFROM bronze.clicks;\n";
    String late = "SELECT\n  CAST(user_id AS INTEGER) AS id\nFROM bronze.clicks";
    model("silver.users", wrong);
    model("gold.ids", late);

    try (Workshop shop = shop();
        Workbench bench = shop.open(clicks(Optional.empty()), Optional.empty())) {
      String text =
          "Cannot run the build: line 3 of models/silver/users.sql: Referenced column \"usr\" not found in FROM clause! Candidate bindings: \"user_id\"";
      assertThatThrownBy(() -> bench.columns(wrong)).hasMessageStartingWith(text);
      assertThatThrownBy(() -> bench.rows("FROM silver.users")).hasMessageStartingWith(text);
      assertThatThrownBy(() -> bench.temporary("ids", "SELECT *\nFROM (\n" + late + "\n)"))
          .hasMessage(
              "Cannot run the build: line 2 of models/gold/ids.sql: Could not convert string 'ünal' to INT32 when casting from source column user_id")
          .extracting(e -> ((MillraceException) e).code())
          .isEqualTo(MillraceException.Code.CALLER);
    }
  }

  @Test
  void castsGivenRowsToTheirColumns() {
    PinnedTable table = lake.lake.pin(new AsOf.Head()).get(CLICKS);
    Input rows =
        fixture(
            table.schema(),
            List.of(
                Map.of(
                    "event_time", Optional.of("2026-03-01T12:00:00.000001Z"),
                    "quantity", Optional.of("7"),
                    "tags", Optional.of("[a, \"b, c\"]"),
                    "item", Optional.of("{\"product_id\": \"p1\", \"price\": 9.90}")),
                Map.of("quantity", Optional.empty())));

    try (Workshop shop = shop();
        Workbench bench = shop.open(new TreeMap<>(Map.of(CLICKS, rows)), Optional.empty())) {
      assertThat(
              all(
                  bench,
                  "SELECT event_time, quantity, tags, item.product_id, user_id FROM bronze.clicks"))
          .containsExactly(
              Arrays.asList(NOON, 7, List.of("a", "b, c"), "p1", null),
              Arrays.asList(null, null, null, null, null));
    }
  }

  @Test
  void saysWhichGivenValueFitsNoColumn() {
    Schema schema =
        new Schema(
            Types.NestedField.optional(1, "day", Types.DateType.get()),
            Types.NestedField.optional(2, "name", Types.StringType.get()));

    assertThatThrownBy(
            () ->
                fixtureOnly(
                    fixture(
                        schema,
                        List.of(
                            Map.of("day", Optional.of("2026-03-01")),
                            Map.of("day", Optional.of("2026-13-01"))))))
        .hasMessage(
            "Cannot read the rows given for bronze.clicks: row 2: '2026-13-01' of column 'day' is no DATE");
    assertThatThrownBy(() -> fixtureOnly(fixture(schema, List.of(Map.of("nam", Optional.of("x"))))))
        .hasMessage(
            "Cannot read the rows given for bronze.clicks: there is no column 'nam'; did you mean 'name'?");
    Input reads =
        new Input.Fixture(schema, new UnitTest.Rows.Select("SELECT 1 AS day FROM gold.x"));
    assertThatThrownBy(() -> fixtureOnly(reads)).hasMessageContaining("line 1 of the rows given");
  }

  @Test
  void takesGivenRowsFromASelect() {
    Schema schema =
        new Schema(
            Types.NestedField.optional(1, "day", Types.DateType.get()),
            Types.NestedField.optional(2, "name", Types.StringType.get()));
    Input rows =
        new Input.Fixture(
            schema, new UnitTest.Rows.Select("SELECT '2026-03-01' AS day UNION ALL SELECT NULL;"));

    try (Workshop shop = shop();
        Workbench bench = shop.open(new TreeMap<>(Map.of(CLICKS, rows)), Optional.empty())) {
      assertThat(all(bench, "SELECT day, name FROM bronze.clicks ORDER BY ALL"))
          .containsExactly(
              Arrays.asList(LocalDate.of(2026, 3, 1), null), Arrays.asList(null, null));
    }
  }

  @Test
  void readsASeedWithTypesGivenAndGuessed() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("countries.csv"),
            "code;name;since;vat\n049;\"Germany; west\";1949-05-23;19\n033;;1958-10-04;5.5\n");
    Input csv = new Input.Csv(file, ';', Map.of("code", "VARCHAR", "vat", "DECIMAL(4,2)"));

    try (Workshop shop = shop();
        Workbench bench = shop.open(new TreeMap<>(Map.of(USERS, csv)), Optional.empty())) {
      assertThat(bench.columns("SELECT * FROM silver.users").toString())
          .contains("1: code: optional string", "3: since: optional date", "decimal(4, 2)");
      assertThat(all(bench, "SELECT code, name FROM silver.users"))
          .containsExactly(List.of("049", "Germany; west"), Arrays.asList("033", null));
    }
  }

  @Test
  void saysWhichLineOfASeedIsWrong() {
    assertThatThrownBy(() -> seed("a,b\n1,2\n1\n"))
        .hasMessage(
            "Cannot read %s: line 3: Expected Number of Columns: 2 Found: 1",
            folder.resolve("s.csv"));
    assertThatThrownBy(() -> seed("a,b\n1,2\nx,2\n", Map.of("a", "INTEGER")))
        .hasMessageContaining("s.csv: line 3: Error when converting column \"a\".");
    assertThatThrownBy(() -> seed("")).hasMessageContaining("s.csv: its first line is empty;");
    assertThatThrownBy(() -> seed("a\n1\n", Map.of("b", "INTEGER")))
        .hasMessageEndingWith(
            "s.csv: COLUMN_TYPES error: Columns with names: \"b\" do not exist in the CSV File");
  }

  private void seed(String text) throws Exception {
    seed(text, Map.of());
  }

  private void seed(String text, Map<String, String> types) throws Exception {
    Path file = Files.writeString(folder.resolve("s.csv"), text);
    fixtureOnly(new Input.Csv(file, ',', types));
  }

  private void fixtureOnly(Input input) {
    try (Workshop shop = shop()) {
      shop.open(new TreeMap<>(Map.of(CLICKS, input)), Optional.empty()).close();
    }
  }

  @Test
  void findsTheFilesThatHoldKeysNullsIncluded() {
    lake.append(record -> record.setField("user_id", "a"), 1);
    lake.append(record -> record.setField("user_id", "b"), 2);
    lake.append(record -> {}, 3);
    List<String> files = lake.lake.pin(new AsOf.Head()).get(CLICKS).files();

    try (Workshop shop = shop();
        Workbench bench = shop.open(clicks(Optional.empty()), Optional.empty())) {
      bench.temporary("keys", "SELECT 'b' AS user_id UNION ALL SELECT NULL");
      List<String> found = bench.filesWith(CLICKS, "keys", List.of("user_id"));
      assertThat(files).hasSize(3).containsAll(found);
      assertThat(found).hasSize(2);
      bench.add(
          TableName.parse("build.rest"),
          new Input.Files(
              lake.lake.pin(new AsOf.Head()).get(CLICKS).schema(),
              FieldNames.NEVER_CHANGED,
              found,
              Optional.empty()));
      assertThat(all(bench, "SELECT topic_offset FROM build.rest ORDER BY 1"))
          .containsExactly(List.of(2L), List.of(3L));
      bench.temporary("keys", "SELECT 'z' AS user_id");
      assertThat(bench.filesWith(CLICKS, "keys", List.of("user_id"))).isEmpty();
    }
  }

  @Test
  void keepsMoreRowsThanFitIntoItsMemory() {
    Limits limits = new Limits(64L << 20, Duration.ofSeconds(60), 1, 1, Duration.ofSeconds(1));
    try (Workshop shop = new Workshop(models, limits, folder.resolve("tmp"))) {
      try (Workbench bench = shop.open(new TreeMap<>(), Optional.empty())) {
        bench.temporary("many", "SELECT range AS i, md5(range::VARCHAR) AS m FROM range(4000000)");
        assertThat(folder.resolve("tmp")).isNotEmptyDirectory();
        assertThat(all(bench, "SELECT count(*), max(i) FROM build.many"))
            .containsExactly(List.of(4_000_000L, 3_999_999L));
      }
      assertThat(folder.resolve("tmp")).isEmptyDirectory();
    }
  }

  @Test
  void namesTheSettingOfBuildsWhenMemoryIsOver() {
    Limits limits = new Limits(64L << 20, Duration.ofSeconds(60), 2, 1, Duration.ofSeconds(1));
    try (Workshop shop = new Workshop(models, limits, folder.resolve("tmp"));
        Workbench bench = shop.open(new TreeMap<>(), Optional.empty())) {
      assertThatThrownBy(
              () -> bench.temporary("x", "SELECT len(list(range)) AS n FROM range(30000000)"))
          .hasMessage(
              "Cannot run the build: it needs more than the 64 MB that build_memory allows; build shorter intervals, or raise it");
    }
  }

  @Test
  void endsWhenTheWorkshopCloses() {
    Workshop shop = shop();
    try (Workbench bench = shop.open(new TreeMap<>(), Optional.empty());
        Rows rows = bench.rows("SELECT range FROM range(100000000000)")) {
      assertThat(rows.next()).isTrue();
      shop.close();
      assertThatThrownBy(
              () -> {
                while (rows.next()) {}
              })
          .hasMessage("Cannot run the build: it was stopped, because the process ends");
    }
  }

  private void clickOn(String time, long offset) {
    lake.append(record -> record.setField("event_time", OffsetDateTime.parse(time)), offset);
  }

  private SortedMap<TableName, Input> clicks(Optional<Span> only) {
    SortedMap<TableName, Input> inputs = new TreeMap<>();
    inputs.put(CLICKS, new Input.Table(lake.lake.pin(new AsOf.Head()).get(CLICKS), only));
    return inputs;
  }

  private static Span span(String column, String from, String to, ZoneId zone) {
    return new Span(column, interval(from, to, zone), zone);
  }

  private static Interval interval(String from, String to, ZoneId zone) {
    return new Interval(start(from, zone), start(to, zone));
  }

  private static Instant start(String day, ZoneId zone) {
    return LocalDate.parse(day).atStartOfDay(zone).toInstant();
  }

  private static Input fixture(Schema schema, List<Map<String, Optional<String>>> rows) {
    return new Input.Fixture(schema, new UnitTest.Rows.Listed(rows));
  }

  private void view(TableName name, String sql) {
    model(name.toString(), sql);
  }

  private void model(String name, String sql) {
    TableName table = TableName.parse(name);
    models.put(
        table,
        Model.view(
            table, Path.of("models", table.layer(), table.name() + ".sql"), sql, "", Set.of()));
  }

  private static List<List<Object>> all(Workbench bench, String select) {
    List<List<Object>> all = new ArrayList<>();
    try (Rows rows = bench.rows(select)) {
      while (rows.next()) {
        all.add(rows.values());
      }
    }
    return all;
  }

  private Workshop shop() {
    return new Workshop(models, Limits.ofBuilds(Settings.DEFAULTS), folder.resolve("tmp"));
  }
}
