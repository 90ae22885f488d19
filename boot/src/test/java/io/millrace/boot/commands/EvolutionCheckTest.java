package io.millrace.boot.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.boot.processes.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two versions of a project beside each other, as continuous integration judges them. */
class EvolutionCheckTest {

  private static final String CLICKS =
      """
      key: visitor
      event_id: id
      event_time: seen
      fields:
        id: {type: uuid, required: true}
        seen: {type: timestamp, required: true}
        visitor: string
        visits: {type: int, required: true}
        item: {type: struct, fields: {sku: string, price: "decimal(10,2)"}}
        lines: {type: list, element: {type: struct, fields: {sku: string}}}
      """;

  private final Captured captured = new Captured();

  @TempDir Path directory;

  @BeforeEach
  void twoVersions() throws IOException {
    for (String version : new String[] {"old", "new"}) {
      write(version + "/millrace.yaml", "name: shop\n");
      write(version + "/streams/clicks.yaml", CLICKS);
      write(
          version + "/models/silver/visits.sql",
          """
          SELECT
            id,
            seen,
            visitor AS who,
            visits,
            item,
            item.price * visits AS worth
          FROM bronze.clicks
          """);
      write(
          version + "/models/gold/visitors.sql",
          "SELECT who, sum(worth) AS worth, any_value(item.sku) AS sku\\nFROM silver.visits GROUP BY who\\n"
              .replace("\\n", "\n"));
      write(
          version + "/models/schema.yml",
          """
          version: 2
          models:
            - name: visits
              columns:
                - name: who
                  data_tests: [not_null]
                - name: visits
                  data_tests: [not_null]
          unit_tests:
            - name: one_visit
              model: visits
              given:
                - input: source('bronze', 'clicks')
                  rows: [{visitor: ann, visits: 1}]
              expect:
                rows: [{who: ann}]
          """);
      write(
          version + "/tests/nobody_is_lost.sql",
          "SELECT 1 FROM bronze.clicks JOIN silver.visits USING (id) WHERE visitor <> who\n");
      write(
          version + "/balances/visits.yaml",
          """
          description: Every visit of somebody known is somebody's
          unit: visits
          in:
            name: visits
            sql: SELECT sum(visits) FROM bronze.clicks WHERE visitor IS NOT NULL
          out:
            - name: counted
              sql: SELECT sum(visits) FROM silver.visits WHERE who IS NOT NULL
          """);
    }
  }

  private void write(String file, String text) throws IOException {
    Path path = directory.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private void change(String was, String is) throws IOException {
    write("new/streams/clicks.yaml", CLICKS.replace(was, is));
  }

  private int check() {
    return Millrace.commandLine(captured.terminal(), () -> new Installation(directory))
        .execute(
            "check",
            directory.resolve("new").toString(),
            "--against",
            directory.resolve("old").toString());
  }

  @Test
  void whatMayFollowIsFine() throws IOException {
    change("decimal(10,2)", "decimal(12,2)");

    assertThat(check()).isZero();
    assertThat(captured.out()).startsWith("shop has no mistakes (streams: 1, models: 2)\n");
  }

  @Test
  void everyoneWhoReadsAnOldNameIsNamed() throws IOException {
    change("  visitor: string", "  user: {type: string, aliases: [visitor]}");
    write(
        "new/streams/clicks.yaml",
        Files.readString(directory.resolve("new/streams/clicks.yaml"))
            .replace("key: visitor", "key: user"));

    assertThat(check()).isEqualTo(1);
    assertThat(captured.out())
        .isEqualTo(
            """
            models/silver/visits.sql:4: silver.visits.who reads bronze.clicks.visitor, which is called user now
            models/gold/visitors.sql:1: gold.visitors.who is made of silver.visits.who
            models/schema.yml:6: test not_null_visits_who reads silver.visits.who
            tests/nobody_is_lost.sql:1: test nobody_is_lost reads bronze.clicks.visitor, which is called user now
            balances/visits.yaml:5: balance visits reads bronze.clicks.visitor, which is called user now
            models/schema.yml:10: unit test one_visit gives bronze.clicks.visitor, which is called user now
            """);
  }

  @Test
  void aFieldInsideAStructIsFollowedThroughCopies() throws IOException {
    change("sku: string, price", "code: {type: string, aliases: [sku]}, price");

    assertThat(check()).isEqualTo(1);
    assertThat(captured.out())
        .isEqualTo(
            """
            models/gold/visitors.sql:1: gold.visitors.sku reads bronze.clicks.item.sku, which is called code now
            """);
  }

  @Test
  void aStarGivesWhatThereIsAndListsAreOnlyWarnedOf() throws IOException {
    write("new/models/silver/visits.sql", "SELECT *, visitor_id AS who FROM bronze.clicks\n");
    write("new/models/gold/visitors.sql", "SELECT visitor, lines FROM silver.visits\n");
    write("new/models/schema.yml", "version: 2\n");
    write("new/tests/nobody_is_lost.sql", "SELECT 1 FROM silver.visits WHERE who IS NULL\n");
    write(
        "new/streams/clicks.yaml",
        CLICKS
            .replace("key: visitor", "key: visitor_id")
            .replace("  visitor: string", "  visitor_id: {type: string, aliases: [visitor]}")
            .replace(
                "fields: {sku: string}}}", "fields: {code: {type: string, aliases: [sku]}}}}"));
    Files.delete(directory.resolve("new/balances/visits.yaml"));

    assertThat(check()).isEqualTo(1);
    assertThat(captured.out())
        .isEqualTo(
            """
            models/gold/visitors.sql:1: gold.visitors.visitor reads silver.visits.visitor, which is called visitor_id now
            warning: models/silver/visits.sql:1: silver.visits.lines reads bronze.clicks.lines, in which sku is called code now
            warning: models/gold/visitors.sql:1: gold.visitors.lines is made of silver.visits.lines
            """);
  }

  @Test
  void whatCannotFollowIsRefusedWithItsReadersAndAPlaceToGo() throws IOException {
    change("visits: {type: int", "visits: {type: double");

    assertThat(check()).isEqualTo(1);
    assertThat(captured.out())
        .isEqualTo(
            """
            streams/clicks.yaml:8: tables hold 'visits' as int, and such a column cannot become double
            models/silver/visits.sql:5: silver.visits.visits reads bronze.clicks.visits
            models/schema.yml:8: test not_null_visits_visits reads silver.visits.visits
            models/silver/visits.sql:7: silver.visits.worth reads bronze.clicks.visits
            models/gold/visitors.sql:1: gold.visitors.worth is made of silver.visits.worth
            balances/visits.yaml:5: balance visits reads bronze.clicks.visits
            models/schema.yml:10: unit test one_visit gives bronze.clicks.visits
            streams/clicks.yaml: leave it as it was accepted, and put the new contract beside it into streams/clicks@2.yaml
            """);
  }

  @Test
  void warnsOfTestsThatMayFailAndOfDeprecatedFields() throws IOException {
    change("visits: {type: int, required: true}", "visits: {type: int, deprecated: use item}");

    assertThat(check()).isZero();
    assertThat(captured.out())
        .isEqualTo(
            """
            warning: models/silver/visits.sql:5: silver.visits.visits reads bronze.clicks.visits, which is deprecated: use item
            warning: models/silver/visits.sql:7: silver.visits.worth reads bronze.clicks.visits, which is deprecated: use item
            warning: balances/visits.yaml:5: balance visits reads bronze.clicks.visits, which is deprecated: use item
            warning: models/schema.yml:10: unit test one_visit gives bronze.clicks.visits, which is deprecated: use item
            warning: models/schema.yml:8: test not_null_visits_visits may fail, because 'visits' of clicks may be null now
            shop has no mistakes (streams: 1, models: 2)
            An acknowledged event: process death, kept; power loss, the last seconds may be lost; disk loss, lost with the disk (durability: process)
            """);
  }
}
