package io.millrace.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.TableName;
import io.millrace.lake.AsOf;
import io.millrace.models.SmallShop.Sale;
import io.millrace.project.Model;
import io.millrace.schedule.Warehouse.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However sales come in, tables that are kept up to date hold what their queries say. */
class RandomChangesTest {

  private static final Instant BEGIN = Instant.parse("2026-03-01T00:00:00Z");
  private static final int DAYS = 9;

  private static final String SCHEMA =
      """
      version: 2
      models:
        - name: sales
          config: {materialized: incremental, incremental_strategy: microbatch, event_time: sold_at, batch_size: day}
        - name: log
          config: {materialized: incremental, incremental_strategy: append}
        - name: sales_by_id
          config: {materialized: incremental, incremental_strategy: merge, unique_key: sale_id}
        - name: daily
          config: {materialized: incremental, incremental_strategy: microbatch, event_time: day, batch_size: day, time_zone: Europe/London}
        - name: by_product
          config: {materialized: materialized_view}
        - name: by_group
          config: {materialized: materialized_view}
        - name: by_check
          config: {materialized: snapshot, strategy: check, unique_key: product, updated_at: sold_at, check_cols: [quantity], deleted: gone, hard_deletes: invalidate}
        - name: by_time
          config: {materialized: snapshot, strategy: timestamp, unique_key: [product], updated_at: sold_at, deleted: gone, hard_deletes: new_record}
        - name: recorded
          config: {materialized: snapshot, strategy: check, unique_key: [product], updated_at: sold_at, check_cols: all, recorded_at: known}
        - name: members
          config: {materialized: snapshot, strategy: check, unique_key: product, updated_at: sold_at, check_cols: [quantity], inferred: guess, surrogate_key: number}
        - name: newest
          config: {materialized: scd1, unique_key: product, updated_at: sold_at, deleted: gone, hard_deletes: invalidate}
        - name: before
          config: {materialized: scd3, unique_key: product, updated_at: sold_at, previous: [quantity, amount]}
        - name: stock
          config: {materialized: snapshot, strategy: check, unique_key: product, taken_at: day, check_cols: all, hard_deletes: invalidate}
        - name: stock_now
          config: {materialized: scd1, unique_key: product, taken_at: day, hard_deletes: new_record}
        - name: totals
          config: {materialized: table}
      """;

  private static final String CHANGES =
      """
      SELECT product, sold_at, quantity, amount, amount < 20 AS gone FROM bronze.sales
      UNION ALL
      SELECT product, sold_at, quantity, amount, amount < 20 FROM quarantine.sales_late
      """;

  private static final String STOCK =
      """
      SELECT product, CAST(sold_at AT TIME ZONE 'UTC' AS DATE) AS day, sum(quantity) AS units
      FROM silver.sales GROUP BY product, day
      """;

  @TempDir Path folder;

  private SmallShop shop() {
    return new SmallShop(folder)
        .write("seeds/products.csv", "product,product_group\np0,a\np1,a\np2,b\np3,b\np5,c\n")
        .write(
            "models/silver/sales.sql",
            """
            SELECT sale_id, sold_at, product, quantity, amount FROM bronze.sales
            UNION ALL
            SELECT sale_id, sold_at, product, quantity, amount FROM quarantine.sales_late
            """)
        .write("models/silver/log.sql", "SELECT sale_id, product FROM bronze.sales")
        .write("models/silver/sales_by_id.sql", "SELECT sale_id, amount FROM bronze.sales")
        .write(
            "models/gold/daily.sql",
            """
            SELECT CAST(sold_at AT TIME ZONE 'Europe/London' AS DATE) AS day, count(*) AS sales, sum(amount) AS revenue
            FROM silver.sales GROUP BY day
            """)
        .write(
            "models/gold/by_product.sql",
            """
            SELECT product, count(*) AS sales, sum(quantity) AS units, max(sold_at) AS last_sold
            FROM silver.sales GROUP BY product HAVING sum(quantity) > 1
            """)
        .write(
            "models/gold/by_group.sql",
            """
            SELECT p.product_group, min(s.amount) AS cheapest, sum(s.amount) AS revenue
            FROM silver.sales AS s JOIN silver.products AS p ON p.product = s.product
            GROUP BY p.product_group
            """)
        .write(
            "models/gold/totals.sql",
            "SELECT count(*) AS days, sum(revenue) AS revenue FROM gold.daily")
        .write("models/silver/by_check.sql", CHANGES)
        .write("models/silver/by_time.sql", CHANGES)
        .write(
            "models/silver/recorded.sql",
            "SELECT product, sold_at, quantity, sold_at + INTERVAL (quantity) DAY AS known FROM bronze.sales")
        .write(
            "models/silver/members.sql",
            """
            SELECT product, sold_at, quantity, false AS guess FROM bronze.sales WHERE amount > 50
            UNION ALL
            SELECT product, sold_at, NULL, true FROM quarantine.sales_late
            UNION ALL
            SELECT 'unknown', TIMESTAMPTZ '1970-01-01 00:00:00+00', 0, false
            """)
        .write("models/silver/newest.sql", CHANGES)
        .write(
            "models/silver/before.sql",
            "SELECT product, sold_at, quantity, amount FROM silver.sales")
        .write("models/silver/stock.sql", STOCK)
        .write("models/silver/stock_now.sql", STOCK)
        .write("models/schema.yml", SCHEMA);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void tablesEqualTheirQueries(long seed) {
    Random dice = new Random(seed);
    try (SmallShop shop = shop().open()) {
      int sold = 0;
      for (int step = 0; step < 12; step++) {
        switch (dice.nextInt(4)) {
          case 0 -> shop.sell(SmallShop.LATE, sale("l" + sold++, dice));
          case 1 -> {
            assertThat(shop.pass().values()).allMatch(Outcome.Published.class::isInstance);
          }
          default -> {
            Sale[] sales = new Sale[1 + dice.nextInt(6)];
            for (int i = 0; i < sales.length; i++) {
              sales[i] = sale("s" + sold++, dice);
            }
            shop.sell(SmallShop.SALES, sales);
          }
        }
      }
      assertThat(shop.pass().values()).allMatch(Outcome.Published.class::isInstance);
      for (Model model : shop.project.models().values()) {
        if (!model.isSeed()) {
          assertThat(shop.rows("SELECT * FROM " + model.name()))
              .as("%s, seed %d", model.name(), seed)
              .isEqualTo(shop.rows(model.select()));
        }
      }
      assertThat(shop.pass()).as("a pass after which nothing is due").isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "silver.log",
        "silver.sales_by_id",
        "gold.by_product",
        "gold.by_group",
        "silver.by_check",
        "silver.members",
        "silver.stock",
        "gold.totals"
      })
  void whatIsBuiltAgainThoughNothingHasChangedStaysAsItIs(String model) {
    try (SmallShop shop = shop().open()) {
      Random dice = new Random(4);
      shop.sell(SmallShop.SALES, sale("s1", dice), sale("s2", dice), sale("s3", dice));
      shop.pass();
      List<String> before = shop.rows("SELECT * FROM " + model);

      for (int again = 0; again < 2; again++) {
        assertThat(shop.buildAgain(TableName.parse(model))).isInstanceOf(Outcome.Published.class);
      }

      assertThat(shop.rows("SELECT * FROM " + model, new AsOf.Head())).isEqualTo(before);
    }
  }

  private static Sale sale(String id, Random dice) {
    Instant at = BEGIN.plus(Duration.ofMinutes(dice.nextInt(DAYS * 24 * 60)));
    return new Sale(id, at, "p" + dice.nextInt(6), dice.nextInt(3), dice.nextInt(100) + ".25");
  }
}
