package io.millrace.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.TableName;
import io.millrace.project.DataTest.Severity;
import io.millrace.schedule.Warehouse.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A project written for dbt, read and built as it is. */
class DbtProjectTest {

  private static final Path PROJECT = Path.of("src/test/resources/dbt-tea-house");
  private static final TableName VISITS = TableName.parse("gold.visits");

  @TempDir Path folder;
  private SmallShop shop;

  @BeforeEach
  void copyTheProject() {
    try (Stream<Path> files = Files.walk(PROJECT)) {
      shop = new SmallShop(folder);
      files
          .filter(Files::isRegularFile)
          .forEach(file -> shop.write(PROJECT.relativize(file).toString(), text(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    shop.open();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void closeShop() {
    shop.close();
  }

  private void visit(String... more) {
    String file = "seeds/raw_visits.csv";
    shop.write(file, text(PROJECT.resolve(file)) + String.join("\n", more) + "\n");
  }

  private List<String> rows(String table) {
    return shop.rows("SELECT * FROM " + table);
  }

  @Test
  void buildsWhatTemplatesMake() {
    assertThat(shop.pass().values()).allMatch(Outcome.Published.class::isInstance);

    assertThat(rows("gold.visits"))
        .containsExactly(
            "[2, 1, 2026-03-01, 3.00, first]",
            "[3, 2, 2026-03-01, 3.50, first]",
            "[4, 2, 2026-03-02, 3.00, first]");
    assertThat(rows("gold.drinks"))
        .containsExactly("[1, 3.00, 0.00, 3.00]", "[2, 3.00, 3.50, 6.50]");
    assertThat(rows("gold.best_guests"))
        .containsExactly(
            "[1, Ada, 3.00, known, Dresden, duckdb, 1067, 2]",
            "[2, Ben, 6.50, known, Dresden, duckdb, 10115, 2]",
            "[3, Cleo, 0.00, new, Dresden, duckdb, 20095, 2]");
    assertThat(shop.pass()).isEmpty();
  }

  @Test
  void readsSeedsByTheTypesOfTheirColumns() {
    shop.pass();

    assertThat(shop.rows("SELECT postcode FROM silver.raw_guests"))
        .containsExactly("[01067]", "[10115]", "[20095]");
  }

  @Test
  void knowsWhatPropertiesFilesSay() {
    assertThat(shop.project.model(VISITS).description()).isEqualTo("Every visit that was *paid*.");
    assertThat(shop.project.model(VISITS).tags()).containsExactly("daily");
    assertThat(shop.project.model(TableName.parse("silver.stg_visits")).tags())
        .containsExactly("2026", "inner", "visits");
    assertThat(shop.project.tests())
        .extracting(test -> test.name() + " " + test.table() + " " + test.severity())
        .contains(
            "positive_visits_amount gold.visits ERROR",
            "no_large_amounts gold.visits " + Severity.WARN,
            "at_least_one_drinks gold.drinks ERROR",
            "positive_raw_visits_id silver.raw_visits ERROR",
            "relationships_visits_guest_id gold.visits ERROR",
            "money_is_kept gold.visits ERROR");
  }

  @Test
  void addsOnlyWhatIsNewToIncrementalModels() {
    shop.pass();
    visit("5,3,2026-03-02,tea,300", "6,1,2026-02-28,tea,300");
    shop.open();

    shop.pass();

    assertThat(rows("gold.visits"))
        .containsExactly(
            "[2, 1, 2026-03-01, 3.00, first]",
            "[3, 2, 2026-03-01, 3.50, first]",
            "[4, 2, 2026-03-02, 3.00, again]",
            "[5, 3, 2026-03-02, 3.00, again]");
    assertThat(rows("gold.log"))
        .containsExactly(
            "[2, 2026-03-01]", "[3, 2026-03-01]", "[4, 2026-03-02]", "[5, 2026-03-02]");
  }

  @Test
  void beginsIncrementalModelsAnewWhenTheyAreChanged() {
    shop.pass();
    shop.write(
        "models/marts/log.sql",
        """
        {{ config(materialized='incremental', incremental_strategy='append') }}
        select visit_id from {{ ref('stg_visits') }}
        {% if is_incremental() %} where false {% endif %}
        """);
    shop.open();

    shop.pass();

    assertThat(rows("gold.log")).containsExactly("[2]", "[3]", "[4]");
  }

  @Test
  void notesInSnapshotsWhatHasChangedSinceTheRunBefore() {
    shop.pass();
    shop.write(
        "seeds/raw_guests.csv",
        """
        id,name,postcode,changed_at
        1,Ada,04109,2026-03-05 09:00:00
        2,Ben,10115,2026-03-01 08:00:00
        4,Dan,01067,2026-03-05 10:00:00
        """);
    shop.open();

    shop.pass();

    String versions =
        "SELECT id, postcode, dbt_valid_from, CASE WHEN id = 3 THEN dbt_valid_to IS NOT NULL ELSE dbt_valid_to = TIMESTAMP '2026-03-05 09:00:00' END AS ended FROM silver.guests_seen";
    assertThat(shop.rows(versions))
        .containsExactly(
            "[1, 01067, 2026-03-01T08:00, true]",
            "[1, 04109, 2026-03-05T09:00, null]",
            "[2, 10115, 2026-03-01T08:00, null]",
            "[3, 20095, 2026-03-01T08:00, true]",
            "[4, 01067, 2026-03-05T10:00, null]");
    assertThat(shop.rows("SELECT count(DISTINCT dbt_scd_id) FROM silver.guests_seen"))
        .containsExactly("[5]");
  }

  @Test
  void keepsSnapshotsWhenTheyAreChanged() {
    shop.pass();
    String file = "snapshots/guests_seen.sql";
    shop.write(file, text(PROJECT.resolve(file)).replace("id, name,", "id, upper(name) as name,"));
    shop.write(
        "seeds/raw_guests.csv", "id,name,postcode,changed_at\n2,Ben,10117,2026-03-06 08:00:00\n");
    shop.open();

    shop.pass();

    assertThat(shop.rows("SELECT name, postcode FROM silver.guests_seen"))
        .containsExactly("[Ada, 01067]", "[BEN, 10117]", "[Ben, 10115]", "[Cleo, 20095]");
  }

  @Test
  void comparesAllColumnsAndNotesDeletions() {
    shop.pass();
    shop.write(
        "seeds/raw_visits.csv",
        """
        id,guest_id,day,drink,cents
        2,1,2026-03-01,water,300
        3,2,2026-03-01,coffee,350
        4,2,2026-03-02,tea,300
        """);
    shop.open();
    shop.pass();

    String versions =
        "SELECT id, drink, dbt_valid_to IS NULL AS current, dbt_is_deleted FROM silver.visits_seen WHERE id < 3";
    assertThat(shop.rows(versions))
        .containsExactly(
            "[1, tea, false, False]",
            "[1, tea, true, True]",
            "[2, tea, false, False]",
            "[2, water, true, False]");

    visit("9,1,2026-03-03,tea,300");
    shop.open();
    shop.pass();

    assertThat(shop.rows(versions + " AND id = 1"))
        .containsExactly(
            "[1, tea, false, False]", "[1, tea, false, True]", "[1, tea, true, False]");
  }

  @Test
  void refusesWhatATestOfAMacroFinds() {
    shop.pass();
    visit("7,1,2026-03-09,tea,50");
    shop.open();

    Outcome outcome = shop.pass().get(VISITS);

    assertThat(((Outcome.Refused) outcome).why())
        .anySatisfy(
            why ->
                assertThat(why)
                    .startsWith("positive_visits_amount: 1 rows are wrong, such as {amount=0.50}")
                    .endsWith("(models/marts/schema.yml:20)"));
    assertThat(shop.rows("SELECT count(*) FROM gold.visits")).containsExactly("[3]");
  }
}
