package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.DataDirectory;
import io.millrace.core.Row;
import io.millrace.core.TableName;
import io.millrace.core.ValueRow;
import io.millrace.lake.Lake;
import io.millrace.lake.Schemas;
import io.millrace.lake.TableWriter;
import io.millrace.project.Model;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.Settings;
import io.millrace.project.StreamContract;
import io.millrace.testkit.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A contract that could not follow, beside the first, and the view of the guide that unites them.
 */
class UnitedVersionsTest {

  private static final String CONTRACT =
      """
      key: event_id
      event_id: event_id
      event_time: event_time
      fields:
        event_id: {type: uuid, required: true}
        event_time: {type: timestamp, required: true}
      """;

  @TempDir Path folder;

  @Test
  void theViewOfTheGuideReadsBoth() throws IOException {
    write("millrace.yaml", "");
    write("streams/clicks.yaml", CONTRACT + "  visitor: string\n  amount: \"decimal(9,2)\"\n");
    write("streams/clicks@2.yaml", CONTRACT + "  user_id: string\n  amount: double\n");
    write("models/silver/clicks.sql", viewOfTheGuide());
    DataDirectory data = new DataDirectory(folder.resolve("data"));
    List<List<Object>> rows = new ArrayList<>();
    try (Lake lake = Lake.open(data);
        DuckDbSqlReader reader = new DuckDbSqlReader()) {
      Project project = ProjectReader.load(folder, reader);
      project.streams().values().forEach(lake::prepare);
      append(lake, project.contract("clicks"), ValueRow.utf8("ann"), 1050L);
      append(lake, project.contract("clicks@2"), ValueRow.utf8("bob"), 0.125);
      assertThat(project.model(new TableName("silver", "clicks")))
          .extracting(Model::reads)
          .hasToString("[bronze.clicks, bronze.clicks_v2]");
      try (DuckDbEngine engine =
              new DuckDbEngine(
                  lake,
                  data,
                  project.models(),
                  Limits.of(Settings.DEFAULTS),
                  folder.resolve("tmp"));
          Rows found =
              engine.query(Query.of("SELECT user_id, amount FROM silver.clicks ORDER BY 1"))) {
        while (found.next()) {
          rows.add(found.values());
        }
      }
    }

    assertThat(rows).containsExactly(List.of("ann", 10.5), List.of("bob", 0.125));
  }

  @Test
  void theStreamHasNamesThatKafkaAndSqlTake() throws IOException {
    write("millrace.yaml", "");
    write("streams/clicks@2.yaml", CONTRACT);
    StreamContract contract = ProjectReader.load(folder).contract("clicks@2");

    assertThat(contract.topic()).isEqualTo("clicks.v2");
    assertThat(contract.rejectedTopic()).isEqualTo("clicks.v2.rejected");
    assertThat(contract.tables().keySet())
        .extracting(TableName::toString)
        .containsExactly(
            "bronze.clicks_v2",
            "quarantine.clicks_v2_late",
            "quarantine.clicks_v2_rejected",
            "quarantine.clicks_v2_repeated");
    assertThat(contract.next()).isEqualTo("clicks@3");
  }

  private static String viewOfTheGuide() throws IOException {
    Path guide = Repository.here().root().resolve("docs/guide/evolution.md");
    return Files.readString(guide)
        .lines()
        .dropWhile(line -> !line.startsWith("    -- models/silver/clicks.sql"))
        .takeWhile(line -> line.startsWith("    "))
        .map(String::strip)
        .collect(Collectors.joining("\n"));
  }

  private static void append(Lake lake, StreamContract contract, Object... values) {
    Table table = lake.load(contract.bronze());
    List<Object> all = new ArrayList<>(List.of(new byte[16], 0L));
    all.addAll(List.of(values));
    all.addAll(List.of(0L, 0L, 1L));
    Row row = ValueRow.of(all.toArray());
    AppendFiles append = table.newAppend();
    try (TableWriter writer = new TableWriter(table, Schemas.bronze(contract))) {
      writer.write(row);
      writer.complete().forEach(append::appendFile);
    }
    append.commit();
  }

  private void write(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
