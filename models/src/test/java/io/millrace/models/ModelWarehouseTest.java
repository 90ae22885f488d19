package io.millrace.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.core.Interval;
import io.millrace.core.TableName;
import io.millrace.lake.AsOf;
import io.millrace.lake.PinnedTable;
import io.millrace.lake.Release;
import io.millrace.models.SmallShop.Sale;
import io.millrace.schedule.Warehouse;
import io.millrace.schedule.Warehouse.Checked;
import io.millrace.schedule.Warehouse.Outcome;
import io.millrace.schedule.Warehouse.Stale;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelWarehouseTest {

  private static final Instant MONDAY = Instant.parse("2026-03-02T10:00:00Z");
  private static final Instant TUESDAY = Instant.parse("2026-03-03T10:00:00Z");
  private static final TableName DAILY = TableName.parse("gold.daily");
  private static final TableName SILVER = TableName.parse("silver.sales");
  private static final String SEEN = "  - name: seen\n    config: {materialized: table}\n";

  private static final String SALES =
      """
      SELECT sale_id, sold_at, product, quantity, amount FROM bronze.sales
      UNION ALL
      SELECT sale_id, sold_at, product, quantity, amount FROM quarantine.sales_late
      """;
  private static final String BY_DAY =
      """
      SELECT CAST(sold_at AT TIME ZONE 'UTC' AS DATE) AS day, sum(amount) AS revenue
      FROM silver.sales
      GROUP BY day
      """;
  private static final String SCHEMA =
      """
      version: 2
      models:
        - name: sales
          config: {materialized: incremental, incremental_strategy: microbatch, event_time: sold_at, batch_size: day}
        - name: daily
          config: {materialized: incremental, incremental_strategy: microbatch, event_time: day, batch_size: day}
          columns:
            - name: day
              tests: [unique, not_null]
            - name: revenue
              tests: [not_null]
      """;

  @TempDir Path folder;
  private SmallShop shop;

  @BeforeEach
  void makeShop() {
    shop =
        new SmallShop(folder)
            .write("models/silver/sales.sql", SALES)
            .write("models/gold/daily.sql", BY_DAY)
            .write("models/schema.yml", SCHEMA)
            .open();
  }

  @AfterEach
  void closeShop() {
    shop.close();
  }

  private static Sale sale(String id, Instant at, String amount) {
    return new Sale(id, at, "tea", 1, amount);
  }

  @Test
  void buildsEachDayThatHasRowsAndReleasesThemTogether() {
    shop.sell(SmallShop.SALES, sale("1", MONDAY, "1.50"), sale("2", TUESDAY, "2.25"));

    assertThat(shop.pass().values()).allMatch(Outcome.Published.class::isInstance);

    assertThat(shop.rows("SELECT * FROM gold.daily"))
        .containsExactly("[2026-03-02, 1.50]", "[2026-03-03, 2.25]");
    assertThat(shop.releases.newest().orElseThrow().models())
        .containsOnlyKeys(TableName.parse("silver.sales"), DAILY);
    assertThat(shop.releases.newest().orElseThrow().inputs()).containsKey(SmallShop.SALES);
  }

  @Test
  void buildsATableOfWhatHasNoRowsYet() {
    shop.pass();

    assertThat(shop.rows("SELECT * FROM gold.daily")).isEmpty();
  }

  @Test
  void lateRowsReopenTheDayTheyAreOfAndNoOther() {
    shop.sell(SmallShop.SALES, sale("1", MONDAY, "1.50"), sale("2", TUESDAY, "2.25"));
    shop.pass();
    shop.sell(SmallShop.LATE, sale("3", MONDAY, "4.00"));

    List<Stale> stale = shop.stale("silver.sales");

    assertThat(stale)
        .containsExactly(
            new Stale(
                new Interval(
                    Instant.parse("2026-03-02T00:00:00Z"), Instant.parse("2026-03-03T00:00:00Z")),
                "quarantine.sales_late has 1 new row"));
    shop.pass();
    assertThat(shop.rows("SELECT * FROM gold.daily"))
        .containsExactly("[2026-03-02, 5.50]", "[2026-03-03, 2.25]");
  }

  @Test
  void nothingIsDueWhenNothingHasChanged() {
    shop.sell(SmallShop.SALES, sale("1", MONDAY, "1.50"));
    shop.pass();

    assertThat(shop.pass()).isEmpty();
  }

  @Test
  void aTestInSqlSeesTheFirstRowsOfItsOwnModel() {
    String negative = "SELECT * FROM gold.daily WHERE revenue < 0";
    shop.write("tests/revenue_is_not_below_zero.sql", negative).open();
    shop.sell(SmallShop.SALES, sale("1", MONDAY, "-1.50"));

    assertThat(shop.pass().get(DAILY)).isInstanceOf(Outcome.Refused.class);

    shop.write("tests/revenue_is_not_below_zero.sql", negative + " AND day < DATE '2000-01-01'");
    shop.open().sell(SmallShop.SALES, sale("2", MONDAY, "3.00"));
    shop.pass();
    assertThat(shop.incidents.goingOn()).as("its incident is over").isEmpty();
  }

  @Test
  void aModelWhoseUnitTestFailsIsNotBuiltAndTheResultIsKept() {
    String unitTest =
        """
        unit_tests:
          - name: sums_a_day
            model: daily
            given:
              - input: ref('sales')
                rows: [{sold_at: 2026-03-02T10:00:00Z, amount: 1.50}]
            expect:
              rows: [{day: 2026-03-02, revenue: %s}]
        """;
    shop.write("models/gold/units.yml", unitTest.formatted("9.99")).open();
    shop.sell(SmallShop.SALES, sale("1", MONDAY, "1.50"));

    assertThat(((Outcome.Refused) shop.pass().get(DAILY)).why())
        .singleElement()
        .asString()
        .startsWith("sums_a_day of gold.daily (models/gold/units.yml:2): failed");
    String kept = TestResults.ofUnitTest("sums_a_day");
    assertThat(shop.results.of(DAILY))
        .filteredOn(result -> result.test().equals(kept))
        .extracting(TestResults.Kept::failures)
        .containsExactly(2L);

    shop.write("models/gold/units.yml", unitTest.formatted("1.50")).open();
    shop.sell(SmallShop.SALES, sale("2", MONDAY, "2.00"));
    assertThat(shop.pass().get(DAILY)).isInstanceOf(Outcome.Published.class);
    assertThat(shop.results.of(DAILY))
        .filteredOn(result -> result.test().equals(kept))
        .extracting(TestResults.Kept::failures)
        .containsExactly(0L);
  }

  @Test
  void aViewOfSeveralTablesOpensTheDaysOfItsRows() {
    String columns = "SELECT sale_id, sold_at, product, quantity, amount FROM ";
    shop.write(
            "models/silver/all_sales.sql",
            columns + "bronze.sales UNION ALL " + columns + "quarantine.sales_late")
        .write(
            "models/silver/schema.yml",
            "models: [{name: all_sales, config: {materialized: view, event_time: sold_at}}]\n")
        .write("models/gold/daily.sql", BY_DAY.replace("silver.sales", "silver.all_sales"))
        .open();
    shop.sell(SmallShop.SALES, sale("1", TUESDAY, "1.50"));
    shop.pass();
    assertThat(shop.rows("SELECT * FROM gold.daily")).containsExactly("[2026-03-03, 1.50]");

    shop.sell(SmallShop.LATE, sale("2", MONDAY, "2.25"));
    assertThat(shop.stale("gold.daily"))
        .extracting(stale -> stale.interval().start() + ": " + stale.why())
        .containsExactly("2026-03-02T00:00:00Z: quarantine.sales_late has 1 new row");
    shop.pass();
    assertThat(shop.rows("SELECT * FROM gold.daily ORDER BY day"))
        .containsExactly("[2026-03-02, 2.25]", "[2026-03-03, 1.50]");
  }

  @Test
  void aTestOfAViewReadsWhatReadersSee() {
    TableName best = TableName.parse("gold.best");
    shop.write("models/gold/best.sql", "SELECT day, revenue FROM gold.daily WHERE revenue > 2")
        .write(
            "models/gold/schema.yml",
            """
            models:
              - name: best
                tests: [{row_count: {max: 1, severity: warn}}]
                columns:
                  - name: revenue
                    tests: [{accepted_values: {values: [2.25], quote: false}}]
                  - name: day
                    tests: [{relationships: {to: ref('daily'), field: day}}, {determines: {columns: [revenue]}}]
            """)
        .open();
    shop.sell(SmallShop.SALES, sale("1", MONDAY, "1.50"), sale("2", TUESDAY, "2.25"));
    shop.pass();
    assertThat(shop.views.get(best)).contains(new Checked(List.of(), List.of()));

    shop.sell(SmallShop.SALES, sale("3", MONDAY, "7.00"));
    shop.pass();

    Checked failed = shop.views.get(best).orElseThrow();
    assertThat(failed.failures())
        .singleElement()
        .asString()
        .startsWith(
            "accepted_values_best_revenue: 1 values of revenue in gold.best are not among those accepted, such as {revenue=8.50, rows=1} (models/gold/schema.yml:");
    assertThat(failed.warnings()).singleElement().asString().startsWith("row_count_best: 1 ");
    assertThat(shop.results.of(best))
        .extracting(TestResults.Kept::failures)
        .containsExactly(1L, 0L, 0L, 1L);
  }

  @Test
  void aColumnThatDeterminesAnotherHasOneValueOfItForEachOfItsOwn() {
    TableName pairs = TableName.parse("gold.pairs");
    shop.write("models/gold/pairs.sql", "SELECT product, quantity, amount FROM bronze.sales")
        .write(
            "models/gold/schema.yml",
            """
            models:
              - name: pairs
                columns:
                  - name: amount
                    tests: [{determines: {columns: [product, quantity]}}]
                  - name: product
                    tests: [{determines: {columns: [quantity, amount]}}]
            """)
        .open();
    shop.sell(SmallShop.SALES, sale("1", MONDAY, "1.50"), sale("2", TUESDAY, "2.25"));
    shop.pass();

    assertThat(shop.views.get(pairs).orElseThrow().failures())
        .singleElement()
        .asString()
        .startsWith(
            "determines_pairs_product: 1 values of product in gold.pairs do not determine quantity, amount, such as {product=tea, choices=2}");
  }

  @Test
  void aViewThatIsKeptByKeyLiesInTheOrderOfItsTime() {
    String seen = "SELECT sale_id, max(sold_at) AS seen_at FROM silver.sales GROUP BY sale_id";
    shop.write("models/gold/seen.sql", seen)
        .write(
            "models/schema.yml",
            SCHEMA
                + "  - name: seen\n    config: {materialized: materialized_view, event_time: seen_at}\n")
        .open();
    Sale[] sales = new Sale[200];
    for (int i = 0; i < sales.length; i++) {
      sales[i] = sale("s" + i, MONDAY.plusSeconds(i * 37 % sales.length), "1.50");
    }
    shop.sell(SmallShop.SALES, sales);

    shop.pass();

    assertThat(shop.rows("SELECT count(*) FROM gold.seen")).containsExactly("[200]");
    assertThat(
            shop.rows(
                "SELECT count(*) FROM (SELECT seen_at < lag(seen_at) OVER () AS back FROM gold.seen) WHERE back"))
        .containsExactly("[0]");
  }

  @Test
  void aViewOfWhatWasNeverReleasedIsNotTested() {
    shop.write("models/gold/best.sql", "SELECT day, revenue FROM gold.daily")
        .write("tests/no_loss.sql", "SELECT * FROM gold.best WHERE revenue < 0")
        .write("tests/daily_no_loss.sql", "SELECT * FROM gold.daily WHERE revenue < 0")
        .open();
    shop.sell(SmallShop.SALES, sale("1", MONDAY, "-1.50"));

    shop.pass();

    assertThat(shop.views.get(TableName.parse("gold.best"))).isEmpty();
  }

  @Test
  void aFailedTestKeepsTheBranchAndLeavesTheLastGoodReleaseServing() {
    shop.sell(SmallShop.SALES, sale("1", MONDAY, "1.50"));
    shop.pass();
    shop.write(
            "models/gold/daily.sql",
            """
            SELECT CAST(sold_at AT TIME ZONE 'UTC' AS DATE) AS day, amount AS revenue
            FROM silver.sales
            """)
        .open();
    shop.sell(SmallShop.SALES, sale("2", MONDAY, "3.00"));

    Outcome outcome = shop.pass().get(DAILY);

    Outcome.Refused refused = (Outcome.Refused) outcome;
    assertThat(refused.why())
        .singleElement()
        .asString()
        .startsWith(
            "unique_daily_day: 1 values of day stand in more than one row of gold.daily, such as {day=2026-03-02, rows=2} (models/schema.yml:");
    assertThat(shop.rows("SELECT * FROM gold.daily")).containsExactly("[2026-03-02, 1.50]");
    assertThat(shop.rows("SELECT * FROM gold.daily", new AsOf.Branch(refused.branch())))
        .containsExactly("[2026-03-02, 1.50]", "[2026-03-02, 3.00]");
    assertThat(shop.results.of(DAILY))
        .extracting(TestResults.Kept::test, TestResults.Kept::failures)
        .contains(tuple("unique_daily_day", 1L));
    assertThat(shop.incidents.goingOn())
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.asset()).isEqualTo("gold.daily");
              assertThat(it.upstream()).isEqualTo("silver.sales");
              assertThat(it.cause()).startsWith("unique_daily_day: 1 values");
              assertThat(it.done()).contains(refused.branch());
            });
  }

  @Test
  void rowsOfAnotherIntervalAreRefusedRatherThanLost() {
    shop.write(
            "models/gold/daily.sql",
            """
            SELECT CAST(sold_at AT TIME ZONE 'UTC' AS DATE) + 1 AS day, sum(amount) AS revenue
            FROM silver.sales
            GROUP BY day
            """)
        .open();
    shop.sell(SmallShop.SALES, sale("1", MONDAY, "1.50"));

    org.assertj.core.api.Assertions.assertThatThrownBy(shop::pass)
        .hasMessageContaining(
            "Cannot build gold.daily for 2026-03-02T00:00:00Z/2026-03-03T00:00:00Z")
        .hasMessageContaining("{day=2026-03-03, revenue=1.50}");
  }

  @Test
  void aReleaseSaysWhichModelHasNotTakenInWhatItNames() {
    shop.sell(SmallShop.SALES, sale("1", MONDAY, "1.50"));
    shop.pass();
    assertThat(shop.releases.newest().orElseThrow().behind()).isEmpty();
    shop.sell(
        SmallShop.SALES, new Sale("2", TUESDAY, "tea", 1, "2.00"), sale("2", TUESDAY, "3.00"));
    shop.write("models/gold/daily.sql", BY_DAY.replace("sum(amount)", "nullif(sum(amount), 5)"))
        .open();

    assertThat(shop.pass().get(DAILY)).isInstanceOf(Outcome.Refused.class);

    assertThat(shop.releases.newest().orElseThrow().behind())
        .containsExactly(Map.entry(DAILY, new TreeMap<>(Map.of(SILVER, "the test says so"))));
  }

  @Test
  void aModelThatNewRowsAreNotForIsNotBehind() {
    shop.write("models/gold/seen.sql", "SELECT count(*) AS seen FROM bronze.sales")
        .write("models/schema.yml", SCHEMA + SEEN)
        .open();
    shop.sell(SmallShop.SALES, sale("1", MONDAY, "1.50"));
    shop.pass();
    // Of a day before the model begins.
    shop.write(
            "models/schema.yml",
            SCHEMA.replace("batch_size: day}", "batch_size: day, begin: 2026-03-01}") + SEEN)
        .open();
    shop.pass();
    long before = shop.releases.newest().orElseThrow().id();
    shop.sell(SmallShop.SALES, sale("2", Instant.parse("2026-01-01T10:00:00Z"), "2.00"));

    shop.pass();

    Release release = shop.releases.newest().orElseThrow();
    assertThat(release.id()).isGreaterThan(before);
    assertThat(release.behind()).isEmpty();
  }

  @Test
  void aStreamWithoutRowsIsReadWithoutRowsAsOfTheRelease() {
    SortedMap<TableName, Long> inputs;
    try (Warehouse.Pass pass = shop.begin()) {
      shop.sell(SmallShop.SALES, sale("1", MONDAY, "1.50"));
      shop.pass(pass);
      inputs = shop.releases.newest().orElseThrow().inputs();
    }

    assertThat(inputs).containsEntry(SmallShop.SALES, PinnedTable.EMPTY);
    assertThat(shop.rows("SELECT * FROM bronze.sales", new AsOf.Release(1))).isEmpty();
    assertThat(shop.rows("SELECT * FROM gold.daily", new AsOf.Release(1))).isEmpty();
    shop.pass();
    assertThat(shop.rows("SELECT * FROM bronze.sales", new AsOf.Release(2))).hasSize(1);
    assertThat(shop.rows("SELECT * FROM gold.daily", new AsOf.Release(2))).hasSize(1);
    assertThat(shop.releases.newest().orElseThrow().behind()).isEmpty();
  }

  /** A pass may take longer than snapshots are kept. */
  @Test
  void whatAPassReadsStaysUntilItsReleaseNamesIt() {
    shop.sell(SmallShop.SALES, sale("1", MONDAY, "1.50"));
    long read = shop.lake.pin(AsOf.now()).get(SmallShop.SALES).snapshotId().orElseThrow();
    try (Warehouse.Pass pass = shop.begin()) {
      for (int later = 2; later < 60; later++) {
        shop.sell(SmallShop.SALES, sale(Integer.toString(later), MONDAY, "1.00"));
      }
      shop.expire();
      shop.pass(pass);
    }

    Release release = shop.releases.newest().orElseThrow();
    assertThat(release.inputs()).containsEntry(SmallShop.SALES, read);
    assertThat(shop.rows("SELECT sale_id FROM bronze.sales", new AsOf.Release(release.id())))
        .hasSize(1);
    assertThat(shop.lake.load(SmallShop.SALES).snapshots()).hasSizeLessThan(50);
  }

  @Test
  void aTableThatNoModelReadsStaysAsTheReleaseFoundIt() {
    shop.sell(SmallShop.SALES, sale("1", MONDAY, "1.50"));
    shop.sell(SmallShop.LATE, sale("2", MONDAY, "1.50"));
    shop.pass();
    for (int later = 3; later < 60; later++) {
      shop.sell(SmallShop.LATE, sale(Integer.toString(later), MONDAY, "1.00"));
    }
    shop.expire();

    AsOf release = new AsOf.Release(shop.releases.newest().orElseThrow().id());
    assertThat(shop.rows("SELECT sale_id FROM quarantine.sales_late", release)).hasSize(1);
  }
}
