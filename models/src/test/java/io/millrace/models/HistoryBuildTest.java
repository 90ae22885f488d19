package io.millrace.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.Interval;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.models.SmallShop.Sale;
import io.millrace.schedule.Warehouse.Outcome;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Histories in a lake, and what looks them up. */
class HistoryBuildTest {

  private static final TableName PRICES = TableName.parse("silver.prices");
  private static final TableName PRICED = TableName.parse("gold.priced");

  /** A sale of nothing tells a price. */
  private static final String SAID =
      """
      SELECT product, sold_at AS changed_at, amount AS price FROM bronze.sales WHERE quantity = 0
      UNION ALL
      SELECT product, sold_at AS changed_at, amount AS price FROM quarantine.sales_late WHERE quantity = 0
      """;

  private static final String SCHEMA =
      """
      version: 2
      models:
        - name: prices
          config: {materialized: snapshot, unique_key: product, strategy: check, check_cols: [price], updated_at: changed_at}
        - name: members
          config: {materialized: snapshot, unique_key: product, strategy: check, check_cols: [price], updated_at: said_at, inferred: guess, surrogate_key: member_key}
        - name: keyed
          config: {materialized: incremental, incremental_strategy: microbatch, event_time: sold_at, batch_size: day}
        - name: sold
          config: {materialized: incremental, incremental_strategy: microbatch, event_time: sold_at, batch_size: day}
        - name: priced
          config: {materialized: incremental, incremental_strategy: microbatch, event_time: sold_at, batch_size: day}
        - name: stock
          config: {materialized: snapshot, unique_key: product, strategy: check, check_cols: all, taken_at: day, hard_deletes: invalidate}
      """;

  @TempDir Path folder;
  private SmallShop shop;

  @BeforeEach
  void makeShop() {
    shop =
        new SmallShop(folder)
            .write("models/silver/prices.sql", SAID)
            .write(
                "models/silver/sold.sql",
                "SELECT sale_id, sold_at, product, quantity FROM bronze.sales WHERE quantity > 0")
            .write(
                "models/gold/priced.sql",
                """
                SELECT s.sale_id, s.sold_at, p.price * s.quantity AS listed
                FROM silver.sold AS s
                LEFT JOIN silver.prices AS p
                  ON p.product = s.product AND p.valid_from <= s.sold_at
                  AND (p.valid_to IS NULL OR s.sold_at < p.valid_to)
                """)
            .write(
                "models/silver/members.sql",
                """
                SELECT product, sold_at AS said_at, amount AS price, false AS guess FROM bronze.sales WHERE quantity = 0
                UNION ALL
                SELECT product, sold_at, amount, false FROM quarantine.sales_late WHERE quantity = 0
                UNION ALL
                SELECT product, sold_at, NULL, true FROM bronze.sales WHERE quantity > 0
                """)
            .write(
                "models/gold/keyed.sql",
                """
                SELECT s.sale_id, s.sold_at, m.member_key
                FROM silver.sold AS s
                LEFT JOIN silver.members AS m
                  ON m.product = s.product AND m.valid_from <= s.sold_at
                  AND (m.valid_to IS NULL OR s.sold_at < m.valid_to)
                """)
            .write(
                "models/silver/stock.sql",
                "SELECT product, CAST(sold_at AT TIME ZONE 'UTC' AS DATE) AS day, amount FROM bronze.sales")
            .write("models/schema.yml", SCHEMA)
            .open();
  }

  @AfterEach
  void closeShop() {
    shop.close();
  }

  private static Instant midnight(int day) {
    return Instant.parse("2026-03-0" + day + "T00:00:00Z");
  }

  private static Sale price(String product, int day, String price) {
    return new Sale(product + day, midnight(day), product, 0, price);
  }

  private static Sale sale(int day) {
    return new Sale("sale" + day, midnight(day).plusSeconds(60), "tea", 1, "0.00");
  }

  @Test
  void aLateChangeSplitsAVersionAndReopensTheDaysItIsValidIn() {
    shop.sell(SmallShop.SALES, price("tea", 1, "2.00"), price("tea", 5, "3.00"));
    shop.sell(SmallShop.SALES, sale(2), sale(3), sale(4), sale(5), sale(6));
    assertThat(shop.pass().values()).allMatch(Outcome.Published.class::isInstance);
    shop.sell(SmallShop.LATE, price("tea", 3, "2.50"));

    var outcomes = shop.pass();

    assertThat(((Outcome.Published) outcomes.get(PRICED)).rows().keySet())
        .extracting(Interval::start)
        .containsExactly(midnight(3), midnight(4));
    assertThat(shop.rows("SELECT sale_id, listed FROM gold.priced"))
        .containsExactly(
            "[sale2, 2.00]", "[sale3, 2.50]", "[sale4, 2.50]", "[sale5, 3.00]", "[sale6, 3.00]");
    assertThat(shop.pass()).isEmpty();
  }

  @Test
  void aFactKeepsTheKeyOfAMemberThatIsFilledInLater() {
    shop.sell(SmallShop.SALES, sale(2), sale(4), sale(6));
    shop.pass();
    List<String> keys = shop.rows("SELECT sale_id, member_key FROM gold.keyed");
    assertThat(prices()).containsExactly("[sale2, null]", "[sale4, null]", "[sale6, null]");

    shop.sell(SmallShop.SALES, price("tea", 5, "3.00"));
    shop.pass();
    assertThat(prices())
        .as("filled in")
        .containsExactly("[sale2, 3.00]", "[sale4, 3.00]", "[sale6, 3.00]");
    assertThat(shop.rows("SELECT sale_id, member_key FROM gold.keyed")).isEqualTo(keys);

    shop.sell(SmallShop.LATE, price("tea", 3, "2.50"));
    shop.pass();
    assertThat(prices())
        .as("pointed to the version of their time")
        .containsExactly("[sale2, 2.50]", "[sale4, 2.50]", "[sale6, 3.00]");
    assertThat(shop.rows("SELECT sale_id, member_key FROM gold.keyed"))
        .startsWith(keys.get(0), keys.get(1))
        .doesNotContain(keys.get(2));
    assertThat(shop.pass()).isEmpty();
  }

  private List<String> prices() {
    return shop.rows(
        "SELECT sale_id, price FROM gold.keyed JOIN silver.members USING (member_key)");
  }

  @Test
  void whatIsSaidOfNowReopensNothingOfThePast() {
    shop.sell(SmallShop.SALES, price("tea", 1, "2.00"), sale(2), sale(3));
    shop.pass();
    shop.sell(SmallShop.SALES, price("tea", 5, "3.00"), price("jam", 1, "4.00"));

    assertThat(shop.pass()).containsKey(PRICES);

    shop.sell(SmallShop.SALES, sale(6));
    assertThat(((Outcome.Published) shop.pass().get(PRICED)).rows()).hasSize(1);
    assertThat(shop.rows("SELECT sale_id, listed FROM gold.priced"))
        .containsExactly("[sale2, 2.00]", "[sale3, 2.00]", "[sale6, 3.00]");
  }

  @Test
  void onlyKeysWithNewRowsAreComputed() {
    shop.sell(SmallShop.SALES, price("tea", 1, "2.00"), price("jam", 1, "4.00"));
    shop.pass();
    shop.said();
    shop.sell(SmallShop.SALES, price("jam", 2, "5.00"));

    shop.pass();

    assertThat(shop.said())
        .contains("silver.prices computes 1 keys, for changes of [bronze.sales]")
        .noneMatch(line -> line.startsWith("silver.prices builds it whole"));
  }

  @Test
  void ofAFullSnapshotOnlyKeysThatDifferAreComputed() {
    shop.sell(SmallShop.SALES, price("tea", 1, "2.00"), price("jam", 1, "4.00"));
    shop.sell(SmallShop.SALES, price("oil", 1, "7.00"));
    shop.pass();
    shop.said();
    shop.sell(SmallShop.SALES, price("tea", 2, "2.00"), price("jam", 2, "5.00"));

    shop.pass();

    assertThat(shop.said())
        .contains("silver.stock 2 keys differ from what these snapshots say")
        .noneMatch(line -> line.startsWith("silver.stock builds it whole"));
    assertThat(
            shop.rows(
                "SELECT product, amount, valid_from, valid_to, was_deleted FROM silver.stock"))
        .containsExactly(
            "[jam, 4.00, 2026-03-01, 2026-03-02, false]",
            "[jam, 5.00, 2026-03-02, null, false]",
            "[oil, 7.00, 2026-03-01, 2026-03-02, true]",
            "[tea, 2.00, 2026-03-01, null, false]");
  }

  @Test
  void whatHasNoKeyIsNotPublished() {
    shop.write(
            "models/silver/prices.sql",
            "SELECT nullif(product, 'jam') AS product, sold_at AS changed_at, amount AS price FROM bronze.sales")
        .open();
    shop.sell(SmallShop.SALES, price("tea", 1, "2.00"));
    shop.pass();
    shop.sell(SmallShop.SALES, price("jam", 1, "4.00"));

    Outcome outcome = shop.pass().get(PRICES);

    assertThat(((Outcome.Refused) outcome).why())
        .singleElement()
        .asString()
        .startsWith(
            "history_of_prices: 1 versions in silver.prices are not one after the other, such as {product=null, valid_from=2026-03-01")
        .contains("wrong=has no key} (models/schema.yml:4)");
    assertThat(shop.rows("SELECT product FROM silver.prices")).containsExactly("[tea]");
  }

  @Test
  void aColumnThatTheConfigNamesMustBeThere() {
    shop.write(
            "models/silver/prices.sql",
            "SELECT product, sold_at, amount AS price FROM bronze.sales")
        .open();

    assertThatThrownBy(() -> shop.pass())
        .isInstanceOf(MillraceException.class)
        .hasMessage(
            "Cannot build silver.prices: its config names column 'changed_at', which models/silver/prices.sql does not make; it makes %s",
            List.of("product", "sold_at", "price"));
  }
}
