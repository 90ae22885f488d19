package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.project.Report;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each tile of the pack's reports, over its warehouse. */
class RetailReportsTest {

  private static final RetailWarehouse WAREHOUSE = RetailWarehouse.shared();

  static Stream<Report.Tile> tiles() {
    return WAREHOUSE.project().reports().values().stream().flatMap(it -> it.tiles().stream());
  }

  @ParameterizedTest
  @MethodSource("tiles")
  void hasTheRowsThatItsChartShows(Report.Tile tile) throws SQLException {
    Answer answer = WAREHOUSE.answer(tile.sql());
    assertThat(answer.rows()).isNotEmpty().hasSizeLessThanOrEqualTo(1_000);
    if (tile.chart() == Report.Chart.NUMBER) {
      assertThat(answer.rows()).hasSize(1);
    } else if (tile.chart() != Report.Chart.TABLE) {
      assertThat(answer.rows())
          .allMatch(
              row ->
                  row.stream().skip(1).allMatch(value -> value == null || value instanceof Number));
    }
  }

  @Test
  void theLastDayIsHeldAgainstTheSameDayOfTheWeekBefore() throws SQLException {
    Report.Tile first = WAREHOUSE.project().reports().get("daily").tiles().get(0);
    List<Object> shown = WAREHOUSE.rows(first.sql()).get(0);
    List<List<Object>> days =
        WAREHOUSE.rows(
            "SELECT invoice_date, net_revenue FROM gold.invoices_daily ORDER BY invoice_date DESC");
    assertThat(shown.subList(0, 2)).isEqualTo(days.get(0));
    Object weekBefore = ((LocalDate) shown.get(0)).minusDays(7);
    assertThat(days).contains(List.of(weekBefore, shown.get(2)));
  }
}
