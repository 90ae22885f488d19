package io.millrace.schedule;

import static io.millrace.schedule.Shop.BRONZE;
import static io.millrace.schedule.Shop.ON_CHANGE;
import static io.millrace.schedule.Shop.ORDERS;
import static io.millrace.schedule.Shop.REPORT;
import static io.millrace.schedule.Shop.SALES;
import static io.millrace.schedule.Shop.day;
import static io.millrace.schedule.Shop.days;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.Interval;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.project.Batches;
import io.millrace.testkit.Golden;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanTest {

  private static final TableName MONTHLY = TableName.parse("gold.monthly");
  private static final TableName BERLIN = TableName.parse("gold.berlin");
  private static final List<TableName> ALL = List.of(ORDERS, SALES, MONTHLY, BERLIN, REPORT);

  @TempDir Path directory;
  private Stage stage;

  @BeforeEach
  void open() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    stage =
        new Stage(
            directory.resolve("metadata.db"),
            Shop.withReport()
                .byInterval(MONTHLY, SALES, Batches.Size.MONTH, ZoneId.of("UTC"), ON_CHANGE)
                .byInterval(BERLIN, ORDERS, Batches.Size.DAY, berlin, ON_CHANGE)
                .project());
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void saysWhatWouldBeBuiltAndWhyAndWritesNothing() {
    StringBuilder plans = new StringBuilder();
    stage.warehouse.brings(BRONZE, "a", days(1, 45));
    plan(plans, "before the first run", Request.of(ALL, "asked for"));
    stage.run(ALL.toArray(TableName[]::new));
    plan(plans, "after it", Request.of(ALL, "asked for"));
    stage.warehouse.brings(BRONZE, "b", List.of(day(3), day(4), day(40)));
    plan(plans, "rows of three days have come", Request.of(ALL, "asked for"));
    plan(plans, "only sales are asked for", Request.of(List.of(SALES), "asked for"));
    plan(
        plans,
        "only the first days are asked for",
        Request.of(ALL, "asked for").within(new Interval(day(1).start(), day(3).end())));
    stage.warehouse.comes(ORDERS, MillraceException.caller("Cannot divide by zero"));
    stage.run(ORDERS);
    plan(plans, "the first build of them has failed", Request.of(List.of(ORDERS), "asked for"));
    plan(plans, "everything again", Request.of(List.of(SALES, REPORT), "asked for").full());
    Golden.assertMatches(
        Path.of("schedule/src/test/resources/io/millrace/schedule/plans.txt"), plans.toString());
  }

  @Test
  void aPlanOfWhatDoesNotExistIsRefused() {
    assertThatThrownBy(
            () -> stage.scheduler.plan(Request.of(List.of(TableName.parse("gold.sale")), "x")))
        .hasMessage("Cannot find model 'gold.sale': did you mean 'gold.sales'?");
  }

  private void plan(StringBuilder plans, String when, Request request) {
    String before = stage.books.ledger().counts().toString();
    plans.append("# ").append(when).append('\n').append(stage.scheduler.plan(request)).append('\n');
    assertThat(stage.books.ledger().counts()).hasToString(before);
  }
}
