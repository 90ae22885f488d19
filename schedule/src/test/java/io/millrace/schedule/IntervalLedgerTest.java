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
import io.millrace.core.MetadataDatabase;
import io.millrace.core.MetadataTables;
import io.millrace.core.TableName;
import io.millrace.schedule.Entry.State;
import io.millrace.schedule.Warehouse.Extent;
import io.millrace.schedule.Warehouse.Looked;
import io.millrace.schedule.Warehouse.Stale;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IntervalLedgerTest {

  private static final Instant NOW = Instant.parse("2026-02-01T00:00:00Z");

  @TempDir Path directory;
  private IntervalLedger ledger;

  @BeforeEach
  void open() {
    ledger = IntervalLedger.open(directory.resolve("metadata.db"), () -> NOW);
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  @Test
  void keepsWhatALookHasFound() {
    looked(ORDERS, day(1), day(2));
    ledger.close();
    open();
    assertThat(ledger.known(ORDERS).definition()).contains("1");
    assertThat(ledger.known(ORDERS).positions()).containsExactly(Map.entry(BRONZE, 7L));
    assertThat(ledger.known(ORDERS).intervals()).containsExactly(day(1), day(2));
    Entry entry = ledger.entries(ORDERS).get(0);
    assertThat(entry.state()).isEqualTo(State.WANTED);
    assertThat(entry.why()).isEqualTo("bronze.orders has new rows");
    assertThat(entry.changed()).isEqualTo(NOW);
    assertThat(ledger.known(SALES).intervals()).isEmpty();
  }

  @Test
  void keepsAllOfALookOrNothing() throws Exception {
    try (Connection other = MetadataDatabase.open(directory.resolve("metadata.db"));
        Statement statement = other.createStatement()) {
      statement.execute(
          "CREATE TRIGGER refuse BEFORE INSERT ON intervals WHEN NEW.from_micros = "
              + MetadataTables.micros(day(2).start())
              + " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
    }
    assertThatThrownBy(() -> looked(ORDERS, day(1), day(2)))
        .hasMessageStartingWith("Cannot write the ledger of intervals: ")
        .hasMessageContaining("the disk is full");
    assertThat(ledger.table(ORDERS)).isEqualTo(TableState.NEW);
    assertThat(ledger.entries(ORDERS)).isEmpty();
    looked(ORDERS, day(1));
    assertThat(ledger.entries(ORDERS)).hasSize(1);
  }

  @Test
  void keepsATableThatHasNoIntervals() {
    looked(REPORT, Interval.ALWAYS);
    assertThat(ledger.entries(REPORT).get(0).interval()).isEqualTo(Interval.ALWAYS);
    built(REPORT, Interval.ALWAYS);
    assertThat(ledger.entries(REPORT).get(0).state()).isEqualTo(State.DONE);
    assertThat(ledger.entries(REPORT).get(0).rows()).contains(5L);
  }

  @Test
  void whatBecomesStaleWhileItRunsStaysDue() {
    looked(ORDERS, day(1));
    ledger.started(ORDERS, days(1, 1), 3);
    looked(ORDERS, day(1));
    assertThat(only().state()).isEqualTo(State.RUNNING);
    ledger.built(ORDERS, rows(day(1)), 3);
    assertThat(only().state()).isEqualTo(State.STALE);
    built(ORDERS, day(1));
    assertThat(only().state()).isEqualTo(State.DONE);
  }

  @Test
  void whatFailsWhileItChangesIsDueAtOnce() {
    looked(ORDERS, day(1));
    ledger.started(ORDERS, days(1, 1), 3);
    looked(ORDERS, day(1));
    ledger.failed(ORDERS, days(1, 1), "the disk is full", Optional.empty());
    assertThat(only().state()).isEqualTo(State.WANTED);
  }

  @Test
  void countsAttemptsUntilItIsBuiltOrItsInputsChange() {
    looked(ORDERS, day(1));
    ledger.started(ORDERS, days(1, 1), 3);
    ledger.failed(ORDERS, days(1, 1), "the disk is full", Optional.of(NOW.plusSeconds(10)));
    looked(ORDERS, day(1));
    assertThat(only().attempts()).as("goes on waiting").isEqualTo(1);
    assertThat(only().notBefore()).isEqualTo(NOW.plusSeconds(10));
    assertThat(ledger.triedAgain(NOW)).isEmpty();
    assertThat(ledger.triedAgain(NOW.plusSeconds(10))).containsExactly(ORDERS);
    ledger.started(ORDERS, days(1, 1), 3);
    ledger.failed(ORDERS, days(1, 1), "the disk is full", Optional.empty());
    assertThat(only().state()).isEqualTo(State.FAILED);
    assertThat(only().attempts()).isEqualTo(2);
    assertThat(only().message()).isEqualTo("the disk is full");
    looked(ORDERS, day(1));
    assertThat(only().state()).isEqualTo(State.WANTED);
    assertThat(only().attempts()).isZero();
    assertThat(only().message()).isEmpty();
  }

  @Test
  void aFullBuildStaysAskedForUntilItIsDone() {
    looked(REPORT, Interval.ALWAYS);
    ledger.want(REPORT, List.of(Interval.ALWAYS), Extent.FULL, "asked for");
    looked(REPORT, Interval.ALWAYS);
    assertThat(ledger.open(REPORT).get(0).extent()).isEqualTo(Extent.FULL);
    built(REPORT, Interval.ALWAYS);
    assertThat(ledger.entries(REPORT).get(0).extent()).isEqualTo(Extent.CHANGES);
  }

  @Test
  void knowsWhatNoReleaseNamesYet() {
    looked(ORDERS, day(1));
    built(ORDERS, day(1));
    SortedMap<TableName, Long> unreleased = ledger.unreleased(Set.of());
    assertThat(unreleased).containsExactly(Map.entry(ORDERS, 3L));
    assertThat(ledger.unreleased(Set.of(3L))).isEmpty();
    ledger.built(ORDERS, rows(day(1)), 4);
    ledger.released(unreleased);
    assertThat(ledger.unreleased(Set.of())).as("built meanwhile").containsEntry(ORDERS, 4L);
    ledger.released(Map.of(ORDERS, 4L));
    assertThat(ledger.unreleased(Set.of())).isEmpty();
  }

  @Test
  void aTableThatWasSetBackIsLookedAtAsIfForTheFirstTime() {
    looked(ORDERS, day(1));
    ledger.hold(ORDERS, Optional.of("rolled back to release 3"));
    ledger.forget(ORDERS);
    ledger.close();
    open();
    assertThat(ledger.known(ORDERS).definition()).isEmpty();
    assertThat(ledger.known(ORDERS).positions()).isEmpty();
    assertThat(ledger.known(ORDERS).intervals()).containsExactly(day(1));
    assertThat(ledger.table(ORDERS).held()).contains("rolled back to release 3");
  }

  @Test
  void countsIntervalsOfEachTableAndState() {
    looked(ORDERS, day(1), day(2), day(3));
    looked(REPORT, Interval.ALWAYS);
    built(ORDERS, day(2));
    assertThat(ledger.counts())
        .hasToString("{gold.report={WANTED=1}, silver.orders={WANTED=2, DONE=1}}");
    assertThat(ledger.open(ORDERS).stream().map(Entry::interval)).containsExactly(day(1), day(3));
  }

  private Entry only() {
    return ledger.entries(ORDERS).get(0);
  }

  private void looked(TableName table, Interval... intervals) {
    List<Stale> stale =
        Stream.of(intervals)
            .map(interval -> new Stale(interval, "bronze.orders has new rows"))
            .toList();
    ledger.looked(table, new Looked("1", Map.of(BRONZE, 7L), stale));
  }

  private void built(TableName table, Interval interval) {
    ledger.started(table, List.of(interval), 3);
    ledger.built(table, rows(interval), 3);
  }

  private static SortedMap<Interval, Long> rows(Interval interval) {
    return new TreeMap<>(Map.of(interval, 5L));
  }
}
