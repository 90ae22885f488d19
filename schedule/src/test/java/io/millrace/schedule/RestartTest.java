package io.millrace.schedule;

import static io.millrace.schedule.Shop.BRONZE;
import static io.millrace.schedule.Shop.ORDERS;
import static io.millrace.schedule.Shop.REPORT;
import static io.millrace.schedule.Shop.SALES;
import static io.millrace.schedule.Shop.days;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.MetadataDatabase;
import io.millrace.core.TableName;
import io.millrace.project.Project;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a scheduler at every point at which something outside it changes. */
class RestartTest {

  private final Project project = Shop.withReport().project();

  @TempDir Path directory;

  /** What a killed process leaves behind. */
  private record Remains(String at, Path file, StandInWarehouse warehouse) {}

  @Test
  void whereverItIsKilledItComesToTheSameEnd() throws Exception {
    List<Remains> all = new ArrayList<>();
    String undisturbed;
    try (Stage stage = new Stage(directory.resolve("metadata.db"), project)) {
      stage.warehouse.brings(BRONZE, "a", days(1, 40));
      stage.warehouse.witnessedBy(
          call -> all.add(remains(call, directory.resolve(all.size() + ".db"), stage.warehouse)));
      stage.tickUntilQuiet();
      stage.warehouse.brings(BRONZE, "b", days(7, 9));
      stage.passes(Duration.ofMinutes(2));
      stage.tickUntilQuiet();
      undisturbed = end(stage);
    }
    assertThat(all).hasSizeGreaterThan(20);
    assertThat(undisturbed).contains("gold.report DONE").contains("ab");
    for (Remains remains : all) {
      try (Stage stage = new Stage(remains.file(), project, remains.warehouse())) {
        if (!remains.warehouse().head(BRONZE).containsValue("ab")) {
          remains.warehouse().brings(BRONZE, "b", days(7, 9));
        }
        stage.passes(Duration.ofMinutes(2));
        stage.tickUntilQuiet();
        stage.passes(Duration.ofMinutes(2));
        stage.tickUntilQuiet();
        assertThat(end(stage)).as("killed at " + remains.at()).isEqualTo(undisturbed);
        assertThat(stage.books.runs().recent(100))
            .noneMatch(run -> run.state() == Run.State.RUNNING);
      }
    }
  }

  @Test
  void whatWasRunningIsWantedAgainAndSaysWhy() {
    Path file = directory.resolve("metadata.db");
    try (Books books = Books.open(file, () -> Instant.EPOCH)) {
      books.ledger().want(ORDERS, days(1, 2), Warehouse.Extent.CHANGES, "asked for");
      books.ledger().started(ORDERS, days(1, 1), 1);
      books.ledger().recover();
      assertThat(books.ledger().entries(ORDERS).stream().map(Entry::why))
          .containsExactly("the run was cut off", "asked for");
      for (int i = 0; i < IntervalLedger.MAX_CUT_OFF; i++) {
        books.ledger().started(ORDERS, days(1, 1), 1);
        books.ledger().recover();
      }
      Entry poison = books.ledger().entries(ORDERS).get(0);
      assertThat(poison.state()).isEqualTo(Entry.State.FAILED);
      assertThat(poison.message()).isEqualTo("the process ended 5 times while it was built");
    }
  }

  private Remains remains(String call, Path copy, StandInWarehouse warehouse) {
    try (Connection connection = MetadataDatabase.open(directory.resolve("metadata.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("VACUUM INTO '" + copy + "'");
      return new Remains(call, copy, warehouse.copy());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String end(Stage stage) {
    StringBuilder end = new StringBuilder();
    for (TableName table : List.of(ORDERS, SALES, REPORT)) {
      SortedMap<String, String> states = new TreeMap<>();
      stage
          .books
          .ledger()
          .entries(table)
          .forEach(it -> states.put(it.interval().toString(), it.state().toString()));
      states.forEach((interval, state) -> end.append(table + " " + state + " " + interval + "\n"));
      end.append(stage.warehouse.head(table)).append('\n');
    }
    return end.append(stage.warehouse.released()).toString();
  }
}
