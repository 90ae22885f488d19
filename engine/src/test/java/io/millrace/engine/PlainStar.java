package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.shop.ShopStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The star of the shop, reckoned event by event from what the shop sent. */
final class PlainStar {

  /** A version of a key that is valid from a time up to that of the next one. */
  record Version(Instant from, List<Object> values, boolean inferred) {}

  /** A line of an order, and what its order says if it came. */
  record Line(JsonNode item, Optional<JsonNode> header) {
    Instant at() {
      return time(item);
    }

    String order() {
      return item.get("order_id").asText();
    }

    String user() {
      return said("user_id");
    }

    /** A field of the order. */
    String said(String field) {
      return header.map(it -> it.get(field).asText()).orElse("unknown");
    }
  }

  private record Told(Instant at, List<Object> values) {}

  private final Map<String, List<Told>> toldProducts = new HashMap<>();
  private final Map<String, List<Told>> mentionedProducts = new HashMap<>();
  private final Map<String, List<Told>> toldCustomers = new HashMap<>();
  private final Map<String, List<Told>> mentionedCustomers = new HashMap<>();

  final Map<String, List<Line>> orders = new TreeMap<>();
  final List<JsonNode> returns;
  final Map<String, List<JsonNode>> visits = new HashMap<>();

  PlainStar(RetailWarehouse warehouse) throws IOException {
    returns = warehouse.events(ShopStream.RETURNS);
    Map<String, JsonNode> headers = new HashMap<>();
    for (JsonNode order : warehouse.events(ShopStream.ORDERS)) {
      headers.put(order.get("order_id").asText(), order);
      add(
          mentionedCustomers,
          order.get("user_id").asText(),
          order,
          order.get("country").asText(),
          "unknown",
          "unknown");
    }
    for (JsonNode item : warehouse.events(ShopStream.ORDER_ITEMS)) {
      String order = item.get("order_id").asText();
      orders
          .computeIfAbsent(order, key -> new ArrayList<>())
          .add(new Line(item, Optional.ofNullable(headers.get(order))));
      add(
          toldProducts,
          item.get("product_id").asText(),
          item,
          item.get("product_name").asText(),
          item.get("category").asText(),
          item.get("unit_price").decimalValue().setScale(2));
    }
    for (JsonNode click : warehouse.events(ShopStream.CLICKS)) {
      visits.computeIfAbsent(click.get("session_id").asText(), key -> new ArrayList<>()).add(click);
      if (click.hasNonNull("user_id")) {
        add(
            toldCustomers,
            click.get("user_id").asText(),
            click,
            click.get("country").asText(),
            click.get("language").asText(),
            click.get("device").asText());
      }
      if (click.get("event_type").asText().equals("product_view")) {
        JsonNode item = click.get("item");
        add(
            mentionedProducts,
            item.get("product_id").asText(),
            click,
            "unknown",
            item.get("category").asText(),
            item.get("price").decimalValue().setScale(2));
      }
    }
    for (JsonNode back : returns) {
      add(mentionedProducts, back.get("product_id").asText(), back, "unknown", "unknown", null);
    }
    toldCustomers.put(
        "unknown", List.of(new Told(Instant.EPOCH, List.of("unknown", "unknown", "unknown"))));
  }

  static Instant time(JsonNode event) {
    return Instant.parse(event.get("event_time").asText());
  }

  static LocalDate day(Instant at) {
    return LocalDate.ofInstant(at, ZoneOffset.UTC);
  }

  static int dateKey(LocalDate day) {
    return 10_000 * day.getYear() + 100 * day.getMonthValue() + day.getDayOfMonth();
  }

  static int timeKey(Instant at) {
    return 100 * at.atOffset(ZoneOffset.UTC).getHour() + at.atOffset(ZoneOffset.UTC).getMinute();
  }

  static long micros(Instant at) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, at);
  }

  private static void add(
      Map<String, List<Told>> by, String key, JsonNode event, Object... values) {
    by.computeIfAbsent(key, none -> new ArrayList<>())
        .add(new Told(time(event), RetailWarehouse.row(values)));
  }

  Map<String, List<Version>> products() {
    return versions(toldProducts, mentionedProducts);
  }

  Map<String, List<Version>> customers() {
    return versions(toldCustomers, mentionedCustomers);
  }

  private static Map<String, List<Version>> versions(
      Map<String, List<Told>> told, Map<String, List<Told>> mentioned) {
    Set<String> keys = new TreeSet<>(told.keySet());
    keys.addAll(mentioned.keySet());
    Map<String, List<Version>> versions = new TreeMap<>();
    for (String key : keys) {
      Comparator<Told> byTime = Comparator.comparing(Told::at);
      List<Told> mentions = mentioned.getOrDefault(key, List.of()).stream().sorted(byTime).toList();
      List<Version> found = new ArrayList<>();
      for (Told row : told.getOrDefault(key, List.of()).stream().sorted(byTime).toList()) {
        if (found.isEmpty() && !mentions.isEmpty() && mentions.get(0).at().isBefore(row.at())) {
          found.add(new Version(mentions.get(0).at(), row.values(), false));
        } else if (found.isEmpty() || !found.get(found.size() - 1).values().equals(row.values())) {
          found.add(new Version(row.at(), row.values(), false));
        }
      }
      if (found.isEmpty()) {
        found.add(new Version(mentions.get(0).at(), mentions.get(0).values(), true));
      }
      versions.put(key, found);
    }
    return versions;
  }

  /** When the version begins that is valid at a time. */
  static long versionAt(Instant at, List<Version> versions) {
    return micros(
        versions.stream()
            .map(Version::from)
            .filter(from -> !from.isAfter(at))
            .max(Comparator.naturalOrder())
            .orElseThrow());
  }

  static BigDecimal sum(List<JsonNode> events, String field) {
    return events.stream()
        .map(it -> it.get(field).decimalValue())
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  static long count(List<JsonNode> events, String field) {
    return events.stream().mapToLong(it -> it.get(field).asLong()).sum();
  }
}
