package io.millrace.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;

/**
 * The wholesaler's invoices reckoned in plain Java, line by line from the file, to hold against
 * what the pack's SQL makes of them.
 */
final class PlainInvoices {

  private static final DateTimeFormatter LONDON =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  /**
   * A line of the file.
   *
   * @param description with single spaces; empty if there is none
   * @param reason why it is no sale and no return; empty for those
   */
  record Line(
      String invoice,
      String code,
      String description,
      int quantity,
      LocalDateTime time,
      BigDecimal price,
      String customer,
      String country,
      String reason) {

    BigDecimal amount() {
      return price.multiply(BigDecimal.valueOf(quantity));
    }

    LocalDate day() {
      return time.toLocalDate();
    }

    boolean isOfGoods() {
      return reason.isEmpty();
    }

    boolean isSale() {
      return isOfGoods() && quantity > 0;
    }

    boolean isReturn() {
      return isOfGoods() && quantity < 0;
    }
  }

  private final List<Line> lines = new ArrayList<>();

  /** Reads the lines that differ from every other. */
  PlainInvoices(Path pack) throws IOException {
    Map<String, String> special = new HashMap<>();
    for (String line : Files.readAllLines(pack.resolve("seeds/special_codes.csv"))) {
      String[] columns = line.split(",", 3);
      special.put(columns[0], columns[1]);
    }
    Set<List<String>> seen = new HashSet<>();
    try (InputStream file = Files.newInputStream(pack.resolve("data/online-retail.csv.gz"));
        BufferedReader text =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(file), StandardCharsets.UTF_8))) {
      text.readLine();
      for (String line = text.readLine(); line != null; line = text.readLine()) {
        List<String> columns = columns(line);
        if (seen.add(columns)) {
          lines.add(line(columns, special));
        }
      }
    }
  }

  private static List<String> columns(String line) {
    List<String> columns = new ArrayList<>();
    StringBuilder column = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        boolean isDoubled = quoted && i + 1 < line.length() && line.charAt(i + 1) == '"';
        if (isDoubled) {
          column.append(line.charAt(++i));
        } else {
          quoted = !quoted;
        }
      } else if (c == ',' && !quoted) {
        columns.add(column.toString());
        column.setLength(0);
      } else {
        column.append(c);
      }
    }
    columns.add(column.toString());
    return columns;
  }

  private static Line line(List<String> columns, Map<String, String> special) {
    String invoice = columns.get(0);
    String code = columns.get(1).toUpperCase(Locale.ROOT);
    int quantity = Integer.parseInt(columns.get(3));
    BigDecimal price = new BigDecimal(columns.get(5));
    String customer = columns.get(6).replace(".0", "");
    String reason = "";
    if (special.containsKey(code)) {
      reason = special.get(code);
    } else if (price.signum() == 0) {
      boolean isGift = quantity > 0 && !customer.isEmpty();
      reason = isGift ? "given free" : "stock corrections";
    } else if (price.signum() < 0 || (quantity < 0) != invoice.startsWith("C")) {
      reason = "unknown";
    }
    return new Line(
        invoice,
        code,
        columns.get(2).strip().replaceAll("\\s+", " "),
        quantity,
        LocalDateTime.parse(columns.get(4), LONDON),
        price,
        customer,
        columns.get(7),
        reason);
  }

  List<Line> lines() {
    return lines;
  }

  /**
   * What lines bring by something; amounts have no trailing zeros, so that they can be compared.
   */
  <K extends Comparable<K>> Map<K, BigDecimal> money(Predicate<Line> which, Function<Line, K> by) {
    Map<K, BigDecimal> sums = new TreeMap<>();
    lines.stream()
        .filter(which)
        .forEach(line -> sums.merge(by.apply(line), line.amount(), BigDecimal::add));
    sums.replaceAll((key, sum) -> sum.stripTrailingZeros());
    return sums;
  }

  /** How many different values lines have, by something. */
  <K extends Comparable<K>> Map<K, Long> distinct(
      Predicate<Line> which, Function<Line, K> by, Function<Line, String> of) {
    Map<K, Set<String>> values = new TreeMap<>();
    lines.stream()
        .filter(which)
        .forEach(
            line ->
                values.computeIfAbsent(by.apply(line), key -> new HashSet<>()).add(of.apply(line)));
    Map<K, Long> counts = new TreeMap<>();
    values.forEach((key, found) -> counts.put(key, (long) found.size()));
    return counts;
  }

  /** By product, what its sales brought less than at the usual price of their month. */
  Map<String, BigDecimal> discounts() {
    Map<List<Object>, List<Line>> sales = new HashMap<>();
    lines.stream()
        .filter(Line::isSale)
        .forEach(
            line ->
                sales
                    .computeIfAbsent(
                        List.of(line.code(), YearMonth.from(line.time())), key -> new ArrayList<>())
                    .add(line));
    Map<String, BigDecimal> discounts = new TreeMap<>();
    for (List<Line> month : sales.values()) {
      BigDecimal usual =
          month.stream().map(Line::price).sorted().toList().get((month.size() - 1) / 2);
      for (Line line : month) {
        discounts.merge(
            line.code(),
            usual.multiply(BigDecimal.valueOf(line.quantity())).subtract(line.amount()),
            BigDecimal::add);
      }
    }
    discounts.replaceAll((code, sum) -> sum.stripTrailingZeros());
    return discounts;
  }

  /** How many returns have a sale before them that they can take back, and how much they are. */
  Map<Boolean, BigDecimal> returnsWithSale() {
    Map<List<Object>, List<Line>> sales = new HashMap<>();
    for (Line line : lines) {
      if (line.isSale() && !line.customer().isEmpty()) {
        sales.computeIfAbsent(sold(line), key -> new ArrayList<>()).add(line);
      }
    }
    Map<Boolean, BigDecimal> sums = new TreeMap<>();
    for (Line line : lines) {
      if (line.isReturn()) {
        boolean found =
            sales.getOrDefault(sold(line), List.of()).stream()
                .anyMatch(
                    sale ->
                        !sale.time().isAfter(line.time()) && sale.quantity() >= -line.quantity());
        sums.merge(found, line.amount().negate(), BigDecimal::add);
      }
    }
    sums.replaceAll((key, sum) -> sum.stripTrailingZeros());
    return sums;
  }

  private static List<Object> sold(Line line) {
    return List.of(line.customer(), line.code(), line.price().stripTrailingZeros());
  }

  /** The countries that a customer's invoices name. */
  Map<String, Set<String>> countries() {
    Map<String, Set<String>> countries = new TreeMap<>();
    for (Line line : lines) {
      if (!line.customer().isEmpty()) {
        countries
            .computeIfAbsent(line.customer(), key -> new LinkedHashSet<>())
            .add(line.country());
      }
    }
    return countries;
  }
}
