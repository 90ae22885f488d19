package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.TableName;
import io.millrace.lake.Schemas;
import io.millrace.project.ColumnRef;
import io.millrace.project.ColumnTracer.Use;
import io.millrace.project.Field;
import io.millrace.project.Lineage;
import io.millrace.project.Lineage.Direction;
import io.millrace.project.Lineage.Edge;
import io.millrace.project.Model;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.StreamContract;
import io.millrace.testkit.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lineage of the pack that ships, and of a small project. */
class LineageTest {

  @TempDir Path folder;

  @Test
  void everyModelOfThePackIsFollowedToTheEnd() {
    Path pack = Repository.here().root().resolve("packs/retail");
    try (DuckDbSqlReader reader = new DuckDbSqlReader()) {
      Project project = ProjectReader.load(pack, reader);
      Lineage lineage = Lineage.of(project, reader);
      for (Model model : project.models().values()) {
        assertThat(lineage.notes(model.name())).as("notes of %s", model.name()).isEmpty();
        assertThat(lineage.nextTables(model.name(), Direction.UPSTREAM).stream())
            .extracting(edge -> edge.from().table())
            .as("tables that %s reads", model.name())
            .containsExactlyInAnyOrderElementsOf(model.reads());
      }
    }
  }

  @Test
  void projectAndLakeAgreeOnTheColumnsOfStreams() {
    Project project = ProjectReader.load(Repository.here().root().resolve("packs/retail"));
    assertThat(project.streams()).isNotEmpty();
    for (StreamContract contract : project.streams().values()) {
      Map<TableName, List<String>> columns = new TreeMap<>();
      Schemas.tables(contract)
          .forEach(
              (table, fields) -> columns.put(table, fields.stream().map(Field::name).toList()));
      assertThat(contract.tables()).isEqualTo(columns);
    }
  }

  @Test
  void followsColumnsThroughModelsAndSeeds() throws IOException {
    write("millrace.yaml", "");
    write("seeds/silver/countries.csv", "Code,\"name\"\nde,Germany\n");
    write("models/silver/named.sql", "SELECT * FROM silver.countries WHERE code <> 'xx'");
    write(
        "models/gold/letters.sql",
        "SELECT upper(name) AS shout, count(*) AS n FROM silver.named GROUP BY ALL");
    try (DuckDbSqlReader reader = new DuckDbSqlReader()) {
      Lineage lineage = Lineage.of(ProjectReader.load(folder, reader), reader);

      assertThat(lineage.columns().get(TableName.parse("silver.named")))
          .containsExactly("code", "name");
      assertThat(lineage.into(ColumnRef.parse("gold.letters.shout")))
          .containsExactly(
              new Edge(
                  ColumnRef.parse("silver.named.name"),
                  ColumnRef.parse("gold.letters.shout"),
                  Use.DERIVED,
                  ""));
      assertThat(lineage.upstream(ColumnRef.parse("gold.letters.n")).columns())
          .contains(ColumnRef.parse("silver.countries.code"));
      assertThat(lineage.downstream(ColumnRef.parse("silver.countries.code")).columns())
          .contains(ColumnRef.parse("gold.letters.n"))
          .doesNotContain(ColumnRef.parse("gold.letters.shout"));
      assertThat(lineage.place(ColumnRef.parse("silver.countries.name")))
          .hasToString("seeds/silver/countries.csv:1");
    }
  }

  private void write(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
