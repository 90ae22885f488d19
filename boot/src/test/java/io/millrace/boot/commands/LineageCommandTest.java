package io.millrace.boot.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.boot.processes.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineageCommandTest {

  private final Captured captured = new Captured();

  @TempDir Path directory;

  @BeforeEach
  void project() throws IOException {
    write("millrace.yaml", "");
    write(
        "streams/sales.yaml",
        """
        description: What was sold
        owner: shop-team
        key: day
        event_id: {derived_from: [day, at]}
        event_time: at
        lateness: 10m
        partition: day(at)
        evolution: backward
        fields:
          at: {type: timestamp, required: true}
          day: {type: date, required: true}
          item: {type: struct, fields: {code: {type: string, pii: clear}, price: "decimal(12,2)"}}
          pieces: {type: int, required: true}
        """);
    write(
        "models/silver/sold.sql",
        """
        SELECT
          day,
          item.code AS code,
          item.price * pieces AS amount
        FROM bronze.sales
        WHERE pieces > 0
        """);
    write(
        "models/gold/daily.sql",
        "SELECT day, sum(amount) AS revenue\nFROM silver.sold\nGROUP BY day\n");
  }

  private void write(String file, String text) throws IOException {
    Path path = directory.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @Test
  void printsWhatAColumnIsMadeOf() {
    assertThat(run("gold.daily.revenue")).isZero();
    assertThat(captured.out())
        .isEqualTo(
            """
            gold.daily.revenue                     models/gold/daily.sql:1
              summary  silver.sold.amount          models/silver/sold.sql:4
                derived  bronze.sales.item.price   streams/sales.yaml:12
                derived  bronze.sales.pieces       streams/sales.yaml:13
                decides rows  bronze.sales.pieces  streams/sales.yaml:13
              decides rows  silver.sold.day        models/silver/sold.sql:2
                copy     bronze.sales.day          streams/sales.yaml:11
                decides rows  bronze.sales.pieces  streams/sales.yaml:13
            """);
  }

  @Test
  void printsWhatIsMadeOfAColumn() {
    assertThat(run("bronze.sales.pieces", "--downstream")).isZero();
    assertThat(captured.out())
        .isEqualTo(
            """
            bronze.sales.pieces                       streams/sales.yaml:13
              derived  silver.sold.amount             models/silver/sold.sql:4
                summary  gold.daily.revenue           models/gold/daily.sql:1
              decides rows  the rows of silver.sold   models/silver/sold.sql
                decides rows  the rows of gold.daily  models/gold/daily.sql
            """);
  }

  @Test
  void marksWhatTellsWhoSomebodyIs() {
    assertThat(run("silver.sold.code")).isZero();
    assertThat(captured.out())
        .isEqualTo(
            """
            silver.sold.code                     models/silver/sold.sql:3  pii
              copy     bronze.sales.item.code    streams/sales.yaml:12  pii
              decides rows  bronze.sales.pieces  streams/sales.yaml:13
            """);
  }

  @Test
  void printsWhatTablesATableReads() {
    assertThat(run("gold.daily")).isZero();
    assertThat(captured.out())
        .isEqualTo(
            """
            gold.daily        models/gold/daily.sql
              silver.sold     models/silver/sold.sql
                bronze.sales  streams/sales.yaml
            """);
  }

  @Test
  void listsColumnsAndEdgesForOtherPrograms() throws IOException {
    assertThat(run("silver.sold.code", "--json")).isZero();
    JsonNode document = new ObjectMapper().readTree(captured.out());
    assertThat(document.at("/columns/0").toString())
        .isEqualTo(
            "{\"table\":\"silver.sold\",\"column\":\"code\",\"file\":\"models/silver/sold.sql\",\"line\":3,\"pii\":true}");
    assertThat(document.at("/edges/0").toString())
        .isEqualTo(
            "{\"from\":\"bronze.sales.item\",\"to\":\"silver.sold.code\",\"use\":\"copy\",\"path\":\"code\"}");
  }

  @Test
  void namesTheColumnOrTableThatWasMeant() {
    assertThat(run("gold.daily.revenu")).isEqualTo(2);
    assertThat(run("gold.dayly")).isEqualTo(2);
    assertThat(captured.err())
        .isEqualTo(
            """
            Cannot find column 'revenu' in gold.daily: did you mean 'revenue'?
            Cannot find table 'gold.dayly': did you mean 'gold.daily'?
            """);
  }

  private int run(String... words) {
    String[] all = new String[words.length + 3];
    all[0] = "lineage";
    System.arraycopy(words, 0, all, 1, words.length);
    all[words.length + 1] = "--project";
    all[words.length + 2] = directory.toString();
    return Millrace.commandLine(captured.terminal(), () -> new Installation(directory))
        .execute(all);
  }
}
