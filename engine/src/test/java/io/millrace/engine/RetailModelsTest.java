package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.PlainInvoices.Line;
import io.millrace.project.Balance;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The SQL of the pack that ships, over the tables its contracts make and all of its data, against
 * the same file reckoned in plain Java.
 */
class RetailModelsTest {

  private static final RetailWarehouse warehouse = RetailWarehouse.shared();
  private static PlainInvoices plain;

  @BeforeAll
  static void build() throws IOException {
    plain = new PlainInvoices(RetailWarehouse.PACK);
  }

  /** Rows of a key and a value, which reads as the plain one does. */
  private static <K> Map<K, Object> pairs(String sql, Function<Object, K> key) throws SQLException {
    Map<K, Object> pairs = new TreeMap<>();
    for (List<Object> row : warehouse.rows(sql)) {
      pairs.put(
          key.apply(row.get(0)),
          row.get(1) instanceof BigDecimal money ? money.stripTrailingZeros() : row.get(1));
    }
    return pairs;
  }

  private static LocalDate day(Object value) {
    return LocalDate.parse(value.toString());
  }

  private static BigDecimal number(String sql) throws SQLException {
    return new BigDecimal(warehouse.rows(sql).get(0).get(0).toString());
  }

  @Test
  void everyLineIsThereOnceWithItsReason() throws SQLException {
    assertThat(plain.lines()).hasSize(536_641);
    assertThat(number("SELECT count(*) FROM silver.invoice_lines")).isEqualByComparingTo("536641");
    assertThat(number("SELECT sum(amount) FROM silver.invoice_lines"))
        .isEqualByComparingTo("9726006.954");
    assertThat(
            pairs(
                "SELECT coalesce(excluded_reason, ''), sum(amount) FROM silver.invoice_lines GROUP BY 1",
                Object::toString))
        .isEqualTo(plain.money(line -> true, Line::reason))
        .doesNotContainKey("unknown")
        .hasSize(14);
  }

  @Test
  void eachDayIsWhatItsLinesAre() throws SQLException {
    assertThat(pairs("SELECT invoice_date, sales FROM gold.invoices_daily", RetailModelsTest::day))
        .hasSize(305)
        .isEqualTo(plain.money(Line::isSale, Line::day));
    assertThat(
            pairs(
                "SELECT invoice_date, net_revenue FROM gold.invoices_daily", RetailModelsTest::day))
        .isEqualTo(plain.money(Line::isOfGoods, Line::day));
    assertThat(pairs("SELECT invoice_date, orders FROM gold.invoices_daily", RetailModelsTest::day))
        .isEqualTo(plain.distinct(Line::isSale, Line::day, Line::invoice));
  }

  @Test
  void eachCustomerIsWorthWhatTheLinesSay() throws SQLException {
    Map<String, BigDecimal> worth =
        plain.money(line -> line.isOfGoods() && !line.customer().isEmpty(), Line::customer);
    assertThat(pairs("SELECT customer_id, net_revenue FROM gold.customer_value", Object::toString))
        .hasSize(4362)
        .isEqualTo(worth);
    assertThat(
            pairs(
                "SELECT customer_id, orders FROM gold.customer_value WHERE orders > 0",
                Object::toString))
        .isEqualTo(
            plain.distinct(
                line -> line.isSale() && !line.customer().isEmpty(),
                Line::customer,
                Line::invoice));
  }

  @Test
  void eachProductBringsWhatTheLinesSay() throws SQLException {
    assertThat(
            pairs("SELECT stock_code, net_revenue FROM gold.product_performance", Object::toString))
        .hasSize(3809)
        .isEqualTo(plain.money(Line::isOfGoods, Line::code));
    assertThat(number("SELECT count(*) FROM gold.product_performance WHERE description IS NULL"))
        .isEqualByComparingTo("0");
  }

  @Test
  void returnsFindTheirSales() throws SQLException {
    String sql =
        "SELECT sale_line_id IS NOT NULL, sum(refund) FROM silver.invoice_returns GROUP BY 1";
    assertThat(pairs(sql, Boolean.class::cast)).isEqualTo(plain.returnsWithSale());
  }

  @Test
  void customersAreOfOneOfTheirCountries() throws SQLException {
    Map<String, Object> resolved =
        pairs("SELECT customer_id, country FROM silver.customers", Object::toString);
    assertThat(resolved.keySet()).isEqualTo(plain.countries().keySet()).hasSize(4372);
    plain
        .countries()
        .forEach(
            (customer, countries) ->
                assertThat(countries).contains((String) resolved.get(customer)));
  }

  @Test
  void eachSaleHasTheUsualPriceOfItsMonth() throws SQLException {
    Map<String, BigDecimal> discounts = plain.discounts();
    assertThat(
            pairs(
                "SELECT stock_code, sum(discount) FROM gold.discounts GROUP BY 1",
                Object::toString))
        .hasSize(3795)
        .isEqualTo(discounts);
    assertThat(number("SELECT count(*) - count(DISTINCT stock_code) FROM silver.product_prices"))
        .as("prices that have changed")
        .isGreaterThan(BigDecimal.valueOf(1000));
  }

  @Test
  void dirtIsCounted() throws SQLException {
    assertThat(pairs("SELECT dirt, lines FROM gold.invoice_dirt", Object::toString))
        .containsAllEntriesOf(
            Map.of(
                "line repeated in every column", 5_268L,
                "no customer", 135_037L,
                "no description", 1_454L,
                "bad debt", 3L,
                "price below zero", 2L,
                "goods without a price to a customer", 33L))
        .doesNotContainKey("line that nothing explains");
  }

  @Test
  void balancesHold() throws SQLException {
    assertThat(warehouse.project().balances()).isNotEmpty();
    for (Balance balance : warehouse.project().balances().values()) {
      BigDecimal out = BigDecimal.ZERO;
      for (Balance.Part part : balance.out()) {
        out = out.add(sum(part));
      }
      assertThat(out).as(balance.name()).isEqualByComparingTo(sum(balance.in()));
    }
  }

  private static BigDecimal sum(Balance.Part part) throws SQLException {
    BigDecimal sum = BigDecimal.ZERO;
    for (List<Object> row : warehouse.rows(part.sql())) {
      sum = sum.add(new BigDecimal(row.get(row.size() - 1).toString()));
    }
    return sum;
  }
}
