package io.millrace.schedule;

import static io.millrace.schedule.Shop.BRONZE;
import static io.millrace.schedule.Shop.ORDERS;
import static io.millrace.schedule.Shop.REPORT;
import static io.millrace.schedule.Shop.SALES;
import static io.millrace.schedule.Shop.days;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.Interval;
import io.millrace.core.TableName;
import io.millrace.project.Project;
import io.millrace.schedule.Warehouse.Extent;
import io.millrace.schedule.Warehouse.Outcome;
import io.millrace.schedule.Warehouse.Standing;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandingsTest {

  private static final TableName VISITS = TableName.parse("silver.visits");

  private final Project project = Shop.withReport().whole(VISITS, BRONZE, Shop.manual()).project();

  @TempDir Path directory;
  private Stage stage;

  @BeforeEach
  void open() {
    stage = new Stage(directory.resolve("metadata.db"), project);
    stage.warehouse.brings(BRONZE, "a", days(1, 3));
    stage.run(ORDERS, SALES, REPORT, VISITS);
  }

  @AfterEach
  void close() {
    stage.close();
  }

  private Standing standing(TableName table) {
    return stage.warehouse.standings().get(table);
  }

  @Test
  void whatIsBuiltAndReleasedIsComplete() {
    assertThat(stage.warehouse.standings().values()).allMatch(Standing::complete);
    assertThat(standing(ORDERS).positions()).isEqualTo(Map.of(BRONZE, 1L));
  }

  @Test
  void whatWasRefusedIsNot() {
    stage.warehouse.brings(BRONZE, "b", days(2, 2));
    stage.warehouse.comes(ORDERS, new Outcome.Refused(List.of("unique_id: 2 rows"), "failed_2"));

    stage.run(ORDERS, VISITS);

    assertThat(standing(VISITS).complete()).isTrue();
    assertThat(standing(ORDERS))
        .isEqualTo(
            new Standing(
                Map.of(BRONZE, 2L),
                false,
                "1 of its intervals is not built since: unique_id: 2 rows"));
  }

  @Test
  void whatNobodyHasLookedAtStandsWhereItWas() {
    stage.scheduler.hold(ORDERS, "the source is wrong");
    stage.warehouse.brings(BRONZE, "b", days(2, 2));

    stage.run(VISITS);

    assertThat(standing(VISITS).positions()).isEqualTo(Map.of(BRONZE, 2L));
    assertThat(standing(ORDERS))
        .isEqualTo(new Standing(Map.of(BRONZE, 1L), true, "it is held: the source is wrong"));
    stage.scheduler.unhold(ORDERS);
    stage.warehouse.brings(BRONZE, "c", days(3, 3));
    stage.run(ORDERS);
    assertThat(standing(VISITS).waits()).isEqualTo("it is built by hand");
    assertThat(standing(VISITS).positions()).isEqualTo(Map.of(BRONZE, 2L));
  }

  @Test
  void whatABackfillBuildsAgainIsCompleteMeanwhile() {
    stage.books.ledger().want(ORDERS, days(1, 3), Extent.FULL, "backfill 1", Optional.of(1L));
    assertThat(Standings.of(project, stage.books.ledger(), Set.of()).get(ORDERS).complete())
        .isTrue();

    stage.books.ledger().want(ORDERS, days(2, 2), Extent.CHANGES, "bronze.orders has new rows");
    assertThat(Standings.of(project, stage.books.ledger(), Set.of()).get(ORDERS).complete())
        .isFalse();
  }

  @Test
  void whatARunHasBuiltAndNoReleaseNamesIsNot() {
    stage.books.ledger().built(VISITS, Map.of(Interval.ALWAYS, 3L), 7);

    assertThat(Standings.of(project, stage.books.ledger(), Set.of()).get(VISITS))
        .isEqualTo(new Standing(Map.of(BRONZE, 1L), false, "run 7 is still building it"));
    assertThat(Standings.of(project, stage.books.ledger(), Set.of(VISITS)).get(VISITS).complete())
        .isTrue();
  }
}
