package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.DataDirectory;
import io.millrace.lake.Lake;
import io.millrace.project.Model;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.testkit.Repository;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The models of the pack that ships, over the tables its contracts make. */
class RetailModelsTest {

  @TempDir Path folder;

  @Test
  void everyModelReadsTheTablesOfItsContracts() {
    DataDirectory data = new DataDirectory(folder);
    Project project;
    try (DuckDbSqlReader reader = new DuckDbSqlReader()) {
      project = ProjectReader.load(Repository.here().root().resolve("packs/retail"), reader);
    }
    try (Lake lake = Lake.open(data);
        DuckDbEngine engine =
            new DuckDbEngine(
                lake,
                data,
                project.models(),
                Limits.of(project.settings()),
                folder.resolve("tmp"))) {
      project.streams().values().forEach(lake::prepare);
      for (Model model : project.models().values()) {
        try (Rows rows = engine.query(Query.of("SELECT * FROM " + model.name()))) {
          assertThat(rows.columns()).as("%s", model.name()).hasSizeGreaterThan(1);
        }
      }
      assertThat(project.models()).isNotEmpty();
    }
  }
}
