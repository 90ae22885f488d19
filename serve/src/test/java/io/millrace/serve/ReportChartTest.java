package io.millrace.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Answer;
import io.millrace.engine.Rows.Column;
import io.millrace.project.Report.Chart;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportChartTest {

  private static Answer answer(List<List<Object>> rows) {
    return new Answer(
        List.of(new Column("day", "DATE"), new Column("net_revenue", "DECIMAL(12,2)")), rows, true);
  }

  private static String drawn(Chart kind, List<List<Object>> rows) {
    return ReportChart.of("Sales", kind, answer(rows)).orElseThrow();
  }

  @Test
  void daysAreAsFarApartAsTheyAre() {
    String svg =
        drawn(
            Chart.LINE,
            List.of(
                List.of(LocalDate.parse("2026-01-01"), 0),
                List.of(LocalDate.parse("2026-01-02"), 50),
                List.of(LocalDate.parse("2026-01-05"), 100)));
    assertThat(svg).contains("d=\"M62.0 204.0 L184.5 107.0 L552.0 10.0\"");
    assertThat(svg).contains(">100</text>", ">2026-01-05</text>").doesNotContain("<ul>");
  }

  @Test
  void aValueThatIsNotThereIsAGap() {
    String svg =
        drawn(
            Chart.LINE,
            List.of(List.of("a", 1), Arrays.asList("b", null), List.of("c", 1), List.of("d", 2)));
    assertThat(svg).containsPattern("d=\"M62\\.0 \\S+ M\\S+ \\S+ L\\S+ \\S+\"");
  }

  @Test
  void barsBelowZeroHangFromIt() {
    String svg =
        drawn(
            Chart.BAR,
            List.of(List.of("bought", new BigDecimal("3.00")), List.of("sent back", -1)));
    assertThat(svg)
        .contains("y=\"10.0\" width=\"48.0\" height=\"145.5\"><title>bought: 3.00</title>")
        .contains("y=\"155.5\" width=\"48.0\" height=\"48.5\"><title>sent back: -1</title>")
        .contains(">-1</text>");
  }

  @Test
  void eachOfAFewBarsHasItsName() {
    List<List<Object>> rows = new ArrayList<>();
    for (String name :
        List.of("storage", "kitchen", "stationery", "jewellery", "home and garden")) {
      rows.add(List.of(name, 1));
      rows.add(List.of(name + "'", 2));
    }
    assertThat(drawn(Chart.BAR, rows))
        .contains("rotate(-35)\">stationery</text>", "rotate(-35)\">home and gard\u2026</text>")
        .matches(svg -> svg.split("class=\"name\"", -1).length == 1 + rows.size());
  }

  @Test
  void namesDoNotTouch() {
    List<List<Object>> rows = new ArrayList<>();
    for (int day = 0; day < 120; day++) {
      rows.add(List.of(LocalDate.parse("2026-01-01").plusDays(day), day));
    }
    for (Chart kind : List.of(Chart.LINE, Chart.BAR)) {
      List<Double> places =
          Pattern.compile("class=\"name\" text-anchor=\"middle\" x=\"([0-9.]+)\"")
              .matcher(drawn(kind, rows))
              .results()
              .map(it -> Double.valueOf(it.group(1)))
              .toList();
      assertThat(places).hasSizeBetween(4, 6);
      for (int i = 1; i < places.size(); i++) {
        assertThat(places.get(i) - places.get(i - 1)).isGreaterThan(80);
      }
    }
  }

  @Test
  void isDrawnWithoutAnyRange() {
    assertThat(drawn(Chart.LINE, List.of(List.of("a", 0)))).doesNotContain("NaN");
    assertThat(drawn(Chart.BAR, List.of(Arrays.asList("a", null)))).doesNotContain("NaN");
  }

  @Test
  void isNotDrawnOfTexts() {
    assertThat(ReportChart.of("Sales", Chart.BAR, answer(List.of(List.of("a", "b"))))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"1234567|1,234,567", "29530.260|29,530.26", "7.0|7.0", "0.1250|0.125", "-3|-3"})
  void valuesAreAsPeopleReadThem(BigDecimal number, String text) {
    assertThat(ReportPage.value(number)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "-0.001, 0", "12.5, 12.5", "1500, 1.5k", "-2000000, -2M", "3e9, 3G"})
  void numbersOfTheScaleAreShort(double number, String text) {
    assertThat(ReportChart.compact(number)).isEqualTo(text);
  }
}
