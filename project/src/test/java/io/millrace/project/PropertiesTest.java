package io.millrace.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.TableName;
import io.millrace.project.DataTest.Check;
import io.millrace.project.DataTest.Severity;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PropertiesTest {

  private static final TableName DAILY = TableName.parse("gold.daily");
  private static final TableName VISITS = TableName.parse("silver.visits");
  private static final TableName CLICKS = TableName.bronze("clicks");

  /** Each key of a model once. */
  private static final String ALL =
      """
      version: 2
      models:
        - name: daily
          description: Visits of a day
          docs: {show: true}
          meta: {owner: shop-team}
          config:
            materialized: incremental
            incremental_strategy: microbatch
            event_time: day
            batch_size: day
            begin: 2025-02-01
            time_zone: Europe/London
            inputs: {silver.visits: interval}
            schedule: 0 5 * * *
            catch_up: false
            retries: 1
            retry_delay: 1m
            depends_on_past: true
            tags: [nightly, finance]
          columns:
            - name: day
              description: In London
              data_type: date
            - {name: visits}
        - name: silver.visits
          config: {event_time: started}
      """;

  @TempDir Path folder;
  private ProjectDirectory directory;

  @BeforeEach
  void begin() {
    directory =
        ProjectDirectory.ofClicks(folder)
            .with(
                "models/silver/visits.sql",
                "-- Visits.\n-- Owner: web-team\nSELECT 1 FROM bronze.clicks")
            .with("models/gold/daily.sql", "-- By day.\nSELECT 1 FROM silver.visits");
  }

  @Test
  void readsAllThatIsSaidOfAModel() {
    directory.with("models/gold/schema.yml", ALL);

    Project project = directory.loadWithSql();
    assertThat(project.model(DAILY))
        .isEqualTo(
            new Model(
                DAILY,
                Path.of("models/gold/daily.sql"),
                "-- By day.\nSELECT 1 FROM silver.visits",
                "Visits of a day",
                "shop-team",
                Set.of(VISITS),
                new Materialization.ByInterval(
                    new Batches(
                        Batches.Size.DAY,
                        Optional.of(LocalDate.of(2025, 2, 1)),
                        ZoneId.of("Europe/London"))),
                Optional.of("day"),
                Map.of(VISITS, InputMode.INTERVAL),
                new Schedule(
                    new Trigger.Cron("0 5 * * *", ZoneId.of("Europe/London"), false),
                    1,
                    Duration.ofMinutes(1),
                    true),
                Set.of("nightly", "finance"),
                List.of(
                    new Model.Column("day", "In London", Optional.empty()),
                    new Model.Column("visits", "", Optional.empty()))));
    assertThat(project.model(VISITS).eventTime()).contains("started");
    assertThat(project.model(VISITS).materialization()).isEqualTo(new Materialization.View());
  }

  @Test
  void takesDescriptionAndOwnerFromTheCommentWhereTheFileSaysNothing() {
    directory.with("models/schema.yaml", "models: [{name: visits, description: ''}]\n");
    Model visits = directory.loadWithSql().model(VISITS);
    assertThat(visits.description()).isEqualTo("Visits.\nOwner: web-team");
    assertThat(visits.owner()).isEqualTo("web-team");
    assertThat(visits.schedule()).isEqualTo(Schedule.DEFAULT);
  }

  @Test
  void knowsEachWayToBuild() {
    assertThat(materialization("materialized: view")).isEqualTo(new Materialization.View());
    assertThat(materialization("materialized: table")).isEqualTo(new Materialization.Table());
    assertThat(materialization("materialized: incremental"))
        .isEqualTo(new Materialization.Append());
    assertThat(materialization("materialized: incremental, unique_key: id"))
        .isEqualTo(new Materialization.Merge(List.of("id")));
    assertThat(
            materialization(
                "materialized: incremental, incremental_strategy: delete+insert,"
                    + " unique_key: [id, line]"))
        .isEqualTo(new Materialization.DeleteInsert(List.of("id", "line")));
    assertThat(
            materialization(
                "materialized: incremental, incremental_strategy: microbatch,"
                    + " event_time: at, batch_size: hour"))
        .isEqualTo(
            new Materialization.ByInterval(
                new Batches(Batches.Size.HOUR, Optional.empty(), ZoneOffset.UTC)));
    assertThat(materialization("materialized: materialized_view"))
        .isEqualTo(new Materialization.MaterializedView(List.of()));
  }

  @Test
  void knowsEachKindOfHistory() {
    assertThat(
            materialization(
                "materialized: snapshot, unique_key: id, strategy: check, check_cols: all,"
                    + " inferred: guess, surrogate_key: visit_key,"
                    + " updated_at: at, recorded_at: received, deleted: gone,"
                    + " hard_deletes: new_record"))
        .isEqualTo(
            new Materialization.History(
                new Dimension(
                    Dimension.Kind.SNAPSHOT,
                    List.of("id"),
                    Optional.of("at"),
                    Optional.empty(),
                    Optional.of(new Dimension.Columns(List.of())),
                    Optional.of("gone"),
                    Dimension.HardDeletes.NEW_RECORD,
                    Optional.of("received"),
                    List.of(),
                    Optional.of("guess"),
                    Optional.of("visit_key"))));
    assertThat(
            materialization(
                "materialized: snapshot, unique_key: id, strategy: timestamp, updated_at: at,"
                    + " taken_at: day"))
        .isEqualTo(
            new Materialization.History(
                new Dimension(
                    Dimension.Kind.SNAPSHOT,
                    List.of("id"),
                    Optional.of("at"),
                    Optional.of("day"),
                    Optional.empty(),
                    Optional.empty(),
                    Dimension.HardDeletes.IGNORE,
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty())));
    assertThat(materialization("materialized: scd3, unique_key: id, updated_at: at, previous: [a]"))
        .isEqualTo(
            new Materialization.History(
                new Dimension(
                    Dimension.Kind.SCD3,
                    List.of("id"),
                    Optional.of("at"),
                    Optional.empty(),
                    Optional.of(new Dimension.Columns(List.of())),
                    Optional.empty(),
                    Dimension.HardDeletes.IGNORE,
                    Optional.empty(),
                    List.of("a"),
                    Optional.empty(),
                    Optional.empty())));
  }

  @Test
  void eachHistoryIsTestedWithoutBeingTold() {
    materialization("materialized: scd1, unique_key: id, updated_at: at");
    assertThat(directory.loadWithSql().tests())
        .filteredOn(test -> test.check() instanceof DataTest.Check.Versions)
        .singleElement()
        .satisfies(
            test -> {
              assertThat(test.name()).isEqualTo("history_of_visits");
              assertThat(test.table()).isEqualTo(VISITS);
              assertThat(test.severity()).isEqualTo(DataTest.Severity.ERROR);
            });
  }

  private Materialization materialization(String config) {
    directory.with("models/schema.yml", "models: [{name: visits, config: {" + config + "}}]\n");
    return directory.loadWithSql().model(VISITS).materialization();
  }

  @Test
  void readsWhenAModelIsBuilt() {
    assertThat(trigger("schedule: manual")).isEqualTo(new Trigger.Manual());
    assertThat(trigger("every: 5m")).isEqualTo(new Trigger.OnChange(Duration.ofMinutes(5)));
    assertThat(trigger("schedule: '*/5 8-18 * * MON-FRI'"))
        .isEqualTo(new Trigger.Cron("*/5 8-18 * * MON-FRI", ZoneOffset.UTC, true));
  }

  private Trigger trigger(String config) {
    directory.with(
        "models/schema.yml",
        "models: [{name: visits, config: {materialized: table, " + config + "}}]\n");
    return directory.loadWithSql().model(VISITS).schedule().trigger();
  }

  @Test
  void readsTheTestsOfColumnsAndModels() {
    directory.with(
        "models/schema.yml",
        """
        models:
          - name: visits
            config: {event_time: started}
            data_tests:
              - unique: {columns: [id, line], name: one_line}
              - dbt_utils.unique_combination_of_columns:
                  arguments: {combination_of_columns: [a, b]}
                  config: {severity: warn}
              - row_count: {min: 1, max: 1000}
              - freshness: {max_age: 2d}
            columns:
              - name: id
                tests: [unique, not_null]
              - name: kind
                data_tests:
                  - accepted_values:
                      values: [1, 2.50, 'yes']
                      quote: false
                      where: id > 5
                  - relationships:
                      arguments: {to: ref('daily'), field: day}
                      config: {where: id IN (SELECT 1 FROM bronze.clicks)}
              - name: seen
                data_tests: [{freshness: {max_age: 1h}}]
        """);

    assertThat(directory.loadWithSql().tests())
        .containsExactly(
            test("one_line", new Check.Unique(List.of("id", "line")), 5),
            new DataTest(
                "unique_combination_of_columns_visits_a_b",
                VISITS,
                new Check.Unique(List.of("a", "b")),
                Severity.WARN,
                Optional.empty(),
                Path.of("models/schema.yml"),
                6),
            test("row_count_visits", new Check.RowCount(Optional.of(1L), Optional.of(1000L)), 9),
            test("freshness_visits", new Check.Freshness("started", Duration.ofDays(2)), 10),
            test("unique_visits_id", new Check.Unique(List.of("id")), 13),
            test("not_null_visits_id", new Check.NotNull("id"), 13),
            test(
                "accepted_values_visits_kind",
                new Check.AcceptedValues("kind", List.of("1", "2.50", "yes"), false),
                16,
                "id > 5"),
            test(
                "relationships_visits_kind",
                new Check.Relationships("kind", DAILY, "day"),
                20,
                "id IN (SELECT 1 FROM bronze.clicks)"),
            test("freshness_visits_seen", new Check.Freshness("seen", Duration.ofHours(1)), 24));
  }

  @Test
  void readsWhatAColumnDetermines() {
    directory.with(
        "models/schema.yml",
        """
        models:
          - name: silver.visits
            columns:
              - name: month
                data_tests: [{determines: {columns: [quarter, year]}}]
        """);

    assertThat(directory.loadWithSql().tests())
        .containsExactly(
            test(
                "determines_visits_month",
                new Check.Determines("month", List.of("quarter", "year")),
                5));
  }

  private static DataTest test(String name, Check check, int line, String... where) {
    return new DataTest(
        name,
        VISITS,
        check,
        Severity.ERROR,
        Optional.of(where).filter(it -> it.length > 0).map(it -> it[0]),
        Path.of("models/schema.yml"),
        line);
  }

  @Test
  void namesTestsWithTheLayerWhereTwoModelsHaveTheSameName() {
    directory
        .with("models/gold/visits.sql", "SELECT 1 FROM silver.visits")
        .with(
            "models/schema.yml",
            """
            models:
              - {name: silver.visits, columns: [{name: id, tests: [unique]}]}
              - {name: gold.visits, columns: [{name: id, tests: [unique]}]}
            """);
    assertThat(directory.loadWithSql().tests())
        .extracting(DataTest::name)
        .containsExactly("unique_silver_visits_id", "unique_gold_visits_id");
  }

  @Test
  void readsSeedsOfBothLayers() {
    directory
        .with("seeds/countries.csv", "code,name\nGB,Britain\n")
        .with("seeds/gold/targets.csv", "month;amount\n")
        .with(
            "seeds/seeds.yml",
            """
            seeds:
              - name: targets
                description: What is hoped for
                config: {delimiter: ";", column_types: {amount: "DECIMAL(12,2)"}, owner: boss}
            """)
        .with("models/gold/daily.sql", "SELECT 1 FROM silver.visits JOIN silver.countries");

    Project project = directory.loadWithSql();
    Model countries = project.model(TableName.parse("silver.countries"));
    assertThat(countries.materialization()).isEqualTo(new Materialization.Seed(',', Map.of()));
    assertThat(countries.file()).isEqualTo(Path.of("seeds/countries.csv"));
    Model targets = project.model(TableName.parse("gold.targets"));
    assertThat(targets.materialization())
        .isEqualTo(new Materialization.Seed(';', Map.of("amount", "DECIMAL(12,2)")));
    assertThat(targets.description()).isEqualTo("What is hoped for");
    assertThat(targets.owner()).isEqualTo("boss");
  }

  @Test
  void readsSingularTests() {
    String sql = "-- No day is empty.\n-- severity: warn\nSELECT * FROM gold.daily";
    String named = "-- test of: visits\nSELECT * FROM gold.daily JOIN silver.visits";
    directory.with("tests/no_empty_day.sql", sql).with("tests/visits_add_up.sql", named);
    assertThat(directory.loadWithSql().tests())
        .containsExactly(
            new DataTest(
                "no_empty_day",
                DAILY,
                new Check.Sql(sql, Set.of(DAILY)),
                Severity.WARN,
                Optional.empty(),
                Path.of("tests/no_empty_day.sql"),
                1),
            new DataTest(
                "visits_add_up",
                VISITS,
                new Check.Sql(named, Set.of(DAILY, VISITS)),
                Severity.ERROR,
                Optional.empty(),
                Path.of("tests/visits_add_up.sql"),
                1));
  }

  @Test
  void readsBalances() {
    directory.with(
        "balances/revenue.yaml",
        """
        description: Revenue is neither lost nor made up
        unit: GBP
        in:
          sql: SELECT sum(x) FROM bronze.clicks
        out:
          - name: sold
            sql: |
              SELECT sum(x)
              FROM gold.daily
          - {name: left out, sql: SELECT 1 FROM silver.visits}
        """);
    assertThat(directory.loadWithSql().balances())
        .containsExactly(
            Map.entry(
                "revenue",
                new Balance(
                    "revenue",
                    Path.of("balances/revenue.yaml"),
                    "Revenue is neither lost nor made up",
                    "GBP",
                    new Balance.Part("in", "SELECT sum(x) FROM bronze.clicks", 4),
                    List.of(
                        new Balance.Part("sold", "SELECT sum(x)\nFROM gold.daily\n", 8),
                        new Balance.Part("left out", "SELECT 1 FROM silver.visits", 10)))));
    assertThat(directory.loadWithSql().model(VISITS).reads()).containsExactly(CLICKS);
  }
}
