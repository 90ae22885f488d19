package io.millrace.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.TableName;
import io.millrace.project.SqlReader.Reference;
import io.millrace.project.SqlReader.Sql;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelMistakesTest {

  @TempDir Path folder;
  private ProjectDirectory directory;

  @BeforeEach
  void begin() {
    directory =
        new ProjectDirectory(folder)
            .with("millrace.yaml", "")
            .with("streams/clicks.yaml", ProjectDirectory.CLICKS);
  }

  @Test
  void knowsTheTablesOfStreamsModelsAndOperations() {
    directory
        .with("models/gold/a.sql", "SELECT * FROM silver.b\nJOIN ops.commits JOIN ops.acknowledged")
        .with(
            "models/silver/b.sql",
            """
            SELECT *
            FROM Bronze.Clicks
            JOIN quarantine.clicks_rejected
            JOIN quarantine.clicks_repeated
            JOIN quarantine.clicks_late
            """);
    assertThat(directory.problems(ModelMistakesTest::read)).isEmpty();
  }

  @Test
  void asksForTheNearestTable() {
    directory
        .with("models/silver/a.sql", "SELECT *\nFROM bronze.clciks\nJOIN clicks")
        .with("models/gold/b.sql", "SELECT * FROM silver.aa");
    assertThat(directory.problems(ModelMistakesTest::read))
        .containsExactly(
            "models/gold/b.sql:1: table 'silver.aa' is not known; did you mean 'silver.a'?",
            "models/silver/a.sql:2: table 'bronze.clciks' is not known;"
                + " did you mean 'bronze.clicks'?",
            "models/silver/a.sql:3: table 'clicks' is not known;"
                + " write it with its layer: bronze.clicks");
  }

  @Test
  void knowsTheTablesOfAStreamWhoseContractHasMistakes() {
    directory
        .with("streams/clicks.yaml", ProjectDirectory.clicks("user_id: string", "user_id: strng"))
        .with("models/silver/a.sql", "SELECT * FROM bronze.clicks");
    assertThat(directory.problems(ModelMistakesTest::read))
        .containsExactly(
            "streams/clicks.yaml:13: type 'strng' is not known; did you mean 'string'?");
  }

  @Test
  void passesOnWhatTheReaderRefuses() {
    directory.with("models/silver/a.sql", "-- A table.\nDROP TABLE bronze.clicks");
    assertThat(directory.problems(ModelMistakesTest::read))
        .containsExactly("models/silver/a.sql:2: this is no SELECT; write one SELECT");
  }

  @Test
  void drawsTheCircleInWhichModelsReadEachOther() {
    directory
        .with("models/gold/a.sql", "SELECT * FROM gold.b")
        .with("models/gold/b.sql", "SELECT * FROM gold.c")
        .with("models/gold/c.sql", "SELECT * FROM gold.b")
        .with("models/gold/d.sql", "SELECT * FROM gold.d");
    assertThat(directory.problems(ModelMistakesTest::read))
        .containsExactly(
            "models/gold/b.sql: models read each other in a circle: gold.b -> gold.c -> gold.b;"
                + " take one of these references out",
            "models/gold/d.sql: models read each other in a circle: gold.d -> gold.d;"
                + " take one of these references out");
  }

  @Test
  void ordersModelsAfterThoseTheyRead() {
    directory
        .with("models/gold/a.sql", "SELECT * FROM gold.c JOIN silver.z")
        .with("models/gold/b.sql", "SELECT * FROM silver.z")
        .with("models/gold/c.sql", "SELECT * FROM bronze.clicks")
        .with("models/silver/z.sql", "SELECT * FROM bronze.clicks");
    assertThat(ProjectReader.load(folder, ModelMistakesTest::read).modelsInOrder())
        .extracting(model -> model.name().toString())
        .containsExactly("gold.c", "silver.z", "gold.a", "gold.b");
  }

  @Test
  void remembersWhatAModelReads() {
    directory.with("models/silver/z.sql", "SELECT * FROM bronze.clicks");
    assertThat(
            ProjectReader.load(folder, ModelMistakesTest::read)
                .models()
                .get(TableName.parse("silver.z"))
                .reads())
        .containsExactly(TableName.bronze("clicks"));
  }

  /** Enough of a reader for these tests: what follows FROM and JOIN is a table. */
  private static Sql read(String text) {
    List<String> lines = text.lines().toList();
    List<Reference> references = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("DROP")) {
        return new Sql.Refused(i + 1, "this is no SELECT", "write one SELECT");
      }
      Matcher matcher = Pattern.compile("(?:FROM|JOIN) ([A-Za-z_.]+)").matcher(lines.get(i));
      while (matcher.find()) {
        references.add(new Reference(matcher.group(1), i + 1));
      }
    }
    return new Sql.Select(references);
  }
}
