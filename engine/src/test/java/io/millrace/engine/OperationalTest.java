package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.shop.Shop;
import io.millrace.shop.ShopEvent;
import io.millrace.shop.ShopProfile;
import io.millrace.shop.ShopTime;
import io.millrace.shop.Truth;
import io.millrace.testkit.Golden;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The operational database of the pack in a real PostgreSQL, filled by the simulated shop. */
class OperationalTest {

  private static final int EVENTS = 12_000;
  private static final ShopProfile PROFILE =
      new ShopProfile(300, 80, 2, 0.02, 0.02, 0.03, 0.01, 0.3, ShopProfile.LIVE.flaws());

  /** Every row of every table, in an order of its own. */
  private static final String ALL_ROWS =
      """
      SELECT table_name AS name,
        query_to_xml('SELECT * FROM shop.' || table_name || ' AS t ORDER BY t::text', false, true, '')::text AS rows
      FROM information_schema.tables WHERE table_schema = 'shop' ORDER BY name""";

  private static Operational database;
  private static Truth truth;

  @BeforeAll
  static void fill() throws Exception {
    Shop shop = new Shop(5, PROFILE, ShopTime.steady(Instant.parse("2026-01-10T00:00:00Z"), 0.01));
    List<ShopEvent> events = new ArrayList<>(shop.nextBatch(EVENTS));
    while (shop.insideOrder()) {
      events.add(shop.next());
    }
    truth = shop.truth();
    database = new Operational();
    // In two parts, of which the first ends anywhere.
    database.live(events.subList(0, EVENTS / 2 + 1)).live(events);
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  @Test
  void pageIsWhatTheCatalogSays() throws SQLException {
    Golden.assertMatches(
        Path.of("docs/reference/retail-operational.md"), OperationalPage.of(database));
  }

  @Test
  void everyTableAndColumnIsDescribed() throws SQLException {
    assertThat(database.rows(Operational.resource("catalog-columns.sql")))
        .hasSizeGreaterThan(40)
        .allSatisfy(
            column -> assertThat(column).doesNotContainEntry("about", null).containsKey("about"))
        .allSatisfy(column -> assertThat(column.get("about_table")).asString().contains("One row"));
  }

  @Test
  void everyForeignKeyHasAnIndex() throws SQLException {
    List<Map<String, Object>> indexes = database.rows(Operational.resource("catalog-indexes.sql"));
    List<Map<String, Object>> keys =
        database.rows(Operational.resource("catalog-constraints.sql")).stream()
            .filter(it -> it.get("kind").equals("f"))
            .toList();
    assertThat(keys)
        .hasSize(14)
        .allSatisfy(
            key ->
                assertThat(indexes)
                    .anyMatch(
                        index ->
                            index.get("table").equals(key.get("table"))
                                && (Boolean) index.get("whole")
                                && startsWith(index.get("columns"), key.get("columns"))));
  }

  private static boolean startsWith(Object index, Object key) {
    List<?> its = (List<?>) index;
    int length = ((List<?>) key).size();
    return its.size() >= length && its.subList(0, length).equals(key);
  }

  @Test
  void whatTheShopDidIsThereToThePenny() throws SQLException {
    Truth.Sales fresh = truth.fresh();
    Truth.Sales late = truth.late();
    assertThat(fresh.returns()).isPositive();
    assertThat(late.orders()).isPositive();
    assertThat(database.value("SELECT count(*) FROM orders"))
        .isEqualTo(String.valueOf(fresh.orders() + late.orders()));
    assertThat(database.value("SELECT count(*) FROM order_items"))
        .isEqualTo(String.valueOf(fresh.items() + late.items()));
    assertMoney("SELECT sum(total) FROM orders", fresh.orderPence() + late.orderPence());
    assertMoney("SELECT sum(amount) FROM order_items", fresh.itemPence() + late.itemPence());
    assertMoney(
        "SELECT sum(amount) FROM payments",
        fresh.orderPence() + late.orderPence() - fresh.refundPence());
    assertThat(database.value("SELECT count(*) FROM returns"))
        .isEqualTo(String.valueOf(fresh.returns()));
    for (var day : truth.revenueByDay().entrySet()) {
      assertMoney(
          "SELECT sum(amount) FROM payments WHERE return_id IS NULL AND paid_at::date = '%s'"
              .formatted(day.getKey()),
          day.getValue().freshPence() + day.getValue().latePence());
    }
  }

  private static void assertMoney(String sql, long pence) throws SQLException {
    assertThat(new BigDecimal(database.value(sql)))
        .as(sql)
        .isEqualByComparingTo(BigDecimal.valueOf(pence, 2));
  }

  @Test
  void ordersAreWhatWasInTheirCarts() throws SQLException {
    String both = "SELECT cart_id, product_id, quantity FROM %s JOIN orders USING (%s)";
    String ordered = both.formatted("order_items", "order_id");
    String carried = both.formatted("cart_items", "cart_id");
    assertThat(
            database.rows(
                "(%1$s EXCEPT %2$s) UNION ALL (%2$s EXCEPT %1$s)".formatted(ordered, carried)))
        .isEmpty();
    assertThat(database.value("SELECT count(*) > 0 FROM carts WHERE user_id IS NULL"))
        .isEqualTo("true");
  }

  @Test
  void parcelsArriveAndSomeAreStillOnTheirWay() throws SQLException {
    assertThat(database.value("SELECT count(*) > 0 FROM shipments WHERE delivered_at IS NULL"))
        .isEqualTo("true");
    assertThat(
            database.value(
                "SELECT count(*) FROM returns JOIN shipments USING (order_id) WHERE delivered_at IS NULL OR received_at < delivered_at"))
        .isEqualTo("0");
  }

  @Test
  void fillingAgainChangesNothing() throws Exception {
    List<Map<String, Object>> before = database.rows(ALL_ROWS);
    database.live(List.of());
    assertThat(before).hasSize(11);
    assertThat(database.rows(ALL_ROWS)).isEqualTo(before);
  }

  /** What nobody may write, and what the database calls it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          UPDATE order_items SET quantity = quantity + 1                | has total .* and items of
          UPDATE orders SET total = total + 0.01                        | has total .* and items of
          DELETE FROM order_items WHERE (order_id, line) NOT IN (SELECT order_id, line FROM returns) | has total .* and items of
          UPDATE payments SET amount = amount + 0.01 WHERE return_id IS NULL     | and a charge of
          UPDATE payments SET amount = amount + 0.01 WHERE return_id IS NOT NULL | refund that is not what was returned
          UPDATE returns SET quantity = quantity + 99                   | has more returned than was ordered
          UPDATE orders SET currency = 'EUR'                            | orders_currency_check
          UPDATE orders SET user_id = (SELECT max(user_id) FROM users)  | orders_user_id_address_id_fkey
          UPDATE orders SET cart_id = (SELECT max(cart_id) FROM orders) | orders_cart_id_key
          DELETE FROM products                                          | violates foreign key constraint
          UPDATE order_items SET amount = 1                             | can only be updated to DEFAULT
          UPDATE shipments SET delivered_at = now(), shipped_at = NULL  | shipments_check
          UPDATE shipments SET shipped_at = packed_at - interval '1 s'  | shipments_check
          UPDATE payments SET amount = -amount                          | payments_check
          INSERT INTO payments (order_id, method, paid_at, amount) SELECT order_id, method, paid_at, amount FROM payments WHERE return_id IS NULL | payments_charge
          UPDATE users SET email = 'nobody'                             | users_email_check
          UPDATE products SET product_id = 'teapot'                     | products_product_id_check
          UPDATE cart_items SET quantity = 0                            | cart_items_quantity_check
          """)
  void refuses(String sql, String why) {
    assertThatThrownBy(() -> database.commit(sql))
        .isInstanceOf(SQLException.class)
        .message()
        .containsPattern(why);
  }

  @Test
  void anOrderIsBegunBeforeItsLinesAreThere() throws SQLException {
    String order =
        "INSERT INTO orders SELECT 'r-new', user_id, address_id, (SELECT min(cart_id) FROM carts WHERE cart_id NOT IN (SELECT cart_id FROM orders)), placed_at, currency, 5 FROM orders LIMIT 1;";
    String line =
        "INSERT INTO order_items (order_id, line, product_id, quantity, unit_price) SELECT 'r-new', 1, min(product_id), 2, 2.50 FROM products;";

    assertThatThrownBy(() -> database.commit(order)).hasMessageContaining("items of 0");
    database.commit(order + line);

    assertThat(database.value("SELECT total FROM orders WHERE order_id = 'r-new'"))
        .isEqualTo("5.00");
    database.commit(
        "DELETE FROM order_items WHERE order_id = 'r-new'; DELETE FROM orders WHERE order_id = 'r-new'");
  }
}
