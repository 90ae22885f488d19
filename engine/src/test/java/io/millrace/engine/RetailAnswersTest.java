package io.millrace.engine;

import static io.millrace.engine.RetailWarehouse.round;
import static io.millrace.engine.RetailWarehouse.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.PlainInvoices.Line;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The gold models that answer what is asked of the wholesaler's invoices, against the same reckoned
 * in plain Java, line by line from the file.
 */
class RetailAnswersTest {

  private static final RetailWarehouse warehouse = RetailWarehouse.shared();

  private static PlainInvoices plain;
  private static Map<String, List<String>> families;

  /** What a product is. */
  private static String category(Line line) {
    return families.get(line.code()).get(0);
  }

  private static String subCategory(Line line) {
    return families.get(line.code()).get(1);
  }

  @BeforeAll
  static void build() throws Exception {
    plain = new PlainInvoices(RetailWarehouse.PACK);
    families = families();
  }

  private static Map<String, List<String>> families() throws Exception {
    Map<String, List<String>> known = new HashMap<>();
    for (String line :
        Files.readAllLines(RetailWarehouse.PACK.resolve("seeds/product_words.csv"))) {
      String[] columns = line.replace("\"", "").split(",", 3);
      known.put(columns[0], List.of(columns[1], columns[2]));
    }
    Map<String, List<String>> found = new HashMap<>();
    for (List<Object> product :
        warehouse.rows("SELECT stock_code, description FROM silver.products")) {
      List<String> family = List.of("other", "other");
      for (String word : ((String) product.get(1)).toUpperCase(Locale.ROOT).split("[^A-Z]+", -1)) {
        family = known.getOrDefault(word, family);
      }
      found.put((String) product.get(0), family);
    }
    return found;
  }

  private static List<Line> lines(Predicate<Line> which) {
    return plain.lines().stream().filter(which).toList();
  }

  private static <K> Map<K, BigDecimal> sum(Collection<Line> lines, Function<Line, K> by) {
    return lines.stream()
        .collect(
            Collectors.groupingBy(
                by, Collectors.reducing(BigDecimal.ZERO, Line::amount, BigDecimal::add)));
  }

  private static Stream<LocalDate> calendar(Collection<LocalDate> days) {
    SortedSet<LocalDate> sorted = new TreeSet<>(days);
    return sorted.first().datesUntil(sorted.last().plusDays(1));
  }

  /** Each day with its sales, those of seven days, and their average once there are seven. */
  private static List<List<Object>> rolling(
      List<LocalDate> calendar, Map<LocalDate, BigDecimal> sales) {
    List<List<Object>> rows = new ArrayList<>();
    for (LocalDate day : calendar) {
      BigDecimal week =
          day.minusDays(6)
              .datesUntil(day.plusDays(1))
              .map(it -> sales.getOrDefault(it, BigDecimal.ZERO))
              .reduce(BigDecimal.ZERO, BigDecimal::add);
      boolean isWhole = !day.minusDays(6).isBefore(calendar.get(0));
      rows.add(
          row(
              day,
              sales.getOrDefault(day, BigDecimal.ZERO),
              week,
              isWhole ? round(week.doubleValue() / 7, 2) : null));
    }
    return rows;
  }

  @Test
  void rollingAveragesCountDaysWithoutInvoices() throws SQLException {
    List<LocalDate> calendar =
        calendar(lines(line -> true).stream().map(Line::day).toList()).toList();
    assertThat(calendar).hasSize(374);
    warehouse.assertRows(
        "SELECT day, sales, sales_of_seven_days, average_of_seven_days FROM gold.sales_rolling",
        rolling(calendar, sum(lines(Line::isSale), Line::day)));
  }

  @Test
  void rollingAveragesOfCategoriesHaveEveryDay() throws SQLException {
    List<LocalDate> calendar =
        calendar(lines(Line::isOfGoods).stream().map(Line::day).toList()).toList();
    List<List<Object>> expected = new ArrayList<>();
    for (String category :
        new TreeSet<>(lines(Line::isOfGoods).stream().map(RetailAnswersTest::category).toList())) {
      List<Line> sales = lines(line -> line.isSale() && category(line).equals(category));
      for (List<Object> day : rolling(calendar, sum(sales, Line::day))) {
        List<Object> row = row(category);
        expected.add(
            Stream.concat(row.stream(), day.stream())
                .collect(Collectors.toCollection(ArrayList::new)));
      }
    }
    assertThat(expected).hasSizeGreaterThan(8 * 300);
    warehouse.assertRows(
        "SELECT category, day, sales, sales_of_seven_days, average_of_seven_days FROM gold.category_sales_rolling",
        expected);
  }

  @Test
  void everyLineOfGoodsIsOfADayAndAFamily() throws SQLException {
    List<List<Object>> expected = new ArrayList<>();
    sum(lines(Line::isOfGoods), line -> row(line.day(), category(line), subCategory(line)))
        .forEach((key, sum) -> expected.add(row(key.get(0), key.get(1), key.get(2), sum)));
    warehouse.assertRows(
        "SELECT day, category, sub_category, net_revenue FROM gold.category_daily", expected);
    long other = lines(Line::isSale).stream().filter(it -> category(it).equals("other")).count();
    assertThat(other).as("sales of no family").isLessThan(lines(Line::isSale).size() / 3);
  }

  @Test
  void growthIsAgainstTheSameDaysOfTheYearBefore() throws SQLException {
    List<Line> goods = lines(Line::isOfGoods);
    LocalDate last = goods.stream().map(Line::day).max(Comparator.naturalOrder()).orElseThrow();
    Map<List<Object>, BigDecimal> now =
        sum(goods, line -> row(YearMonth.from(line.day()), subCategory(line)));
    Map<List<Object>, BigDecimal> before =
        sum(
            lines(line -> line.isOfGoods() && !line.day().plusYears(1).isAfter(last)),
            line -> row(YearMonth.from(line.day()).plusYears(1), subCategory(line)));
    Set<List<Object>> keys = new HashSet<>(now.keySet());
    keys.addAll(before.keySet());
    List<List<Object>> expected = new ArrayList<>();
    for (List<Object> key : keys) {
      YearMonth month = (YearMonth) key.get(0);
      BigDecimal these = now.getOrDefault(key, BigDecimal.ZERO);
      BigDecimal those =
          month.isBefore(YearMonth.of(2011, 12)) ? null : before.getOrDefault(key, BigDecimal.ZERO);
      Double growth =
          those == null || those.signum() == 0
              ? null
              : round(100 * (these.doubleValue() / those.doubleValue() - 1), 1);
      expected.add(row(month.atDay(1), key.get(1), these, those, growth));
    }
    warehouse.assertRows(
        "SELECT month, sub_category, net_revenue, net_revenue_year_before, growth_percent FROM gold.sub_category_growth",
        expected);
    assertThat(expected).anyMatch(row -> row.get(4) != null);
  }

  @Test
  void sharesOfCategoriesAddUp() throws SQLException {
    Map<String, BigDecimal> revenue = sum(lines(Line::isOfGoods), RetailAnswersTest::category);
    BigDecimal total = revenue.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal soFar = BigDecimal.ZERO;
    List<List<Object>> expected = new ArrayList<>();
    for (String category :
        revenue.keySet().stream().sorted(Comparator.comparing(revenue::get).reversed()).toList()) {
      soFar = soFar.add(revenue.get(category));
      expected.add(
          row(
              category,
              revenue.get(category),
              soFar,
              round(100 * soFar.doubleValue() / total.doubleValue(), 2)));
    }
    warehouse.assertRows(
        "SELECT category, net_revenue, net_revenue_so_far, percent_so_far FROM gold.category_revenue_share",
        expected);
  }

  @Test
  void topCustomersAreThoseWorthMost() throws SQLException {
    Map<String, BigDecimal> worth =
        sum(lines(line -> line.isOfGoods() && !line.customer().isEmpty()), Line::customer);
    List<String> best =
        worth.keySet().stream()
            .sorted(Comparator.comparing(worth::get).reversed())
            .limit(10)
            .toList();
    List<List<Object>> expected = new ArrayList<>();
    for (String customer : best) {
      List<Line> returns = lines(line -> line.isReturn() && line.customer().equals(customer));
      BigDecimal back = returns.stream().map(Line::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
      expected.add(
          row(
              best.indexOf(customer) + 1,
              Long.valueOf(customer),
              back.negate(),
              worth.get(customer)));
    }
    warehouse.assertRows(
        "SELECT place, customer_id, returns, net_revenue FROM gold.top_customers", expected);
  }

  @Test
  void dropsAreFromOneTradingDayToTheNext() throws SQLException {
    List<LocalDate> days =
        new ArrayList<>(new TreeSet<>(lines(line -> true).stream().map(Line::day).toList()));
    Map<List<Object>, BigDecimal> sales =
        sum(lines(Line::isSale), line -> row(line.code(), line.day()));
    List<List<Object>> expected = new ArrayList<>();
    sales.forEach(
        (key, before) -> {
          int next = days.indexOf((LocalDate) key.get(1)) + 1;
          if (next < days.size()) {
            BigDecimal after = sales.getOrDefault(row(key.get(0), days.get(next)), BigDecimal.ZERO);
            if (after.add(after).compareTo(before) < 0) {
              expected.add(row(key.get(0), days.get(next), before, after));
            }
          }
        });
    warehouse.assertRows(
        "SELECT stock_code, day, sales_before, sales FROM gold.sales_drops", expected);
  }

  /** The months in which each known customer ordered, whatever an order had on it. */
  private static SortedMap<Long, SortedSet<YearMonth>> monthsOfOrders() {
    Map<String, List<Line>> invoices =
        lines(line -> !line.customer().isEmpty()).stream()
            .collect(Collectors.groupingBy(Line::invoice));
    SortedMap<Long, SortedSet<YearMonth>> months = new TreeMap<>();
    invoices.forEach(
        (invoice, lines) -> {
          boolean isOrder =
              !invoice.startsWith("C")
                  && !invoice.startsWith("A")
                  && !lines.stream().allMatch(it -> it.reason().equals("stock corrections"));
          if (isOrder) {
            months
                .computeIfAbsent(Long.valueOf(lines.get(0).customer()), key -> new TreeSet<>())
                .add(YearMonth.from(lines.get(0).day()));
          }
        });
    return months;
  }

  @Test
  void streaksAreMonthsWithoutAGap() throws SQLException {
    List<List<Object>> expected = new ArrayList<>();
    monthsOfOrders()
        .forEach(
            (customer, months) -> {
              for (YearMonth first : months) {
                YearMonth last = first;
                while (months.contains(last.plusMonths(1))) {
                  last = last.plusMonths(1);
                }
                long length = ChronoUnit.MONTHS.between(first, last) + 1;
                if (!months.contains(first.minusMonths(1)) && length >= 3) {
                  expected.add(row(customer, first.atDay(1), last.atDay(1), length));
                }
              }
            });
    warehouse.assertRows("SELECT * FROM gold.customer_streaks", expected);
  }

  @Test
  void cohortsAreHeldAgainstTheirFirstMonth() throws SQLException {
    Map<YearMonth, Map<Long, Integer>> cohorts = new TreeMap<>();
    for (SortedSet<YearMonth> months : monthsOfOrders().values()) {
      Map<Long, Integer> cohort = cohorts.computeIfAbsent(months.first(), key -> new TreeMap<>());
      for (YearMonth month : months) {
        cohort.merge(ChronoUnit.MONTHS.between(months.first(), month), 1, Integer::sum);
      }
    }
    List<List<Object>> expected = new ArrayList<>();
    cohorts.forEach(
        (first, counts) ->
            counts.forEach(
                (after, customers) ->
                    expected.add(
                        row(
                            first.atDay(1),
                            after,
                            customers,
                            round(100.0 * customers / counts.get(0L), 1)))));
    warehouse.assertRows("SELECT * FROM gold.customer_cohorts", expected);
  }

  /** What is known of a customer. */
  private record Buyer(Long id, LocalDate last, Long orders, BigDecimal worth) {}

  private static Map<Long, Integer> fifths(List<Buyer> buyers, Comparator<Buyer> order) {
    List<Buyer> sorted = buyers.stream().sorted(order.thenComparing(Buyer::id)).toList();
    Map<Long, Integer> fifths = new HashMap<>();
    int size = sorted.size() / 5;
    int larger = sorted.size() % 5;
    int next = 0;
    for (int fifth = 1; fifth <= 5; fifth++) {
      for (int i = 0; i < size + (fifth <= larger ? 1 : 0); i++) {
        fifths.put(sorted.get(next++).id(), fifth);
      }
    }
    return fifths;
  }

  @Test
  void scoresOfCustomersAreFifths() throws SQLException {
    Map<String, List<Line>> byCustomer =
        lines(line -> line.isOfGoods() && !line.customer().isEmpty()).stream()
            .collect(Collectors.groupingBy(Line::customer));
    List<Buyer> buyers = new ArrayList<>();
    byCustomer.forEach(
        (customer, lines) -> {
          List<Line> sales = lines.stream().filter(Line::isSale).toList();
          if (!sales.isEmpty()) {
            buyers.add(
                new Buyer(
                    Long.valueOf(customer),
                    sales.stream().map(Line::day).max(Comparator.naturalOrder()).orElseThrow(),
                    sales.stream().map(Line::invoice).distinct().count(),
                    lines.stream().map(Line::amount).reduce(BigDecimal.ZERO, BigDecimal::add)));
          }
        });
    LocalDate end = buyers.stream().map(Buyer::last).max(Comparator.naturalOrder()).orElseThrow();
    Map<Long, Integer> recency = fifths(buyers, Comparator.comparing(Buyer::last));
    Map<Long, Integer> frequency = fifths(buyers, Comparator.comparing(Buyer::orders));
    Map<Long, Integer> money = fifths(buyers, Comparator.comparing(Buyer::worth));
    warehouse.assertRows(
        "SELECT customer_id, days_since_order, orders, recency, frequency, money FROM gold.customer_rfm",
        buyers.stream()
            .map(
                it ->
                    row(
                        it.id(),
                        ChronoUnit.DAYS.between(it.last(), end),
                        it.orders(),
                        recency.get(it.id()),
                        frequency.get(it.id()),
                        money.get(it.id())))
            .toList());
  }
}
