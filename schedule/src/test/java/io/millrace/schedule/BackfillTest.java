package io.millrace.schedule;

import static io.millrace.schedule.Shop.BRONZE;
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
import io.millrace.project.Project;
import io.millrace.schedule.Backfill.Wish;
import io.millrace.schedule.Run.State;
import io.millrace.schedule.Warehouse.Extent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackfillTest {

  private static final Interval JANUARY = new Interval(day(1).start(), day(31).end());
  private static final Set<TableName> ALL = Set.of(ORDERS, SALES, REPORT);

  private final Project project = Shop.withReport().project();

  @TempDir Path directory;
  private Stage stage;

  @BeforeEach
  void buildEverythingOnce() {
    stage = new Stage(directory.resolve("metadata.db"), project);
    stage.warehouse.brings(BRONZE, "a", days(1, 31));
    stage.run(ORDERS, SALES, REPORT);
    stage.warehouse.builds.clear();
    stage.warehouse.releases.clear();
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void buildsTheIntervalsOfTheSpanUpstreamFirstAndTheRestOnceAfter() {
    Interval span = new Interval(day(5).start(), day(9).end());
    Backfill backfill = ended(stage.scheduler.backfill(Wish.of(ALL, span)));
    assertThat(backfill.state()).isEqualTo(State.DONE);
    assertThat(backfill.done() + " of " + backfill.total()).isEqualTo("11 of 11");
    assertThat(stage.warehouse.builds)
        .containsExactly(
            "silver.orders 5 from " + day(5),
            "gold.sales 5 from " + day(5),
            "gold.report 1 from always");
    Run run = stage.books.runs().find(backfill.run().orElseThrow()).orElseThrow();
    assertThat(run.kind()).isEqualTo(Run.Kind.BACKFILL);
    assertThat(run.why()).isEqualTo("backfill 1");
    assertThat(stage.books.runs().log(run.steps().get(0).id()).get(0).text())
        .isEqualTo("backfill 1");
  }

  @Test
  void whatIsWantedAfterItHadNothingMoreToBuildIsNoFailure() {
    Workplace place =
        new Workplace(
            project,
            stage.warehouse,
            stage.books,
            stage.clock::get,
            new Surroundings(
                stage.load::get, stage.busy::get, table -> Optional.empty(), Duration.ofMillis(5)));
    long id = stage.books.backfills().add(Wish.of(ALL, JANUARY), 63);
    BackfillWork work = new BackfillWork(place, stage.books.backfills().find(id).orElseThrow());
    IntervalLedger ledger = stage.books.ledger();
    assertThat(work.left(project.model(REPORT))).isEqualTo(PassWork.Came.DONE);

    ledger.want(REPORT, List.of(Interval.ALWAYS), Extent.CHANGES, "gold.sales has new rows");
    assertThat(work.left(project.model(REPORT))).isEqualTo(PassWork.Came.PARTLY);

    ledger.started(REPORT, List.of(Interval.ALWAYS), 1);
    ledger.failed(REPORT, List.of(Interval.ALWAYS), "2 rows", Optional.empty());
    assertThat(work.left(project.model(REPORT))).isEqualTo(PassWork.Came.FAILED);
  }

  @Test
  void theScheduleLeavesItsIntervalsToIt() {
    stage.busy.set(Optional.of("gold.sales is 3m behind"));
    Backfill backfill = stage.scheduler.backfill(Wish.of(Set.of(ORDERS), JANUARY));
    awaitMessage(backfill, "waits: gold.sales is 3m behind");
    assertThat(stage.counts(ORDERS)).isEqualTo("{STALE=31}");
    stage.warehouse.brings(BRONZE, "b", days(31, 31));
    stage.scheduler.tick();
    Awaitility.await().until(() -> stage.warehouse.head(SALES).get(day(31)).equals("ab"));
    assertThat(stage.warehouse.builds).first().isEqualTo("silver.orders 1 from " + day(31));
    assertThat(stage.counts(ORDERS)).isEqualTo("{STALE=30, DONE=1}");
    stage.busy.set(Optional.empty());
    assertThat(ended(backfill).done()).isEqualTo(31);
  }

  @Test
  void noOtherPassIsUnderWayWithIt() {
    AtomicInteger builds = new AtomicInteger();
    stage.warehouse.witnessedBy(
        call -> {
          if (call.equals("build silver.orders") && builds.incrementAndGet() < 20) {
            stage.warehouse.brings(BRONZE, "b", days(31, 31));
            stage.passes(Duration.ofMinutes(1));
            stage.scheduler.tick();
          }
        });
    Interval years = new Interval(day(1).start(), day(700).end());
    stage.passes(Duration.ofDays(700));
    ended(stage.scheduler.backfill(Wish.of(Set.of(ORDERS, SALES), years)));
    stage.passes(Duration.ofMinutes(1));
    stage.tickUntilQuiet();
    assertThat(stage.warehouse.mostOpen).isEqualTo(1);
    assertThat(stage.warehouse.head(SALES)).isEqualTo(stage.warehouse.head(ORDERS));
  }

  @Test
  void waitsWhileTheMachineHasMoreToDoThanAllowed() {
    stage.load.set(3.14);
    Backfill backfill =
        stage.scheduler.backfill(new Wish(new TreeSet<>(Set.of(ORDERS)), JANUARY, 1, 0.8));
    awaitMessage(backfill, "waits: the load is 3.14 for each core, above 0.80");
    stage.load.set(0.5);
    assertThat(ended(backfill).message()).isEmpty();
  }

  @Test
  void saysHowFastItIsAndHowLongItWillTake() {
    Interval span = new Interval(day(1).start(), day(20).end());
    AtomicInteger builds = new AtomicInteger();
    stage.warehouse.witnessedBy(
        call -> {
          if (call.equals("built silver.orders") && builds.incrementAndGet() == 1) {
            stage.passes(Duration.ofMinutes(2));
            stage.busy.set(Optional.of("it is noon"));
          }
        });
    Backfill begun = stage.scheduler.backfill(Wish.of(Set.of(ORDERS, SALES), span));
    awaitMessage(begun, "waits: it is noon");
    Backfill backfill = stage.books.backfills().find(begun.id()).orElseThrow();
    assertThat(backfill.done() + " of " + backfill.total()).isEqualTo("20 of 40");
    assertThat(backfill.perMinute()).isEqualTo(10.0);
    assertThat(backfill.left()).contains(Duration.ofMinutes(2));
    stage.busy.set(Optional.empty());
    ended(begun);
  }

  @Test
  void releasesWhatItHasBuiltBeforeItIsDone() {
    stage.warehouse.brings(BRONZE, "a", days(32, 700));
    stage.passes(Duration.ofDays(700));
    Interval span = new Interval(day(1).start(), day(700).end());
    ended(stage.scheduler.backfill(Wish.of(Set.of(ORDERS, SALES), span)));
    assertThat(stage.warehouse.releases)
        .containsExactly("[silver.orders]", "[gold.sales, silver.orders]", "[gold.sales]");
  }

  @Test
  void goesOnWhereItWasAfterARestart() {
    stage.warehouse.witnessedBy(
        call -> {
          if (call.equals("built silver.orders")) {
            stage.busy.set(Optional.of("it is noon"));
          }
        });
    Interval span = new Interval(day(1).start(), day(20).end());
    Backfill begun = stage.scheduler.backfill(Wish.of(Set.of(ORDERS, SALES), span));
    awaitMessage(begun, "waits: it is noon");
    StandInWarehouse warehouse = stage.warehouse;
    stage.close();
    warehouse.witnessedBy(call -> {});
    stage = new Stage(directory.resolve("metadata.db"), project, warehouse);
    stage.scheduler.start();
    assertThat(ended(begun).state()).isEqualTo(State.DONE);
    assertThat(warehouse.builds)
        .filteredOn(build -> build.contains(" 20 from "))
        .as("none twice")
        .containsExactly("silver.orders 20 from " + day(1), "gold.sales 20 from " + day(1));
  }

  @Test
  void cancelledItTakesBackWhatItHasNotBuilt() {
    stage.busy.set(Optional.of("it is noon"));
    Interval beyond = new Interval(day(20).start(), day(40).end());
    stage.passes(Duration.ofDays(30));
    Backfill backfill = stage.scheduler.backfill(Wish.of(Set.of(ORDERS), beyond));
    awaitMessage(backfill, "waits: it is noon");
    assertThat(stage.counts(ORDERS)).isEqualTo("{WANTED=9, STALE=12, DONE=19}");
    stage.scheduler.cancelBackfill(backfill.id());
    assertThat(ended(backfill).state()).isEqualTo(State.CANCELLED);
    assertThat(stage.counts(ORDERS)).isEqualTo("{DONE=31}");
  }

  @Test
  void oneBadDayStopsNeitherTheOthersNorARetry() {
    stage.warehouse.brings(BRONZE, "a", days(32, 64));
    stage.passes(Duration.ofDays(60));
    stage.warehouse.comes(ORDERS, MillraceException.caller("Cannot divide by zero"));
    Interval span = new Interval(day(1).start(), day(64).end());
    Backfill failed = ended(stage.scheduler.backfill(Wish.of(Set.of(ORDERS, SALES), span)));
    assertThat(failed.state()).isEqualTo(State.FAILED);
    assertThat(failed.message())
        .isEqualTo("silver.orders could not be built for all intervals; see run 2");
    assertThat(stage.counts(ORDERS)).isEqualTo("{DONE=32, FAILED=32}");
    assertThat(failed.done() + " of " + failed.total()).isEqualTo("32 of 128");
    Backfill retried = ended(stage.scheduler.retryBackfill(failed.id()));
    assertThat(retried.state()).isEqualTo(State.DONE);
    assertThat(retried.done()).isEqualTo(128);
    assertThatThrownBy(() -> stage.scheduler.retryBackfill(failed.id()))
        .hasMessage("Cannot retry backfill 1: it is done");
  }

  @Test
  void triesAgainByItselfWhatTheWorldRefused() {
    stage.warehouse.comes(ORDERS, Stage.diskFull());
    Backfill backfill = stage.scheduler.backfill(Wish.of(Set.of(ORDERS), JANUARY));
    Awaitility.await().until(() -> stage.counts(ORDERS).equals("{STALE=31}") && tried());
    stage.passes(Duration.ofSeconds(10));
    assertThat(ended(backfill).state()).isEqualTo(State.DONE);
  }

  private boolean tried() {
    return stage.books.ledger().entries(ORDERS).get(0).attempts() == 1;
  }

  @Test
  void refusesWhatMakesNoSense() {
    Interval future = new Interval(day(100).start(), day(101).end());
    assertThatThrownBy(() -> stage.scheduler.backfill(Wish.of(Set.of(ORDERS), future)))
        .hasMessage("Cannot backfill silver.orders: no interval of the past is within " + future);
    Interval endless = new Interval(Instant.MIN, day(31).end());
    assertThatThrownBy(() -> stage.scheduler.backfill(Wish.of(Set.of(ORDERS), endless)))
        .hasMessage(
            "Cannot backfill silver.orders from its beginning: it has none; name one with --from, or as 'begin' in its config");
    Interval ages = new Interval(Instant.parse("0001-01-01T00:00:00Z"), day(31).end());
    assertThatThrownBy(() -> stage.scheduler.backfill(Wish.of(Set.of(ORDERS), ages)))
        .hasMessage(
            "Cannot backfill silver.orders: there are more than 100,000 intervals since 0001-01-01T00:00:00Z; name a later --from");
    assertThatThrownBy(() -> new Wish(new TreeSet<>(ALL), JANUARY, 0, 1.0))
        .hasMessage("Cannot backfill with max_parallel 0: it is 1 or more");
    assertThatThrownBy(() -> new Wish(new TreeSet<>(ALL), JANUARY, 1, 0))
        .hasMessage("Cannot backfill with max_load 0.0: it is more than 0");
    assertThatThrownBy(() -> stage.scheduler.cancelBackfill(7))
        .hasMessage("Cannot find backfill 7: there is none");
    assertThat(stage.scheduler.plan(Wish.of(List.of(REPORT, SALES), JANUARY)))
        .hasToString(
            """
            gold.sales
              2026-01-01T00:00:00Z/2026-02-01T00:00:00Z (31 intervals): backfill
            gold.report
              whole: backfill
            """);
  }

  private void awaitMessage(Backfill backfill, String message) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(
            () ->
                assertThat(stage.books.backfills().find(backfill.id()).orElseThrow().message())
                    .isEqualTo(message));
  }

  private Backfill ended(Backfill backfill) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(5))
        .until(
            () ->
                stage.books.backfills().find(backfill.id()).orElseThrow().ended().isPresent()
                    && stage.scheduler.isQuiet());
    return stage.books.backfills().find(backfill.id()).orElseThrow();
  }
}
