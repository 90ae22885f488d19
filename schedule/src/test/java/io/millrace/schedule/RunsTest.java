package io.millrace.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.Interval;
import io.millrace.core.Usage;
import io.millrace.schedule.Run.Kind;
import io.millrace.schedule.Run.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsTest {

  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  private static final Interval DAY = day("2026-01-30");
  private static final Interval NEXT_DAY = day("2026-01-31");

  @TempDir Path directory;
  private final AtomicReference<Instant> clock = new AtomicReference<>(NOW);
  private Usage usage;
  private Runs runs;

  @BeforeEach
  void open() {
    Path metadata = directory.resolve("metadata.db");
    usage = Usage.open(metadata, () -> NOW);
    runs = Runs.open(metadata, usage, clock::get);
  }

  @AfterEach
  void close() {
    runs.close();
    usage.close();
  }

  @Test
  void notesWhatStepsTook() {
    try (OpenRun run = runs.begin(Kind.RUN, "gold.sales", "asked for")) {
      OpenStep step = run.step("gold.sales");
      clock.set(NOW.plusSeconds(3));
      step.done(7);
    }
    try (OpenRun run = runs.begin(Kind.UPKEEP, "compaction", "every 10m")) {
      run.step("bronze.orders").done(0);
    }
    assertThat(usage.since(NOW))
        .containsExactly(
            new Usage.Work(Usage.Kind.BUILD, "gold.sales", 7, Duration.ofSeconds(3), 0),
            new Usage.Work(Usage.Kind.UPKEEP, "bronze.orders", 0, Duration.ZERO, 0));
  }

  @Test
  void keepsARunWithItsStepsAndWhatTheySaid() {
    try (OpenRun run = runs.begin(Kind.UPKEEP, "compaction", "every 10m")) {
      OpenStep step = run.step("bronze.orders", List.of(DAY, NEXT_DAY), 2);
      step.say("120 files become 4");
      step.done(7);
    }
    Run run = runs.recent(10).get(0);
    assertThat(run.kind()).isEqualTo(Kind.UPKEEP);
    assertThat(run.what() + ", " + run.why()).isEqualTo("compaction, every 10m");
    assertThat(run.state()).isEqualTo(State.DONE);
    assertThat(run.ended()).contains(NOW);
    Run.Step step = run.steps().get(0);
    assertThat(step.table()).isEqualTo("bronze.orders");
    assertThat(step.span()).isEqualTo(new Interval(DAY.start(), NEXT_DAY.end()));
    assertThat(List.of(step.intervals(), step.attempt(), (int) step.rows()))
        .containsExactly(2, 2, 7);
    assertThat(runs.log(step.id())).containsExactly(new Run.Line(NOW, "120 files become 4"));
    assertThat(runs.find(run.id())).contains(run);
    assertThat(runs.find(99)).isEmpty();
  }

  @Test
  void aRunFailsWithTheFirstOfItsStepsThatFailed() {
    try (OpenRun run = runs.begin(Kind.RUN, "2 tables", "asked for")) {
      run.step("silver.orders").done(1);
      run.step("gold.sales").refused("unique_sales_day: 2 rows", "failed_1");
      run.step("gold.report").skipped("gold.sales failed");
    }
    Run run = runs.find(1).orElseThrow();
    assertThat(run.state()).isEqualTo(State.FAILED);
    assertThat(run.message()).isEqualTo("unique_sales_day: 2 rows");
    assertThat(run.steps().stream().map(Run.Step::state))
        .containsExactly(State.DONE, State.FAILED, State.SKIPPED);
    assertThat(run.steps().get(1).branch()).isEqualTo("failed_1");
  }

  @Test
  void aStepThatAnExceptionLeftOpenHasFailed() {
    try (OpenRun run = runs.begin(Kind.UPKEEP, "compaction", "every 10m")) {
      run.step("bronze.orders");
    }
    assertThat(runs.find(1).orElseThrow().steps().get(0).message())
        .isEqualTo("it was not finished");
    assertThat(runs.find(1).orElseThrow().state()).isEqualTo(State.FAILED);
  }

  @Test
  void whatAProcessLeftRunningIsEndedAsCutOff() {
    runs.begin(Kind.RUN, "silver.orders", "asked for").step("silver.orders");
    runs.endCutOff();
    Run run = runs.find(1).orElseThrow();
    assertThat(run.state()).isEqualTo(State.FAILED);
    assertThat(run.message()).isEqualTo("the run was cut off");
    assertThat(run.steps().get(0).message()).isEqualTo("the run was cut off");
  }

  @Test
  void aTalkativeStepKeepsItsFirstLinesAndSaysSo() {
    try (OpenRun run = runs.begin(Kind.RUN, "silver.orders", "asked for")) {
      OpenStep step = run.step("silver.orders");
      IntStream.range(0, 500).forEach(i -> step.say("line " + i));
      step.done(0);
    }
    List<Run.Line> lines = runs.log(1);
    assertThat(lines).hasSize(Runs.MAX_LINES);
    assertThat(lines.get(0).text()).isEqualTo("line 0");
    assertThat(lines.get(Runs.MAX_LINES - 1).text()).isEqualTo("what followed was not kept");
  }

  @Test
  void keepsTheNewestRunsAndThoseThatStillRun() {
    OpenRun first = runs.begin(Kind.BACKFILL, "silver.orders", "asked for");
    for (int i = 0; i < Runs.KEPT + 20; i++) {
      runs.begin(Kind.SCHEDULE, "silver.orders", "every 30s").done("");
    }
    assertThat(runs.recent(5_000)).hasSize(Runs.KEPT + 1);
    assertThat(runs.find(first.id())).isPresent();
    assertThat(runs.find(first.id() + 1)).isEmpty();
    assertThat(runs.running()).extracting(Run::id).containsExactly(first.id());
  }

  @Test
  void keepsBuildsHoweverManyChoresThereAre() {
    runs.begin(Kind.SCHEDULE, "silver.orders", "every 30s").done("");
    for (int i = 0; i < Runs.KEPT + 20; i++) {
      runs.begin(Kind.UPKEEP, "upkeep", "every 30s").done("");
    }
    assertThat(runs.recent(5_000, Set.of(Kind.UPKEEP))).hasSize(Runs.KEPT);
    assertThat(runs.recent(5_000, Set.of(Kind.SCHEDULE))).hasSize(1);
  }

  private static Interval day(String day) {
    Instant start = Instant.parse(day + "T00:00:00Z");
    return new Interval(start, start.plusSeconds(86_400));
  }
}
