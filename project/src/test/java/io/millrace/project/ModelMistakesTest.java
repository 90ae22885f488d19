package io.millrace.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.TableName;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelMistakesTest {

  @TempDir Path folder;
  private ProjectDirectory directory;

  @BeforeEach
  void begin() {
    directory = ProjectDirectory.ofClicks(folder);
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
    assertThat(directory.problems(ProjectDirectory::sql)).isEmpty();
  }

  @Test
  void asksForTheNearestTable() {
    directory
        .with("models/silver/a.sql", "SELECT *\nFROM bronze.clciks\nJOIN clicks")
        .with("models/gold/b.sql", "SELECT * FROM silver.aa");
    assertThat(directory.problems(ProjectDirectory::sql))
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
    assertThat(directory.problems(ProjectDirectory::sql))
        .containsExactly(
            "streams/clicks.yaml:13: type 'strng' is not known; did you mean 'string'?");
  }

  @Test
  void passesOnWhatTheReaderRefuses() {
    directory.with("models/silver/a.sql", "-- A table.\nDROP TABLE bronze.clicks");
    assertThat(directory.problems(ProjectDirectory::sql))
        .containsExactly("models/silver/a.sql:2: this is no SELECT; write one SELECT");
  }

  @Test
  void saysWhatToWriteInPlaceOfJinja() {
    directory.with("models/silver/a.sql", "DROP this; SELECT 1 FROM {{ ref('b') }}");
    assertThat(directory.problemsWithSql())
        .containsExactly(
            "models/silver/a.sql:1: the SQL has Jinja, which is not read;"
                + " name tables as layer.name, such as silver.orders");
  }

  @Test
  void drawsTheCircleInWhichModelsReadEachOther() {
    directory
        .with("models/gold/a.sql", "SELECT * FROM gold.b")
        .with("models/gold/b.sql", "SELECT * FROM gold.c")
        .with("models/gold/c.sql", "SELECT * FROM gold.b")
        .with("models/gold/d.sql", "SELECT * FROM gold.d");
    assertThat(directory.problems(ProjectDirectory::sql))
        .containsExactly(
            "models/gold/b.sql: models read each other in a circle: gold.b -> gold.c -> gold.b;"
                + " take one of these references out",
            "models/gold/d.sql: models read each other in a circle: gold.d -> gold.d;"
                + " take one of these references out");
  }

  /** A test of a model, which is a table, and others that are tables too. */
  private static String tested(String model, String to, String... tables) {
    return """
        models:
          - name: %s
            config: {materialized: table}
            columns:
              - name: id
                tests:
                  - relationships: {to: ref('%s'), field: id}
        """
            .formatted(model, to)
        + Stream.of(tables)
            .map("  - {name: %s, config: {materialized: table}}\n"::formatted)
            .collect(Collectors.joining());
  }

  @Test
  void ordersModelsAfterThoseTheirTestsRead() {
    directory
        .with("models/gold/a.sql", "SELECT * FROM bronze.clicks")
        .with("models/gold/b.sql", "SELECT * FROM silver.c")
        .with("models/silver/c.sql", "SELECT * FROM bronze.clicks")
        .with("models/schema.yml", tested("a", "b", "b"));
    assertThat(directory.loadWithSql().modelsInOrder())
        .extracting(model -> model.name().toString())
        .containsExactly("silver.c", "gold.b", "gold.a");
  }

  @Test
  void aTestReadsNothingThatIsBuiltAfterItsModel() {
    directory
        .with("models/silver/a.sql", "SELECT * FROM bronze.clicks")
        .with("models/silver/b.sql", "SELECT * FROM silver.a")
        .with("models/gold/c.sql", "SELECT * FROM silver.b")
        .with("models/schema.yml", tested("a", "c", "b", "c"))
        .with("tests/as_many.sql", "-- test of: silver.b\nSELECT * FROM silver.b JOIN silver.a");
    assertThat(directory.problemsWithSql())
        .containsExactly(
            "models/schema.yml:7: the test 'relationships_a_id' reads gold.c, which is built after"
                + " silver.a: gold.c -> silver.b -> silver.a; make it a test of gold.c, in a file of tests/");
  }

  @Test
  void aTestMayReadItsModelThroughAView() {
    directory
        .with("models/silver/a.sql", "SELECT * FROM bronze.clicks")
        .with("models/gold/seen.sql", "SELECT * FROM silver.a")
        .with("models/schema.yml", tested("a", "seen"));
    assertThat(directory.problemsWithSql()).isEmpty();
  }

  @Test
  void ordersModelsAfterThoseTheyRead() {
    directory
        .with("models/gold/a.sql", "SELECT * FROM gold.c JOIN silver.z")
        .with("models/gold/b.sql", "SELECT * FROM silver.z")
        .with("models/gold/c.sql", "SELECT * FROM bronze.clicks")
        .with("models/silver/z.sql", "SELECT * FROM bronze.clicks");
    assertThat(ProjectReader.load(folder, ProjectDirectory::sql).modelsInOrder())
        .extracting(model -> model.name().toString())
        .containsExactly("gold.c", "silver.z", "gold.a", "gold.b");
  }

  @Test
  void remembersWhatAModelReads() {
    directory.with("models/silver/z.sql", "SELECT * FROM bronze.clicks");
    assertThat(
            ProjectReader.load(folder, ProjectDirectory::sql)
                .models()
                .get(TableName.parse("silver.z"))
                .reads())
        .containsExactly(TableName.bronze("clicks"));
  }
}
