package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.PlainInvoices.Line;
import io.millrace.lake.Schemas;
import io.millrace.project.Balance;
import io.millrace.project.Model;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.StreamContract;
import io.millrace.testkit.Repository;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The SQL of the pack that ships, over the tables its contracts make and all of its data, against
 * the same file reckoned in plain Java.
 */
class RetailModelsTest {

  private static final Path PACK = Repository.here().root().resolve("packs/retail");

  private static Project project;
  private static Connection duckdb;
  private static PlainInvoices plain;

  @BeforeAll
  static void build() throws Exception {
    try (DuckDbSqlReader reader = new DuckDbSqlReader()) {
      project = ProjectReader.load(PACK, reader);
    }
    plain = new PlainInvoices(PACK);
    duckdb = DriverManager.getConnection("jdbc:duckdb:");
    for (String layer : QueryPlan.layers()) {
      execute("CREATE SCHEMA " + layer);
    }
    project.streams().values().forEach(RetailModelsTest::makeTables);
    load();
    for (Model model : project.modelsInOrder()) {
      String sql = model.isSeed() ? seed(model) : model.sql();
      execute("CREATE TABLE %s AS %s".formatted(model.name(), sql));
    }
  }

  @AfterAll
  static void close() throws SQLException {
    duckdb.close();
  }

  private static void makeTables(StreamContract contract) {
    Schemas.tables(contract)
        .forEach(
            (name, fields) -> {
              String columns =
                  Schemas.schema(fields).columns().stream()
                      .map(it -> it.name() + " " + TableViews.type(it.type()))
                      .collect(Collectors.joining(", "));
              execute("CREATE TABLE %s (%s)".formatted(name, columns));
            });
  }

  private static String seed(Model model) {
    return "SELECT * FROM read_csv('%s', header = true, all_varchar = true)"
        .formatted(PACK.resolve(model.file()));
  }

  /** As the stream does: lines that repeat one in every column are not among the rest. */
  private static void load() throws IOException {
    String sql;
    try (var file = RetailModelsTest.class.getResourceAsStream("load-invoice-lines.sql")) {
      sql = new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
    execute(sql.replace("$file", PACK.resolve("data/online-retail.csv.gz").toString()));
  }

  private static void execute(String sql) {
    try (Statement statement = duckdb.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Rows of a key and a value, which reads as the plain one does. */
  private static <K> Map<K, Object> pairs(String sql, Function<Object, K> key) throws SQLException {
    Map<K, Object> pairs = new TreeMap<>();
    try (Statement statement = duckdb.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        Object value = rows.getObject(2);
        pairs.put(
            key.apply(rows.getObject(1)),
            value instanceof BigDecimal money ? money.stripTrailingZeros() : value);
      }
    }
    return pairs;
  }

  private static LocalDate day(Object value) {
    return LocalDate.parse(value.toString());
  }

  private static BigDecimal number(String sql) throws SQLException {
    try (Statement statement = duckdb.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return new BigDecimal(row.getString(1));
    }
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
    assertThat(project.balances()).isNotEmpty();
    for (Balance balance : project.balances().values()) {
      BigDecimal out = BigDecimal.ZERO;
      for (Balance.Part part : balance.out()) {
        out = out.add(sum(part));
      }
      assertThat(out).as(balance.name()).isEqualByComparingTo(sum(balance.in()));
    }
  }

  private static BigDecimal sum(Balance.Part part) throws SQLException {
    BigDecimal sum = BigDecimal.ZERO;
    try (Statement statement = duckdb.createStatement();
        ResultSet rows = statement.executeQuery(part.sql())) {
      while (rows.next()) {
        sum = sum.add(new BigDecimal(rows.getString(rows.getMetaData().getColumnCount())));
      }
    }
    return sum;
  }
}
