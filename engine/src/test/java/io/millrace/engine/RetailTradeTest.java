package io.millrace.engine;

import static io.millrace.engine.RetailWarehouse.round;
import static io.millrace.engine.RetailWarehouse.row;

import io.millrace.engine.PlainInvoices.Line;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The wholesaler's star, months and countries, against the same reckoned line by line. */
class RetailTradeTest {

  private static final RetailWarehouse warehouse = RetailWarehouse.shared();

  private static List<Line> lines;
  private static List<Invoice> invoices;

  /**
   * All lines of a number.
   *
   * @param customer null if no line names one
   */
  private record Invoice(
      Kind kind, LocalDateTime time, Long customer, String country, BigDecimal goods) {

    static Invoice of(List<Line> lines) {
      return new Invoice(
          kind(lines),
          lines.stream().map(Line::time).min(Comparator.naturalOrder()).orElseThrow(),
          lines.stream()
              .filter(it -> !it.customer().isEmpty())
              .map(it -> Long.valueOf(it.customer()))
              .min(Comparator.naturalOrder())
              .orElse(null),
          lines.stream().map(Line::country).min(Comparator.naturalOrder()).orElseThrow(),
          sum(lines.stream().filter(Line::isOfGoods).map(Line::amount).toList()));
    }

    private static Kind kind(List<Line> lines) {
      String number = lines.get(0).invoice();
      if (number.startsWith("C")) {
        return Kind.CANCELLATION;
      }
      boolean corrects = lines.stream().allMatch(it -> it.reason().equals("stock corrections"));
      return number.startsWith("A") || corrects ? Kind.OTHER : Kind.ORDER;
    }
  }

  private enum Kind {
    ORDER,
    CANCELLATION,
    OTHER
  }

  @BeforeAll
  static void read() throws IOException {
    lines = new PlainInvoices(RetailWarehouse.PACK).lines();
    invoices =
        by(lines, Line::invoice).values().stream().map(Invoice::of).collect(Collectors.toList());
  }

  private static <T, K> Map<K, List<T>> by(Collection<T> all, Function<T, K> key) {
    return all.stream().collect(Collectors.groupingBy(key));
  }

  private static BigDecimal sum(Collection<BigDecimal> amounts) {
    return amounts.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static long count(Collection<Invoice> some, Kind kind) {
    return some.stream().filter(it -> it.kind() == kind).count();
  }

  private static long customers(Collection<Invoice> some) {
    return some.stream().map(Invoice::customer).filter(Objects::nonNull).distinct().count();
  }

  private static BigDecimal goods(Collection<Invoice> some) {
    return sum(some.stream().map(Invoice::goods).toList());
  }

  @Test
  void eachMonthIsWhatWasInvoicedAndCancelledInIt() throws SQLException {
    List<List<Object>> expected = new ArrayList<>();
    by(invoices, it -> YearMonth.from(it.time()))
        .forEach(
            (month, some) -> {
              BigDecimal cancelled =
                  goods(some.stream().filter(it -> it.kind() == Kind.CANCELLATION).toList());
              expected.add(
                  row(
                      month.atDay(1),
                      count(some, Kind.ORDER),
                      count(some, Kind.CANCELLATION),
                      customers(some),
                      goods(some).subtract(cancelled),
                      cancelled,
                      goods(some)));
            });
    warehouse.assertRows("SELECT * FROM gold.invoices_monthly", expected);
  }

  @Test
  void eachCountryBringsItsShare() throws SQLException {
    double all = goods(invoices).doubleValue();
    List<List<Object>> expected = new ArrayList<>();
    by(invoices, Invoice::country)
        .forEach(
            (country, some) ->
                expected.add(
                    row(
                        country,
                        customers(some),
                        count(some, Kind.ORDER),
                        goods(some),
                        round(100 * goods(some).doubleValue() / all, 2))));
    warehouse.assertRows("SELECT * FROM gold.invoices_by_country", expected);
  }

  @Test
  void customersAreOfTheCountryThatMostOfTheirInvoicesName() throws SQLException {
    List<String> vague = List.of("Unspecified", "European Community");
    List<List<Object>> expected = new ArrayList<>(List.of(row(-1, "unknown", null)));
    List<Invoice> named = invoices.stream().filter(it -> it.customer() != null).toList();
    by(named, Invoice::customer)
        .forEach(
            (customer, own) -> {
              Map<String, List<Invoice>> countries = by(own, Invoice::country);
              String country =
                  countries.keySet().stream()
                      .min(
                          Comparator.<String, Boolean>comparing(vague::contains)
                              .thenComparing(it -> -countries.get(it).size())
                              .thenComparing(
                                  it -> last(countries.get(it), Invoice::time),
                                  Comparator.reverseOrder())
                              .thenComparing(it -> it))
                      .orElseThrow();
              LocalDateTime since =
                  own.stream().map(Invoice::time).min(Comparator.naturalOrder()).orElseThrow();
              expected.add(row(customer, country, since.toLocalDate()));
            });
    warehouse.assertRows("SELECT * FROM gold.dim_trade_customer", expected);
  }

  private static <T> LocalDateTime last(List<T> some, Function<T, LocalDateTime> time) {
    return some.stream().map(time).max(Comparator.naturalOrder()).orElseThrow();
  }

  @Test
  void daysHaveNoGaps() throws SQLException {
    TreeSet<LocalDate> days =
        lines.stream().map(Line::day).collect(Collectors.toCollection(TreeSet::new));
    List<List<Object>> expected =
        days.first()
            .datesUntil(days.last().plusDays(1))
            .map(
                day ->
                    row(
                        day,
                        day.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH),
                        YearMonth.from(day).toString(),
                        day.getYear() + "-Q" + (day.getMonthValue() + 2) / 3,
                        day.getYear()))
            .toList();
    warehouse.assertRows("SELECT * FROM gold.dim_trade_day", expected);
  }

  @Test
  void productsAreCalledWhatMostOfTheirSalesCallThem() throws Exception {
    Map<String, String[]> words = new HashMap<>();
    for (String line :
        Files.readAllLines(RetailWarehouse.PACK.resolve("seeds/product_words.csv"))) {
      String[] columns = line.replace("\"", "").split(",", 3);
      words.put(columns[0], columns);
    }
    List<List<Object>> expected = new ArrayList<>();
    List<Line> goods =
        lines.stream()
            .filter(
                it ->
                    it.isOfGoods()
                        || it.reason().equals("given free")
                        || it.reason().equals("stock corrections"))
            .toList();
    by(goods, Line::code)
        .forEach(
            (code, own) -> {
              String name = name(own);
              String[] family = {"", "other", "other"};
              for (String word : name.toUpperCase(Locale.ROOT).split("[^A-Z]+", -1)) {
                family = words.getOrDefault(word, family);
              }
              expected.add(row(code, name, family[2], family[1]));
            });
    warehouse.assertRows("SELECT * FROM gold.dim_trade_product", expected);
  }

  /** The description with the most lines that have a price; capital letters before others. */
  private static String name(List<Line> own) {
    Map<String, List<Line>> named = by(own, Line::description);
    String name =
        named.keySet().stream()
            .min(
                Comparator.<String, Long>comparing(
                        it -> -named.get(it).stream().filter(n -> n.price().signum() > 0).count())
                    .thenComparing(String::isEmpty)
                    .thenComparing(it -> !it.equals(it.toUpperCase(Locale.ROOT)))
                    .thenComparing(it -> last(named.get(it), Line::time), Comparator.reverseOrder())
                    .thenComparing(it -> it))
            .orElseThrow();
    return name.isEmpty() ? "unknown" : name;
  }

  @Test
  void eachSaleAndEachReturnIsAFactOfItsInvoice() throws SQLException {
    List<List<Object>> expected = new ArrayList<>();
    by(
            lines.stream().filter(Line::isOfGoods).toList(),
            it -> row(it.invoice(), it.day(), it.customer(), it.isSale() ? "sale" : "return"))
        .forEach(
            (fact, own) ->
                expected.add(
                    row(
                        fact.get(0),
                        fact.get(1),
                        fact.get(2).equals("") ? -1L : Long.parseLong((String) fact.get(2)),
                        fact.get(3),
                        own.size(),
                        own.stream().map(Line::code).distinct().count(),
                        own.stream().mapToLong(Line::quantity).sum(),
                        sum(own.stream().map(Line::price).toList()),
                        sum(own.stream().map(Line::amount).toList()))));
    warehouse.assertRows(
        """
        SELECT invoice_no, day, customer_id, kind, count(DISTINCT line_id), count(DISTINCT stock_code),
          sum(quantity), sum(unit_price), sum(amount)
        FROM gold.fct_trade_lines
        GROUP BY ALL
        """,
        expected);
  }
}
