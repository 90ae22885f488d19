package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.project.Balance;
import io.millrace.project.DataTest;
import io.millrace.project.Field;
import io.millrace.project.StreamContract;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The same life of a shop twice: as rows of its operational database and as events in the
 * warehouse. The books of the one are held against the other as the pack's balances do.
 */
class BooksTest {

  private static final RetailWarehouse warehouse = RetailWarehouse.shared();
  private static List<Map<String, Object>> days;
  private static String closings;

  @BeforeAll
  static void closeTheDays() throws Exception {
    try (Operational database = new Operational()) {
      days = database.live(warehouse.events()).closings();
      closings =
          days.stream()
              .map(
                  day ->
                      day.values().stream()
                          .map(it -> "'" + it + "'")
                          .collect(Collectors.joining(", ")))
              .collect(Collectors.joining("), (", "(", ")"));
    }
  }

  @BeforeEach
  void sendTheBooks() {
    warehouse.execute("BEGIN TRANSACTION");
    warehouse.execute(
        "INSERT INTO bronze.closings (closing_id, day, closed_at, orders, charged, refunded) VALUES "
            + closings);
  }

  @AfterEach
  void leaveTheWarehouseAsItWas() {
    warehouse.execute("ROLLBACK");
  }

  @Test
  void theBooksAsAFileAreWhatTheStreamTakes() {
    StreamContract contract = warehouse.project().contract("closings");
    assertThat(contract.csv()).as("how CSV becomes events").isPresent();
    assertThat(days.get(0).keySet())
        .containsExactlyElementsOf(contract.fields().stream().map(Field::name).toList());
  }

  @Test
  void everyDayAgreesToThePenny() throws SQLException {
    assertThat(difference("booked_sales")).isZero();
    assertThat(difference("booked_refunds")).isZero();
    assertThat(daysThatDisagree()).isEmpty();
    assertThat(
            warehouse.rows(
                "SELECT count(*) > 80, sum(sales) > 1000, sum(refunds) > 100 FROM gold.books"))
        .containsExactly(List.of(true, true, true));
    assertThat(
            warehouse.rows(
                "SELECT day FROM gold.daily_sales WHERE day < '2026-04-01' AND day NOT IN (SELECT day FROM silver.closings)"))
        .isEmpty();
  }

  @Test
  void findsALostPennyAndItsDay() throws SQLException {
    Object day = warehouse.rows("SELECT max(day) FROM gold.books WHERE sales > 0").get(0).get(0);
    warehouse.execute(
        """
        UPDATE gold.fct_order_lines SET amount = amount - 0.01 WHERE line = 1 AND order_id = (
          SELECT min(order_id) FROM silver.orders JOIN gold.fct_order_lines USING (order_id) WHERE event_time::date = '%s')"""
            .formatted(day));

    assertThat(difference("booked_sales")).isEqualByComparingTo("0.01");
    assertThat(difference("booked_refunds")).isZero();
    assertThat(daysThatDisagree()).singleElement().extracting(row -> row.get(0)).isEqualTo(day);
  }

  @Test
  void findsARefundThatNeverCame() throws SQLException {
    BigDecimal refund = number("SELECT max(refund) FROM gold.fct_returns");
    warehouse.execute(
        "DELETE FROM gold.fct_returns WHERE return_id = (SELECT min(return_id) FROM gold.fct_returns WHERE refund = %s)"
            .formatted(refund));

    assertThat(difference("booked_sales")).isZero();
    assertThat(difference("booked_refunds")).isEqualByComparingTo(refund);
    assertThat(daysThatDisagree()).hasSize(1);
  }

  @Test
  void findsMoneyOnTheWrongDayThatNoTotalShows() throws SQLException {
    warehouse.execute(
        "UPDATE bronze.orders SET event_time = event_time + INTERVAL 1 DAY WHERE order_id = (SELECT min(order_id) FROM bronze.orders WHERE event_time < '2026-03-01')");

    assertThat(difference("booked_sales")).isZero();
    assertThat(daysThatDisagree()).hasSize(2);
  }

  @Test
  void countsADayThatIsClosedAgainAsItWasClosedLast() throws SQLException {
    warehouse.execute(
        "INSERT INTO bronze.closings (day, closed_at, orders, charged, refunded) SELECT day, closed_at + INTERVAL 1 HOUR, orders, charged + 5, refunded FROM bronze.closings WHERE day = '2026-01-20'");

    assertThat(difference("booked_sales")).isEqualByComparingTo("5");
    assertThat(daysThatDisagree())
        .extracting(row -> row.get(0).toString(), List::size)
        .containsExactly(tuple("2026-01-20", 7));
  }

  private static BigDecimal difference(String balance) throws SQLException {
    Balance books = warehouse.project().balances().get(balance);
    BigDecimal left = number(books.in().sql());
    for (Balance.Part part : books.out()) {
      left = left.subtract(number(part.sql()));
    }
    return left;
  }

  private static BigDecimal number(String sql) throws SQLException {
    return new BigDecimal(warehouse.rows(sql).get(0).get(0).toString());
  }

  /** The rows of the pack's test that says so. */
  private static List<List<Object>> daysThatDisagree() throws SQLException {
    for (DataTest test : warehouse.project().tests()) {
      if (test.name().equals("books_agree") && test.check() instanceof DataTest.Check.Sql sql) {
        return warehouse.rows(sql.select());
      }
    }
    throw new AssertionError("no test books_agree");
  }
}
