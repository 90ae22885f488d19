package io.millrace.engine;

import static io.millrace.engine.RetailWarehouse.row;
import static java.util.stream.Collectors.groupingBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.shop.ShopStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the shop sells and takes back, against the same reckoned event by event. */
class ShopSalesTest {

  private static final RetailWarehouse warehouse = RetailWarehouse.shared();

  private static List<JsonNode> sold;
  private static List<JsonNode> returned;

  /** The newest order of each product. */
  private static Map<String, JsonNode> catalogue;

  @BeforeAll
  static void read() throws IOException {
    sold = warehouse.events(ShopStream.ORDER_ITEMS);
    returned = warehouse.events(ShopStream.RETURNS);
    catalogue = new HashMap<>();
    sold.stream()
        .sorted(Comparator.comparing(PlainStar::time))
        .forEach(item -> catalogue.put(product(item), item));
  }

  private static String product(JsonNode event) {
    return event.get("product_id").asText();
  }

  private static String category(JsonNode item) {
    return item == null ? "unknown" : item.get("category").asText();
  }

  private static long units(List<JsonNode> items) {
    return items.stream().mapToLong(it -> it.get("quantity").asLong()).sum();
  }

  private static BigDecimal money(List<JsonNode> items, String field) {
    return items.stream()
        .map(it -> it.get(field).decimalValue())
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  @Test
  void eachDayAndCategoryHasItsSalesAndWhatCameBackOnIt() throws SQLException {
    Map<List<Object>, List<JsonNode>> sales =
        sold.stream()
            .collect(groupingBy(it -> row(PlainStar.day(PlainStar.time(it)), category(it))));
    Map<List<Object>, List<JsonNode>> back =
        returned.stream()
            .collect(
                groupingBy(
                    it ->
                        row(
                            PlainStar.day(PlainStar.time(it)),
                            category(catalogue.get(product(it))))));
    Set<List<Object>> days = new HashSet<>(sales.keySet());
    days.addAll(back.keySet());
    List<List<Object>> expected = new ArrayList<>();
    for (List<Object> day : days) {
      List<JsonNode> items = sales.getOrDefault(day, List.of());
      List<JsonNode> returns = back.getOrDefault(day, List.of());
      BigDecimal revenue = money(items, "amount");
      BigDecimal refunds = money(returns, "refund");
      expected.add(
          row(
              day.get(0),
              day.get(1),
              items.stream().map(it -> it.get("order_id").asText()).distinct().count(),
              units(items),
              revenue,
              units(returns),
              refunds,
              revenue.subtract(refunds)));
    }
    warehouse.assertRows("SELECT * FROM gold.daily_sales", expected);
  }

  @Test
  void eachProductIsLookedAtBoughtAndSentBackAsOftenAsEventsSay() throws Exception {
    Map<String, List<JsonNode>> clicks =
        warehouse.events(ShopStream.CLICKS).stream()
            .filter(it -> it.hasNonNull("item"))
            .collect(groupingBy(it -> product(it.get("item"))));
    Map<String, List<JsonNode>> sales = sold.stream().collect(groupingBy(ShopSalesTest::product));
    Map<String, List<JsonNode>> back =
        returned.stream().collect(groupingBy(ShopSalesTest::product));
    Set<String> products = new HashSet<>(clicks.keySet());
    products.addAll(sales.keySet());
    List<List<Object>> expected = new ArrayList<>();
    for (String product : products) {
      List<JsonNode> seen = clicks.getOrDefault(product, List.of());
      List<JsonNode> items = sales.getOrDefault(product, List.of());
      List<JsonNode> returns = back.getOrDefault(product, List.of());
      JsonNode newest = catalogue.get(product);
      expected.add(
          row(
              product,
              newest == null ? null : newest.get("product_name").asText(),
              category(newest == null ? seen.get(0).get("item") : newest),
              times(seen, "product_view"),
              times(seen, "add_to_cart"),
              units(items),
              money(items, "amount"),
              units(returns),
              money(returns, "refund")));
    }
    warehouse.assertRows("SELECT * FROM gold.top_products", expected);
  }

  private static long times(List<JsonNode> clicks, String type) {
    return clicks.stream().filter(it -> it.get("event_type").asText().equals(type)).count();
  }
}
