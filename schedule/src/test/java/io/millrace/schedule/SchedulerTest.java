package io.millrace.schedule;

import static io.millrace.schedule.Shop.BRONZE;
import static io.millrace.schedule.Shop.ORDERS;
import static io.millrace.schedule.Shop.REPORT;
import static io.millrace.schedule.Shop.SALES;
import static io.millrace.schedule.Shop.days;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.Interval;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.project.Project;
import io.millrace.project.Schedule;
import io.millrace.schedule.Run.State;
import io.millrace.schedule.Warehouse.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchedulerTest {

  @TempDir Path directory;
  private Stage stage;

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void aRunBuildsUpstreamFirstInChunksAndReleasesAtTheEnd() {
    open(Shop.withReport());
    stage.warehouse.brings(BRONZE, "a", days(1, 40));
    Run run = stage.run(ORDERS, SALES, REPORT);
    assertThat(run.state()).isEqualTo(State.DONE);
    assertThat(Stage.steps(run))
        .containsExactly(
            "silver.orders 32 done",
            "silver.orders 8 done",
            "gold.sales 32 done",
            "gold.sales 8 done",
            "gold.report 1 done");
    assertThat(stage.warehouse.releases)
        .containsExactly("[gold.report, gold.sales, silver.orders]");
    assertThat(stage.counts(SALES)).isEqualTo("{DONE=40}");
    assertThat(stage.books.ledger().entries(SALES).get(0).rows()).contains(1L);
  }

  @Test
  void aTableIsBuiltAfterThoseItsTestsReadWhateverCameOfThem() {
    TableName other = TableName.parse("silver.zones");
    open(Shop.withReport().whole(other, BRONZE, Shop.ON_CHANGE).tested(ORDERS, other));
    stage.warehouse.brings(BRONZE, "a", days(1, 1));
    stage.warehouse.comes(other, new Outcome.Refused(List.of("1 row has no day"), "failed_1"));

    Run run = stage.run(ORDERS, SALES, other);

    assertThat(Stage.steps(run))
        .containsExactly("silver.zones 1 failed", "silver.orders 1 done", "gold.sales 1 done");
  }

  @Test
  void viewsAreTestedWhenReadersSeeThemAndAFailureIsAFailedStep() {
    TableName recent = TableName.parse("gold.recent");
    TableName raw = TableName.parse("silver.raw");
    TableName untested = TableName.parse("gold.untested");
    open(
        Shop.withReport()
            .view(recent, SALES)
            .view(raw, BRONZE)
            .view(untested, SALES)
            .tested(recent, ORDERS)
            .tested(raw, ORDERS));
    stage.warehouse.brings(BRONZE, "a", days(1, 1));
    stage.run(ORDERS);
    assertThat(stage.warehouse.viewsTested).containsExactly("silver.raw after 1");

    stage.warehouse.views.put(
        recent, new Warehouse.Checked(List.of("1 row is not in silver.orders"), List.of()));
    Run run = stage.run(SALES);

    assertThat(run.state()).isEqualTo(State.FAILED);
    assertThat(Stage.steps(run)).containsExactly("gold.sales 1 done", "gold.recent 1 failed");
    assertThat(run.steps().get(1).message()).isEqualTo("1 row is not in silver.orders");
    assertThat(stage.warehouse.releases).hasSize(2);

    Run again = stage.scheduler.retry(run.id()).end().join();
    assertThat(again.state()).isEqualTo(State.DONE);
    assertThat(stage.warehouse.viewsTested).endsWith("gold.recent after 2");
  }

  @Test
  void onlyWhatChangedIsBuiltAgain() {
    open(Shop.withReport());
    stage.warehouse.brings(BRONZE, "a", days(1, 10));
    stage.run(ORDERS, SALES);
    stage.warehouse.brings(BRONZE, "b", days(4, 4));
    Run run = stage.run(ORDERS, SALES);
    assertThat(Stage.steps(run)).containsExactly("silver.orders 1 done", "gold.sales 1 done");
    assertThat(run.steps().get(0).span()).isEqualTo(Shop.day(4));
    assertThat(stage.books.runs().log(run.steps().get(0).id()).get(0).text())
        .isEqualTo("bronze.orders has new rows");
    assertThat(Stage.steps(stage.run(ORDERS, SALES))).isEmpty();
  }

  @Test
  void aTableWithANewDefinitionIsReleasedWhenAllOfItIsBuiltAgain() {
    open(Shop.withReport());
    stage.warehouse.brings(BRONZE, "a", days(1, 40));
    stage.run(ORDERS);
    stage.warehouse.redefine("2");
    stage.warehouse.brings(BRONZE, "b", days(1, 1));
    stage.warehouse.comes(
        ORDERS,
        new Outcome.Published(new TreeMap<>(), List.of()),
        new Outcome.Refused(List.of("unique_orders_id: 2 rows"), "failed_2"));
    stage.run(ORDERS);
    assertThat(stage.warehouse.releases).hasSize(1);
    stage.run(Request.of(Set.of(ORDERS), "asked for").full());
    assertThat(stage.warehouse.releases).hasSize(2);
  }

  @Test
  void aRunWithASpanLeavesTheRestDue() {
    open(Shop.withReport());
    stage.warehouse.brings(BRONZE, "a", days(1, 10));
    Interval span = new Interval(Shop.day(3).start(), Shop.day(4).end());
    stage.run(Request.of(Set.of(ORDERS), "asked for").within(span));
    assertThat(stage.counts(ORDERS)).isEqualTo("{WANTED=8, DONE=2}");
  }

  @Test
  void aFullRunBuildsEverythingAgain() {
    open(Shop.withReport());
    stage.warehouse.brings(BRONZE, "a", days(1, 3));
    stage.run(ORDERS, REPORT);
    Run run = stage.run(Request.of(Set.of(ORDERS, REPORT), "asked for").full());
    assertThat(Stage.steps(run)).containsExactly("silver.orders 3 done");
  }

  @Test
  void whatReadsATableThatFailedIsSkippedAndTheRestIsReleased() {
    TableName other = TableName.parse("silver.visits");
    open(Shop.withReport().daily(other, TableName.parse("bronze.visits"), Shop.ON_CHANGE));
    stage.warehouse.brings(BRONZE, "a", days(1, 1));
    stage.warehouse.brings(TableName.parse("bronze.visits"), "v", days(1, 1));
    stage.warehouse.comes(
        ORDERS, new Outcome.Refused(List.of("unique_orders_id: 2 rows"), "failed_1"));
    Run run = stage.run(ORDERS, SALES, REPORT, other);
    assertThat(run.state()).isEqualTo(State.FAILED);
    assertThat(run.message()).isEqualTo("unique_orders_id: 2 rows");
    assertThat(Stage.steps(run))
        .containsExactlyInAnyOrder(
            "silver.orders 1 failed",
            "gold.sales 1 skipped",
            "gold.report 1 skipped",
            "silver.visits 1 done");
    assertThat(run.steps().stream().filter(it -> it.table().equals("gold.sales")).findFirst())
        .hasValueSatisfying(it -> assertThat(it.message()).isEqualTo("silver.orders failed"));
    assertThat(stage.warehouse.releases).containsExactly("[silver.visits]");
  }

  @Test
  void nothingIsBuiltOfWhatIsNotFit() {
    open(Shop.withReport());
    stage.warehouse.brings(BRONZE, "a", days(1, 2));
    stage.unfit.put(BRONZE, "half of it was rejected");
    stage.tickUntilQuiet();
    Run run = stage.run(ORDERS, SALES);
    assertThat(run.state()).isEqualTo(State.DONE);
    assertThat(run.steps())
        .extracting(step -> step.table() + " " + Runs.word(step.state()) + ": " + step.message())
        .containsExactly(
            "silver.orders skipped: half of it was rejected",
            "gold.sales skipped: silver.orders was skipped");
    assertThat(stage.warehouse.builds).isEmpty();

    stage.unfit.clear();
    stage.passes(Duration.ofSeconds(30));
    stage.tickUntilQuiet();
    assertThat(stage.counts(SALES)).isEqualTo("{DONE=2}");
  }

  @Test
  void whatTheWorldRefusedIsTriedAgainTwiceAsLateEachTimeAndThenLeft() {
    open(Shop.withReport());
    stage.warehouse.brings(BRONZE, "a", days(1, 1));
    stage.warehouse.comes(ORDERS, Stage.diskFull(), Stage.diskFull(), Stage.diskFull());
    stage.tickUntilQuiet();
    Entry entry = stage.books.ledger().entries(ORDERS).get(0);
    assertThat(entry.state()).isEqualTo(Entry.State.WANTED);
    assertThat(entry.message()).isEqualTo("Cannot write silver.orders: the disk is full");
    assertThat(entry.notBefore()).isEqualTo(stage.clock.get().plusSeconds(10));

    stage.passes(Duration.ofSeconds(10));
    stage.tickUntilQuiet();
    assertThat(stage.books.ledger().entries(ORDERS).get(0).notBefore())
        .isEqualTo(stage.clock.get().plusSeconds(20));

    stage.passes(Duration.ofSeconds(20));
    stage.tickUntilQuiet();
    assertThat(stage.counts(ORDERS)).isEqualTo("{FAILED=1}");
    stage.passes(Duration.ofHours(1));
    stage.tickUntilQuiet();
    assertThat(stage.counts(ORDERS)).isEqualTo("{FAILED=1}");

    stage.warehouse.brings(BRONZE, "b", days(1, 1));
    stage.passes(Duration.ofSeconds(30));
    stage.tickUntilQuiet();
    assertThat(stage.counts(ORDERS)).isEqualTo("{DONE=1}");
  }

  @Test
  void whatTestsRefusedWaitsForAPerson() {
    open(Shop.withReport());
    stage.warehouse.brings(BRONZE, "a", days(1, 2));
    stage.warehouse.comes(ORDERS, new Outcome.Refused(List.of("not_null: 1 row"), "failed_1"));
    stage.tickUntilQuiet();
    stage.passes(Duration.ofHours(1));
    stage.tickUntilQuiet();
    assertThat(stage.counts(ORDERS)).isEqualTo("{FAILED=2}");
    Run failed =
        stage.books.runs().recent(10).stream()
            .filter(it -> it.state() == State.FAILED)
            .findFirst()
            .orElseThrow();
    Run retried = stage.scheduler.retry(failed.id()).end().join();
    assertThat(retried.why()).isEqualTo("retry of run " + failed.id());
    assertThat(stage.counts(ORDERS)).isEqualTo("{DONE=2}");
    assertThatThrownBy(() -> stage.scheduler.retry(retried.id()))
        .hasMessage("Cannot retry run %d: no table failed in it".formatted(retried.id()));
    assertThatThrownBy(() -> stage.scheduler.retry(99))
        .hasMessage("Cannot retry run 99: there is none, or it was long ago");
  }

  @Test
  void anIntervalWaitsForTheOneBeforeItIfItDependsOnIt() {
    Schedule schedule = new Schedule(Shop.ON_CHANGE.trigger(), 0, Duration.ofSeconds(10), true);
    open(new Shop().daily(ORDERS, BRONZE, schedule));
    stage.warehouse.brings(BRONZE, "a", days(1, 3));
    stage.warehouse.comes(
        ORDERS,
        new Outcome.Published(new TreeMap<>(), List.of()),
        MillraceException.caller("Cannot read the day"));
    stage.run(ORDERS);
    assertThat(stage.counts(ORDERS)).isEqualTo("{WANTED=1, DONE=1, FAILED=1}");
    stage.passes(Duration.ofMinutes(1));
    stage.tickUntilQuiet();
    assertThat(stage.counts(ORDERS)).isEqualTo("{WANTED=1, DONE=1, FAILED=1}");
    stage.run(ORDERS);
    assertThat(stage.counts(ORDERS)).isEqualTo("{DONE=3}");
  }

  @Test
  void aTickWithNothingToBuildMakesNoRun() {
    open(Shop.withReport());
    stage.warehouse.brings(BRONZE, "a", days(1, 2));
    stage.tickUntilQuiet();
    assertThat(stage.books.runs().recent(10)).hasSize(1);
    stage.passes(Duration.ofMinutes(5));
    stage.tickUntilQuiet();
    assertThat(stage.books.runs().recent(10)).hasSize(1);
  }

  @Test
  void aModelThatChangesIsNotLookedAtMoreOftenThanItSays() {
    open(Shop.withReport());
    stage.warehouse.brings(BRONZE, "a", days(1, 1));
    stage.tickUntilQuiet();
    stage.warehouse.brings(BRONZE, "b", days(1, 1));
    stage.passes(Duration.ofSeconds(29));
    stage.tickUntilQuiet();
    assertThat(stage.warehouse.head(SALES)).containsEntry(Shop.day(1), "a");
    stage.passes(Duration.ofSeconds(1));
    stage.tickUntilQuiet();
    assertThat(stage.warehouse.head(SALES)).containsEntry(Shop.day(1), "ab");
    assertThat(stage.warehouse.released()).containsKeys(ORDERS, SALES, REPORT);
  }

  @Test
  void aManualModelAndAHeldOneWaitForAPerson() {
    open(new Shop().daily(ORDERS, BRONZE, Shop.manual()).daily(SALES, ORDERS, Shop.ON_CHANGE));
    stage.warehouse.brings(BRONZE, "a", days(1, 1));
    stage.tickUntilQuiet();
    assertThat(stage.warehouse.builds).isEmpty();
    stage.scheduler.hold(SALES, "rolled back to release 3");
    stage.run(ORDERS);
    stage.passes(Duration.ofMinutes(1));
    stage.tickUntilQuiet();
    assertThat(stage.books.ledger().table(SALES).held()).contains("rolled back to release 3");
    assertThat(stage.counts(SALES)).isEqualTo("{}");
    stage.run(SALES);
    assertThat(stage.books.ledger().table(SALES).held()).isEmpty();
    assertThat(stage.counts(SALES)).isEqualTo("{DONE=1}");
  }

  @Test
  void aTableThatIsHeldIsNotBuiltByAPassThatHasBegun() {
    open(Shop.withReport());
    stage.warehouse.brings(BRONZE, "a", days(1, 3));
    AtomicReference<CompletableFuture<String>> alone = new AtomicReference<>();
    stage.warehouse.witnessedBy(
        call -> {
          if (call.equals("look silver.orders") && alone.get() == null) {
            stage.scheduler.hold(ORDERS, "rolled back to release 3");
            alone.set(
                CompletableFuture.supplyAsync(
                    () -> stage.scheduler.alone("roll back", () -> "rolled back")));
          }
        });
    stage.tickUntilQuiet();
    assertThat(alone.get().join()).isEqualTo("rolled back");
    assertThat(stage.warehouse.builds).isEmpty();
  }

  @Test
  void aCronModelIsBuiltWhenItsTimeHasPassedAlsoAfterARestart() {
    Project project = new Shop().daily(ORDERS, BRONZE, Shop.cron("0 3 * * *", true)).project();
    stage = new Stage(directory.resolve("metadata.db"), project);
    stage.warehouse.brings(BRONZE, "a", days(1, 1));
    stage.tickUntilQuiet();
    assertThat(stage.counts(ORDERS)).as("never built is due at once").isEqualTo("{DONE=1}");
    stage.warehouse.brings(BRONZE, "a", days(2, 4));
    stage.passes(Duration.ofHours(2));
    stage.tickUntilQuiet();
    assertThat(stage.counts(ORDERS)).isEqualTo("{DONE=1}");
    StandInWarehouse warehouse = stage.warehouse;
    stage.close();
    stage = new Stage(directory.resolve("metadata.db"), project, warehouse);
    stage.passes(Duration.ofHours(3));
    stage.tickUntilQuiet();
    assertThat(stage.counts(ORDERS)).isEqualTo("{DONE=4}");
    assertThat(stage.books.runs().recent(1).get(0).why()).isEqualTo("schedule 0 3 * * *");
  }

  @Test
  void aModelThatDoesNotCatchUpBuildsTheNewestIntervalAfterAPause() {
    open(new Shop().daily(ORDERS, BRONZE, Shop.cron("0 3 * * *", false)));
    stage.warehouse.brings(BRONZE, "a", days(1, 1));
    stage.tickUntilQuiet();
    stage.warehouse.brings(BRONZE, "a", days(2, 5));
    stage.passes(Duration.ofDays(4));
    stage.tickUntilQuiet();
    assertThat(stage.counts(ORDERS)).isEqualTo("{DONE=2, SKIPPED=3}");
    assertThat(stage.books.ledger().entries(ORDERS).get(1).message())
        .isEqualTo("it was due during a pause");
    stage.warehouse.brings(BRONZE, "b", days(2, 3));
    stage.passes(Duration.ofDays(1));
    stage.tickUntilQuiet();
    assertThat(stage.counts(ORDERS))
        .as("late rows without a pause")
        .isEqualTo("{DONE=4, SKIPPED=1}");
  }

  @Test
  void oneTableIsNeverBuiltByTwoAtATime() {
    open(Shop.withReport());
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    stage.warehouse.witnessedBy(
        call -> {
          if (call.equals("build silver.orders")) {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          } else if (call.equals("built silver.orders")) {
            inside.decrementAndGet();
          }
        });
    stage.warehouse.brings(BRONZE, "a", days(1, 400));
    List<Started> runs =
        List.of(
            stage.scheduler.run(Request.of(Set.of(ORDERS), "one")),
            stage.scheduler.run(Request.of(Set.of(ORDERS), "two")),
            stage.scheduler.run(Request.of(Set.of(ORDERS), "three")));
    stage.scheduler.tick();
    runs.forEach(run -> run.end().join());
    Awaitility.await().until(stage.scheduler::isQuiet);
    assertThat(most).hasValue(1);
    assertThat(stage.counts(ORDERS)).isEqualTo("{DONE=400}");
    assertThat(stage.warehouse.builds)
        .as("none twice")
        .filteredOn(build -> build.startsWith("silver.orders"))
        .hasSize(13);
  }

  @Test
  void aCancelledRunEndsBeforeItsNextBuild() {
    open(Shop.withReport());
    stage.warehouse.brings(BRONZE, "a", days(1, 100));
    stage.warehouse.witnessedBy(
        call -> {
          if (call.equals("built silver.orders")) {
            stage.scheduler.cancel(1);
          }
        });
    Run run = stage.run(ORDERS, SALES);
    assertThat(run.state()).isEqualTo(State.CANCELLED);
    assertThat(run.message()).isEqualTo("a person cancelled it");
    assertThat(Stage.steps(run)).containsExactly("silver.orders 32 done");
    assertThat(stage.counts(ORDERS)).isEqualTo("{WANTED=68, DONE=32}");
    assertThat(stage.warehouse.releases).containsExactly("[silver.orders]");
    assertThat(stage.scheduler.cancel(1)).isFalse();
  }

  private void open(Shop shop) {
    stage = new Stage(directory.resolve("metadata.db"), shop.project());
  }
}
