package io.millrace.lake;

import static io.millrace.lake.Sales.BRANCH;
import static io.millrace.lake.Sales.SALES;
import static io.millrace.lake.Sales.day;
import static io.millrace.lake.Sales.days;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.DataDirectory;
import io.millrace.core.Interval;
import io.millrace.core.Row;
import io.millrace.core.ValueRow;
import io.millrace.lake.TableBuild.Change;
import io.millrace.lake.TableBuild.Layout;
import io.millrace.project.Batches;
import io.millrace.project.Field;
import io.millrace.project.Type.Scalar;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that may hold the rows of a span. */
class SpanTest {

  private static final LocalDate BEGIN = LocalDate.parse("2025-01-01");
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @TempDir Path folder;
  private Lake lake;

  @BeforeEach
  void open() {
    lake = Lake.open(new DataDirectory(folder));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void oneDayOfTwoYearsIsOneFile() {
    Row[] sales =
        IntStream.range(0, 730)
            .mapToObj(i -> Sales.sale(BEGIN.plusDays(i).toString(), i))
            .toArray(Row[]::new);
    Sales.build(lake, new Change.All(), sales);
    PinnedTable table = lake.pin(new AsOf.Head()).get(SALES);

    assertThat(table.files()).hasSize(730);
    assertThat(Sales.rows(table.files(day("2026-03-02")), table.schema()))
        .containsExactly("2026-03-02T12:00Z|425");
    assertThat(table.files(days("2026-03-01", "2026-04-01"))).hasSize(31);
    assertThat(table.files(days("2027-03-01", "2027-04-01"))).isEmpty();
    assertThat(table.files(new Span("sold_at", Interval.ALWAYS, ZoneOffset.UTC))).hasSize(730);
    assertThat(table.files(new Span("amount", day("2026-03-02").interval(), ZoneOffset.UTC)))
        .as("what is no time rules nothing out")
        .hasSize(730);
  }

  @Test
  void aDateIsTheMomentItBeginsInTheZone() {
    write(Scalar.DATE, LocalDate.parse("2026-03-29").toEpochDay());
    write(Scalar.DATE, LocalDate.parse("2026-03-30").toEpochDay());

    assertThat(found("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", BERLIN))
        .as("the day of 23 hours")
        .containsExactly("2026-03-29");
    assertThat(found("2026-03-29T00:00:00Z", "2026-03-30T00:00:00Z", BERLIN))
        .containsExactly("2026-03-30");
    assertThat(found("2026-03-29T00:00:00Z", "2026-03-30T00:00:00Z", ZoneOffset.UTC))
        .containsExactly("2026-03-29");
  }

  @Test
  void rowsWithoutATimeAreInNone() {
    write(Scalar.TIMESTAMP, null);
    write(Scalar.TIMESTAMP, Sales.micros(Instant.parse("2026-03-02T00:00:00Z")));

    assertThat(found("2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z", ZoneOffset.UTC)).hasSize(1);
    assertThat(found("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z", ZoneOffset.UTC)).isEmpty();
    assertThat(lake.pin(new AsOf.Head()).get(SALES).files()).hasSize(2);
  }

  @Test
  void joinsSpansThatTouchOrOverlap() {
    assertThat(
            Span.joined(
                List.of(
                    day("2026-03-05"),
                    day("2026-03-02"),
                    day("2026-03-01"),
                    day("2026-03-02"),
                    days("2026-03-05", "2026-03-09"),
                    day("2026-03-07"))))
        .containsExactly(days("2026-03-01", "2026-03-03"), days("2026-03-05", "2026-03-09"));
  }

  @Test
  void replacingRowsBySomethingThatIsNoTimeIsRefused() {
    TableBuild build = Sales.begin(lake);
    Change amounts =
        new Change.Intervals(
            List.of(new Span("amount", day("2026-03-02").interval(), ZoneOffset.UTC)));

    assertThatThrownBy(() -> build.stage(amounts, List.of(), Map.of()))
        .hasMessage(
            "Cannot take rows by 'amount': the table has no date or timestamp of this name");
  }

  private void write(Scalar type, Long at) {
    TableBuild build =
        lake.build(
            SALES,
            Schemas.schema(List.of(Field.optional("at", type))),
            Optional.of(new Layout("at", Batches.Size.DAY)),
            BRANCH);
    build.stage(new Change.Add(), Sales.write(build.table(), ValueRow.of(at)), Map.of());
    build.publish();
  }

  private List<String> found(String from, String to, ZoneId zone) {
    PinnedTable table = lake.pin(new AsOf.Head()).get(SALES);
    Interval interval = new Interval(Instant.parse(from), Instant.parse(to));
    return Sales.rows(table.files(new Span("at", interval, zone)), table.schema());
  }
}
