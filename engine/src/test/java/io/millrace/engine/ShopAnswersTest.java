package io.millrace.engine;

import static io.millrace.engine.RetailWarehouse.round;
import static io.millrace.engine.RetailWarehouse.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.shop.ShopStream;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The gold models that answer what is asked of the shop and of the small seeds, against the same
 * reckoned in plain Java, event by event from what the shop sent.
 */
class ShopAnswersTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final RetailWarehouse warehouse = RetailWarehouse.shared();

  private static List<JsonNode> events(ShopStream stream) throws IOException {
    return warehouse.events(stream);
  }

  @Test
  void pairsAreCountedOnceForEachOrder() throws Exception {
    Map<String, SortedSet<String>> baskets = new HashMap<>();
    for (JsonNode item : events(ShopStream.ORDER_ITEMS)) {
      baskets
          .computeIfAbsent(item.get("order_id").asText(), key -> new TreeSet<>())
          .add(item.get("product_id").asText());
    }
    Map<String, Integer> orders = new HashMap<>();
    Map<List<Object>, Integer> pairs = new HashMap<>();
    for (SortedSet<String> basket : baskets.values()) {
      for (String one : basket) {
        orders.merge(one, 1, Integer::sum);
        basket.tailSet(one + "\0").forEach(other -> pairs.merge(row(one, other), 1, Integer::sum));
      }
    }
    List<List<Object>> expected = new ArrayList<>();
    pairs.forEach(
        (pair, count) -> {
          int one = orders.get((String) pair.get(0));
          int other = orders.get((String) pair.get(1));
          if (count >= 2) {
            double lift = 1.0 * count * baskets.size() / ((double) one * other);
            expected.add(
                row(
                    pair.get(0),
                    pair.get(1),
                    count,
                    round(100.0 * count / one, 1),
                    round(lift, 2)));
          }
        });
    warehouse.assertRows("SELECT * FROM gold.basket_pairs", expected);
  }

  @Test
  void everyVisitIsInTheFunnelAsFarAsItGot() throws Exception {
    Map<String, List<JsonNode>> visits = new HashMap<>();
    for (JsonNode click : events(ShopStream.CLICKS)) {
      visits.computeIfAbsent(click.get("session_id").asText(), key -> new ArrayList<>()).add(click);
    }
    Map<List<Object>, int[]> counts = new HashMap<>();
    for (List<JsonNode> clicks : visits.values()) {
      Instant started =
          clicks.stream()
              .map(it -> Instant.parse(it.get("event_time").asText()))
              .min(Comparator.naturalOrder())
              .orElseThrow();
      String device = clicks.get(0).get("device").asText();
      int[] count =
          counts.computeIfAbsent(
              row(LocalDate.ofInstant(started, ZoneOffset.UTC), device), key -> new int[5]);
      Set<String> kinds =
          clicks.stream().map(it -> it.get("event_type").asText()).collect(Collectors.toSet());
      count[0]++;
      count[1] += kinds.contains("product_view") ? 1 : 0;
      count[2] += kinds.contains("add_to_cart") ? 1 : 0;
      count[3] += kinds.contains("checkout") ? 1 : 0;
      count[4] += kinds.contains("purchase") ? 1 : 0;
    }
    List<List<Object>> expected = new ArrayList<>();
    counts.forEach(
        (key, it) -> expected.add(row(key.get(0), key.get(1), it[0], it[1], it[2], it[3], it[4])));
    warehouse.assertRows(
        "SELECT day, device, visits, product_views, carts, checkouts, purchases FROM gold.conversion_funnel",
        expected);
  }

  @Test
  void searchesAreCountedWhateverTheirCase() throws Exception {
    Map<String, Integer> searches = new TreeMap<>();
    for (JsonNode click : events(ShopStream.CLICKS)) {
      if (click.get("event_type").asText().equals("search") && click.hasNonNull("query")) {
        searches.merge(
            click.get("query").asText().strip().toLowerCase(Locale.ROOT), 1, Integer::sum);
      }
    }
    List<List<Object>> expected = new ArrayList<>();
    searches.forEach((search, count) -> expected.add(row(search, count)));
    warehouse.assertRows("SELECT search, searches FROM gold.top_searches", expected);
  }

  @Test
  void salariesAreRankedInThreeWays() throws Exception {
    Map<String, List<String[]>> departments = new LinkedHashMap<>();
    List<String> file = Files.readAllLines(RetailWarehouse.PACK.resolve("seeds/employees.csv"));
    for (String line : file.subList(1, file.size())) {
      String[] columns = line.split(",", 3);
      departments.computeIfAbsent(columns[1], key -> new ArrayList<>()).add(columns);
    }
    List<List<Object>> ranks = new ArrayList<>();
    List<List<Object>> seconds = new ArrayList<>();
    departments.forEach(
        (department, people) -> {
          List<Integer> salaries =
              people.stream()
                  .map(it -> Integer.valueOf(it[2]))
                  .sorted(Comparator.reverseOrder())
                  .toList();
          List<Integer> different = salaries.stream().distinct().toList();
          for (String[] person : people) {
            Integer salary = Integer.valueOf(person[2]);
            ranks.add(row(person[0], salaries.indexOf(salary) + 1, different.indexOf(salary) + 1));
          }
          Integer second = different.size() > 1 ? different.get(1) : null;
          String names =
              people.stream()
                  .filter(it -> second != null && Integer.valueOf(it[2]).equals(second))
                  .map(it -> it[0])
                  .sorted()
                  .collect(Collectors.joining(", "));
          seconds.add(row(department, second, second == null ? null : names));
        });
    warehouse.assertRows("SELECT employee, rank, dense_rank FROM gold.salary_ranks", ranks);
    warehouse.assertRows("SELECT * FROM gold.second_highest_salaries", seconds);
    assertThat(seconds)
        .as("a department without a second salary")
        .anyMatch(it -> it.get(1) == null);
  }

  private static void flatten(String product, String path, JsonNode node, List<List<Object>> rows) {
    String before = path.isEmpty() ? "" : path + ".";
    if (node.isContainerNode() && !node.isEmpty()) {
      node.properties()
          .forEach(
              field -> {
                String key =
                    field.getKey().contains(".") ? '"' + field.getKey() + '"' : field.getKey();
                flatten(product, before + key, field.getValue(), rows);
              });
      for (int i = 0; node.isArray() && i < node.size(); i++) {
        flatten(product, before + i, node.get(i), rows);
      }
    } else {
      String value = node.isContainerNode() ? node.toString() : node.asText();
      rows.add(row(product, path, node.isNull() ? null : value));
    }
  }

  @Test
  void nestedJsonIsFlatUnderPathsWithDots() throws Exception {
    List<List<Object>> expected = new ArrayList<>();
    List<String> file =
        Files.readAllLines(RetailWarehouse.PACK.resolve("seeds/catalogue_feed.csv"));
    for (String line : file.subList(1, file.size())) {
      String[] columns = line.split(",", 2);
      String document = columns[1].substring(1, columns[1].length() - 1).replace("\"\"", "\"");
      flatten(columns[0], "", JSON.readTree(document), expected);
    }
    warehouse.assertRows(
        "SELECT product_id, attribute, value FROM gold.catalogue_attributes", expected);
  }
}
