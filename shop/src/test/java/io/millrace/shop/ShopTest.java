package io.millrace.shop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.shop.Truth.Counts;
import io.millrace.shop.Truth.Revenue;
import io.millrace.testkit.Golden;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ShopTest {

  private static final Instant START = Instant.parse("2026-03-01T22:30:00Z");
  private static final double RATE = 50;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private static Shop shop(long seed, ShopProfile profile) {
    return new Shop(seed, profile, ShopTime.steady(START, RATE));
  }

  private static String text(ShopEvent event) {
    return event.stream() + " " + event.fate() + " " + new String(event.json(), UTF_8);
  }

  private static JsonNode json(ShopEvent event) {
    try {
      return JSON.readTree(event.json());
    } catch (IOException e) {
      throw new AssertionError(text(event), e);
    }
  }

  @Test
  void sendsTheSameBytesForTheSameSeed() {
    StringBuilder events = new StringBuilder();
    for (ShopEvent event : shop(7, ShopProfile.LIVE.dirty(0.1, 0.1, 0)).nextBatch(60)) {
      events.append(text(event)).append('\n');
    }
    Golden.assertMatches(
        Path.of("shop/src/test/resources/io/millrace/shop/seed-7.txt"), events.toString());
  }

  @Test
  void sendsOtherBytesForAnotherSeed() {
    Set<String> one = new HashSet<>();
    shop(1, ShopProfile.LIVE).nextBatch(500).forEach(event -> one.add(text(event)));

    assertThat(shop(2, ShopProfile.LIVE).nextBatch(500))
        .noneMatch(event -> one.contains(text(event)));
  }

  @Test
  void sendsEventsInTheOrderOfTheirTime() {
    Instant before = START;
    for (ShopEvent event : shop(1, ShopProfile.LIVE.spotless()).nextBatch(5_000)) {
      Instant time = Instant.parse(json(event).get("event_time").asText());
      assertThat(time).isAfterOrEqualTo(before);
      before = time;
    }
    assertThat(before).isEqualTo(START.plusMillis(4_999 * 20));
  }

  @Test
  void meetsEveryFateAsOftenAsItsProfileSays() {
    Shop shop = shop(3, ShopProfile.LIVE.dirty(0.04, 0.10, 0.02));
    Map<Fate, Integer> fates = new HashMap<>();
    Set<Flaw> flaws = new HashSet<>();
    for (ShopEvent event : shop.nextBatch(200_000)) {
      fates.merge(event.fate(), 1, Integer::sum);
      flaws.add(event.flaw());
    }

    assertThat(fates.get(Fate.REPEATED) / 200_000.0).isCloseTo(0.04, within(0.004));
    assertThat(fates.get(Fate.LATE) / 200_000.0).isCloseTo(0.10, within(0.01));
    assertThat(fates.get(Fate.MALFORMED) / 200_000.0).isCloseTo(0.02, within(0.002));
    assertThat(flaws).containsExactlyInAnyOrder(Flaw.values());
  }

  @Test
  void repeatsAnEventByItsBytesWithinMinutes() {
    Map<String, Integer> first = new HashMap<>();
    int repeats = 0;
    List<ShopEvent> events = shop(4, ShopProfile.LIVE.dirty(0.2, 0.01, 0.01)).nextBatch(20_000);
    for (int n = 0; n < events.size(); n++) {
      ShopEvent event = events.get(n);
      String bytes = event.stream() + new String(event.json(), UTF_8);
      if (event.fate() == Fate.REPEATED) {
        repeats++;
        assertThat(first).containsKey(bytes);
        assertThat((n - first.get(bytes)) / RATE).isBetween(0.0, 180.0);
      } else {
        assertThat(first.put(bytes, n)).isNull();
      }
    }
    assertThat(repeats).isGreaterThan(2_000);
  }

  @Test
  void sendsLateEventsLongAfterTheyHappenedAndOthersAtOnce() {
    Shop shop = shop(5, ShopProfile.LIVE.dirty(0, 0.2, 0));
    for (int n = 0; n < 5_000; n++) {
      ShopEvent event = shop.next();
      Instant sent = START.plusMillis(n * 20L);
      Duration age = Duration.between(Instant.parse(json(event).get("event_time").asText()), sent);
      if (event.fate() == Fate.LATE) {
        assertThat(age).isGreaterThan(Shop.LATENESS);
      } else {
        assertThat(age).isZero();
      }
    }
  }

  @Test
  void givesEveryEventButRepeatsAnIdOfItsOwn() {
    Set<String> ids = new HashSet<>();
    for (ShopEvent event : shop(6, ShopProfile.LIVE.dirty(0.1, 0.1, 0)).nextBatch(5_000)) {
      String id = json(event).get("event_id").asText();
      assertThat(id).isEqualTo(new UUID(event.idHigh(), event.idLow()).toString());
      assertThat(ids.add(id)).isEqualTo(event.fate() != Fate.REPEATED);
    }
  }

  @Test
  void sellsWhatAddsUpAndTakesBackOnlyWhatWasSold() {
    Shop shop = shop(8, ShopProfile.LIVE.dirty(0.05, 0.05, 0.05));
    Map<String, Long> totals = new HashMap<>();
    Map<String, Long> sums = new HashMap<>();
    Map<String, JsonNode> lines = new HashMap<>();
    Set<String> purchases = new HashSet<>();
    int returns = 0;
    for (int n = 0; n < 30_000 || shop.insideOrder(); n++) {
      ShopEvent event = shop.next();
      if (event.fate() == Fate.MALFORMED || event.fate() == Fate.REPEATED) {
        continue;
      }
      JsonNode it = json(event);
      String order = it.path("order_id").asText();
      switch (event.stream()) {
        case CLICKS -> {
          if (it.get("event_type").asText().equals("purchase")) {
            purchases.add(order);
          }
        }
        case ORDERS -> totals.put(order, pence(it.get("total").decimalValue()));
        case ORDER_ITEMS -> {
          sums.merge(order, pence(it.get("amount").decimalValue()), Long::sum);
          lines.put(order + it.get("line"), it);
        }
        case RETURNS -> {
          returns++;
          JsonNode line = lines.get(order + it.get("line"));
          assertThat(it.get("product_id")).isEqualTo(line.get("product_id"));
          assertThat(it.get("quantity").asInt()).isLessThanOrEqualTo(line.get("quantity").asInt());
        }
      }
    }
    assertThat(totals).hasSizeGreaterThan(200);
    assertThat(totals.equals(sums)).isTrue();
    assertThat(purchases).isEqualTo(totals.keySet());
    assertThat(returns).isGreaterThan(10);
  }

  @Test
  void countsWhatItSends() {
    Shop shop = shop(9, ShopProfile.LIVE.dirty(0.05, 0.1, 0.05));
    Map<String, Long> counts = new HashMap<>();
    Map<String, BigDecimal> revenue = new HashMap<>();
    for (int n = 0; n < 30_000 || shop.insideOrder(); n++) {
      ShopEvent event = shop.next();
      counts.merge(event.stream() + " " + event.fate(), 1L, Long::sum);
      if (event.stream() == ShopStream.ORDER_ITEMS && event.fate() == Fate.FRESH) {
        JsonNode it = json(event);
        BigDecimal amount = it.get("amount").decimalValue();
        revenue.merge(it.get("product_id").asText(), amount, BigDecimal::add);
        revenue.merge(it.get("event_time").asText().substring(0, 10), amount, BigDecimal::add);
        revenue.merge("all", amount, BigDecimal::add);
      }
    }

    Truth truth = shop.truth();
    for (ShopStream stream : ShopStream.values()) {
      Counts it = truth.of(stream);
      assertThat(it.fresh()).isEqualTo(counts.getOrDefault(stream + " fresh", 0L));
      assertThat(it.repeated()).isEqualTo(counts.getOrDefault(stream + " repeated", 0L));
      assertThat(it.late()).isEqualTo(counts.getOrDefault(stream + " late", 0L));
      assertThat(it.malformed()).isEqualTo(counts.getOrDefault(stream + " malformed", 0L));
    }
    assertThat(truth.fresh().itemPence())
        .isEqualTo(truth.fresh().orderPence())
        .isEqualTo(pence(revenue.remove("all")));
    assertThat(truth.late().itemPence()).isEqualTo(truth.late().orderPence()).isPositive();
    Map<String, Revenue> told = new HashMap<>(truth.revenueByProduct());
    told.putAll(truth.revenueByDay());
    told.values().removeIf(it -> it.freshPence() == 0);
    assertThat(told.keySet()).isEqualTo(revenue.keySet());
    told.forEach((what, it) -> assertThat(it.freshPence()).isEqualTo(pence(revenue.get(what))));
  }

  private static long pence(BigDecimal pounds) {
    return pounds.movePointRight(2).longValueExact();
  }

  @Test
  void hasScrapersThatSeeMuchAndBuyNothing() {
    Shop shop = shop(10, ShopProfile.LIVE.spotless());
    Map<String, Integer> clicks = new HashMap<>();
    List<ShopEvent> events = shop.nextBatch(40_000);
    for (ShopEvent event : events) {
      if (event.stream() == ShopStream.CLICKS) {
        clicks.merge(json(event).get("visitor_id").asText(), 1, Integer::sum);
      }
    }

    assertThat(shop.truth().bots()).hasSize(5);
    for (Bot bot : shop.truth().bots()) {
      assertThat(clicks.get(bot.visitorId())).isGreaterThan(50);
      assertThat(events)
          .filteredOn(event -> new String(event.json(), UTF_8).contains(bot.visitorId()))
          .allSatisfy(event -> assertThat(json(event).get("ip").asText()).isEqualTo(bot.ip()))
          .noneMatch(event -> json(event).get("event_type").asText().equals("purchase"));
    }
  }
}
