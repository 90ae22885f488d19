package io.millrace.engine;

import static io.millrace.engine.RetailWarehouse.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.TableName;
import io.millrace.engine.PlainStar.Line;
import io.millrace.engine.PlainStar.Version;
import io.millrace.lake.Schemas;
import io.millrace.project.Model;
import io.millrace.project.StreamContract;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The dimensions and facts of the shop against the same reckoned in plain Java. */
class ShopStarTest {

  private static final RetailWarehouse warehouse = RetailWarehouse.shared();
  private static PlainStar plain;
  private static Map<String, List<Version>> products;
  private static Map<String, List<Version>> customers;

  @BeforeAll
  static void reckon() throws IOException {
    plain = new PlainStar(warehouse);
    products = plain.products();
    customers = plain.customers();
  }

  private static List<List<Object>> rows(Map<String, List<Version>> dimension) {
    List<List<Object>> rows = new ArrayList<>();
    dimension.forEach(
        (key, versions) -> {
          for (int i = 0; i < versions.size(); i++) {
            Version version = versions.get(i);
            List<Object> row = new ArrayList<>();
            row.add(key);
            row.addAll(version.values());
            row.add(version.inferred());
            row.add(PlainStar.micros(version.from()));
            row.add(i + 1 < versions.size() ? PlainStar.micros(versions.get(i + 1).from()) : null);
            rows.add(row);
          }
        });
    return rows;
  }

  @Test
  void dimensionsAreWhatWasSaidOfTheirKeys() throws SQLException {
    warehouse.assertRows(
        "SELECT product_id, product_name, category, list_price, is_inferred, epoch_us(valid_from), epoch_us(valid_to) FROM gold.dim_product",
        rows(products));
    warehouse.assertRows(
        "SELECT user_id, country, language, device, is_inferred, epoch_us(valid_from), epoch_us(valid_to) FROM gold.dim_customer",
        rows(customers));
    assertThat(products.values())
        .as("products that nobody has ordered")
        .anyMatch(versions -> versions.get(0).inferred());
    warehouse.assertRows(
        "SELECT return_reason, fault FROM gold.dim_return_reason",
        List.of(
            row("damaged", "shop"),
            row("wrong_item", "shop"),
            row("not_as_described", "shop"),
            row("changed_mind", "customer")));
  }

  @Test
  void eachLineIsAFactWithTheVersionsOfItsTime() throws SQLException {
    List<List<Object>> expected = new ArrayList<>();
    for (List<Line> order : plain.orders.values()) {
      for (Line line : order) {
        String product = line.item().get("product_id").asText();
        expected.add(
            row(
                line.order(),
                line.item().get("line").asInt(),
                PlainStar.dateKey(PlainStar.day(line.at())),
                PlainStar.timeKey(line.at()),
                product,
                PlainStar.versionAt(line.at(), products.get(product)),
                line.user(),
                PlainStar.versionAt(line.at(), customers.get(line.user())),
                line.said("payment"),
                line.item().get("quantity").asInt(),
                line.item().get("amount").decimalValue()));
      }
    }
    warehouse.assertRows(
        """
        SELECT order_id, line, date_key, time_key, product_id, epoch_us(product.valid_from), user_id, epoch_us(customer.valid_from), payment, quantity, amount
        FROM gold.fct_order_lines
        JOIN gold.dim_product AS product USING (product_key)
        JOIN gold.dim_customer AS customer USING (customer_key)
        JOIN gold.dim_date USING (date_key)
        JOIN gold.dim_time USING (time_key)
        """,
        expected);
  }

  @Test
  void eachReturnIsAFactOfWhoseOrderItWas() throws SQLException {
    List<List<Object>> expected = new ArrayList<>();
    Map<List<Object>, BigDecimal> reasons = new HashMap<>();
    for (JsonNode back : plain.returns) {
      Instant at = PlainStar.time(back);
      String order = back.get("order_id").asText();
      String product = back.get("product_id").asText();
      String user =
          plain.orders.getOrDefault(order, List.of()).stream()
              .filter(line -> line.item().get("line").asInt() == back.get("line").asInt())
              .map(Line::user)
              .findFirst()
              .orElse("unknown");
      String reason = back.get("return_reason").asText();
      BigDecimal refund = back.get("refund").decimalValue();
      expected.add(
          row(
              back.get("return_id").asText(),
              order,
              PlainStar.dateKey(PlainStar.day(at)),
              PlainStar.timeKey(at),
              product,
              PlainStar.versionAt(at, products.get(product)),
              user,
              PlainStar.versionAt(at, customers.get(user)),
              reason,
              refund));
      reasons.merge(row(order, reason), refund, BigDecimal::add);
    }
    warehouse.assertRows(
        """
        SELECT return_id, order_id, date_key, time_key, product_id, epoch_us(product.valid_from), user_id, epoch_us(customer.valid_from), return_reason, refund
        FROM gold.fct_returns
        JOIN gold.dim_product AS product USING (product_key)
        JOIN gold.dim_customer AS customer USING (customer_key)
        JOIN gold.dim_return_reason USING (reason_key)
        """,
        expected);

    Map<Object, BigDecimal> ofOrders = new HashMap<>();
    reasons.forEach((key, refund) -> ofOrders.merge(key.get(0), refund, BigDecimal::add));
    List<List<Object>> weights = new ArrayList<>();
    reasons.forEach(
        (key, refund) ->
            weights.add(
                row(
                    key.get(0),
                    key.get(1),
                    refund,
                    RetailWarehouse.round(
                        refund.doubleValue() / ofOrders.get(key.get(0)).doubleValue(), 6))));
    warehouse.assertRows(
        "SELECT order_id, return_reason, refund, round(weight, 6) FROM gold.bridge_return_reasons JOIN gold.dim_return_reason USING (reason_key)",
        weights);
  }

  @Test
  void eachDayHasAllProductsThatHadBeenTradedByThen() throws SQLException {
    Map<String, TreeMap<LocalDate, long[]>> traded = new TreeMap<>();
    Map<List<Object>, BigDecimal> money = new HashMap<>();
    for (List<Line> order : plain.orders.values()) {
      for (Line line : order) {
        LocalDate day = PlainStar.day(line.at());
        String product = line.item().get("product_id").asText();
        traded.computeIfAbsent(product, key -> new TreeMap<>())
                .computeIfAbsent(day, key -> new long[2])[0] +=
            line.item().get("quantity").asLong();
        money.merge(
            row(product, day, "sold"), line.item().get("amount").decimalValue(), BigDecimal::add);
      }
    }
    for (JsonNode back : plain.returns) {
      LocalDate day = PlainStar.day(PlainStar.time(back));
      String product = back.get("product_id").asText();
      traded.computeIfAbsent(product, key -> new TreeMap<>())
              .computeIfAbsent(day, key -> new long[2])[1] +=
          back.get("quantity").asLong();
      money.merge(row(product, day, "back"), back.get("refund").decimalValue(), BigDecimal::add);
    }
    LocalDate last =
        traded.values().stream().map(TreeMap::lastKey).max(Comparator.naturalOrder()).orElseThrow();
    List<List<Object>> expected = new ArrayList<>();
    traded.forEach(
        (product, days) -> {
          long sold = 0;
          long kept = 0;
          for (LocalDate day = days.firstKey(); !day.isAfter(last); day = day.plusDays(1)) {
            long[] of = days.getOrDefault(day, new long[2]);
            sold += of[0];
            kept += of[0] - of[1];
            expected.add(
                row(
                    PlainStar.dateKey(day),
                    day,
                    product,
                    of[0],
                    of[1],
                    money.getOrDefault(row(product, day, "sold"), BigDecimal.ZERO),
                    money.getOrDefault(row(product, day, "back"), BigDecimal.ZERO),
                    sold,
                    kept));
          }
        });
    warehouse.assertRows(
        """
        SELECT date_key, day, product.product_id, units_sold, units_returned, amount, refunds, units_sold_to_date, units_with_customers
        FROM gold.fct_product_days
        JOIN gold.dim_product AS product USING (product_key)
        """,
        expected);
  }

  @Test
  void eachOrderHasComeAsFarAsItsEventsSay() throws SQLException {
    Map<String, List<JsonNode>> backs = new HashMap<>();
    for (JsonNode back : plain.returns) {
      backs.computeIfAbsent(back.get("order_id").asText(), key -> new ArrayList<>()).add(back);
    }
    List<List<Object>> expected = new ArrayList<>();
    plain.orders.forEach(
        (id, lines) -> {
          Instant ordered =
              lines.stream().map(Line::at).min(Comparator.naturalOrder()).orElseThrow();
          List<JsonNode> visit = visit(lines);
          List<JsonNode> back = backs.getOrDefault(id, List.of());
          List<JsonNode> items = lines.stream().map(Line::item).toList();
          Optional<Instant> visited = first(visit, "");
          Optional<Instant> carted = first(visit, "add_to_cart");
          Optional<Instant> returned = first(back, "");
          long units = PlainStar.count(items, "quantity");
          long unitsBack = PlainStar.count(back, "quantity");
          expected.add(
              row(
                  id,
                  lines.get(0).user(),
                  key(visited),
                  PlainStar.dateKey(PlainStar.day(ordered)),
                  key(returned),
                  key(back.stream().map(PlainStar::time).max(Comparator.naturalOrder())),
                  visited.map(it -> Duration.between(it, ordered).toMinutes()).orElse(null),
                  carted.map(it -> Duration.between(it, ordered).toMinutes()).orElse(null),
                  returned.map(it -> Duration.between(ordered, it).toDays()).orElse(null),
                  (long) lines.size(),
                  units,
                  PlainStar.sum(items, "amount"),
                  unitsBack,
                  PlainStar.sum(back, "refund"),
                  back.isEmpty() ? "ordered" : unitsBack < units ? "part returned" : "returned"));
        });
    warehouse.assertRows(
        """
        SELECT order_id, user_id, visited_date_key, ordered_date_key, first_returned_date_key, last_returned_date_key,
          minutes_to_order, minutes_in_cart, days_to_return, lines, units, amount, units_returned, refunds, state
        FROM gold.fct_order_lifecycle
        JOIN gold.dim_customer USING (customer_key)
        """,
        expected);
    assertThat(expected)
        .extracting(row -> row.get(14))
        .contains("ordered", "part returned", "returned");
  }

  private static List<JsonNode> visit(List<Line> lines) {
    return plain.visits.getOrDefault(lines.get(0).said("session_id"), List.of());
  }

  private static Optional<Instant> first(List<JsonNode> events, String type) {
    return events.stream()
        .filter(it -> type.isEmpty() || it.get("event_type").asText().equals(type))
        .map(PlainStar::time)
        .min(Comparator.naturalOrder());
  }

  private static int key(Optional<Instant> at) {
    return at.map(it -> PlainStar.dateKey(PlainStar.day(it))).orElse(-1);
  }

  @Test
  void dimensionsAndFactsAreBuiltAgainByKey() throws SQLException {
    Map<TableName, List<String>> tables = new TreeMap<>();
    Map<TableName, String> views = new TreeMap<>();
    for (StreamContract contract : warehouse.project().streams().values()) {
      for (TableName table : Schemas.tables(contract).keySet()) {
        tables.put(table, columns(table));
      }
    }
    for (Model model : warehouse.project().models().values()) {
      if (model.isTable()) {
        tables.put(model.name(), columns(model.name()));
      } else {
        views.put(model.name(), model.sql());
      }
    }
    Map<String, String> keys =
        Map.of(
            "gold.dim_product", "product_id",
            "gold.dim_customer", "user_id",
            "gold.fct_order_lifecycle", "order_id",
            "silver.catalogue", "product_id",
            "silver.order_lines", "order_id",
            "silver.return_lines", "return_id",
            "silver.visits", "session_id");
    try (DuckDbSqlReader reader = new DuckDbSqlReader()) {
      keys.forEach(
          (name, key) -> {
            Model model = warehouse.project().model(TableName.parse(name));
            assertThat(reader.keyedView(model.sql(), List.of(key), tables, views))
                .as(name)
                .isInstanceOf(KeyedView.Keyed.class);
          });
    }
  }

  private static List<String> columns(TableName table) throws SQLException {
    return warehouse.answer("SELECT * FROM %s LIMIT 0".formatted(table)).columns().stream()
        .map(Rows.Column::name)
        .toList();
  }

  /** As the government has published them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2011 01-03 04-22 04-25 04-29 05-02 05-30 08-29 12-26 12-27",
        "2012 01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26",
        "2020 01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
        "2021 01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
        "2022 01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
        "2023 01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26"
      })
  void bankHolidaysAreThoseOfEnglandAndWales(String year) throws SQLException {
    String[] days = year.split(" ", -1);
    List<List<Object>> expected = new ArrayList<>();
    for (int i = 1; i < days.length; i++) {
      expected.add(row(LocalDate.parse(days[0] + "-" + days[i])));
    }
    warehouse.assertRows(
        "SELECT day FROM gold.dim_date WHERE year = %s AND NOT is_workday AND NOT is_weekend"
            .formatted(days[0]),
        expected);
  }
}
