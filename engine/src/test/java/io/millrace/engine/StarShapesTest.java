package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.TableName;
import io.millrace.project.DataVault;
import io.millrace.project.Lineage;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.Reshaped;
import io.millrace.project.Snowflake;
import io.millrace.project.Star;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small star with what is hard about stars, and the same rows in other shapes. */
class StarShapesTest {

  private static final String PROPERTIES =
      """
      models:
        - name: fct_trips
          data_tests: [{unique: {columns: [train, left_on]}}]
          columns:
            - {name: left_on, data_tests: [{relationships: {to: ref('dim_day'), field: day}}]}
            - {name: came_on, data_tests: [{relationships: {to: ref('dim_day'), field: day}}]}
            - {name: stop, data_tests: [{relationships: {to: ref('dim_stop'), field: stop}}]}
            - {name: fare_version, data_tests: [{relationships: {to: ref('dim_fare'), field: fare_version}}]}
        - name: dim_day
          columns:
            - name: day
              data_tests: [unique]
            - name: month
              data_tests: [{determines: {columns: [quarter, year]}}]
            - name: quarter
              data_tests: [{determines: {columns: [year]}}]
        - name: dim_stop
          columns:
            - name: stop
              data_tests: [unique]
            - name: town
              data_tests: [{determines: {columns: [county]}}]
        - name: dim_fare
          config: {materialized: snapshot, unique_key: fare, strategy: timestamp, updated_at: since}
          columns:
            - name: fare_version
              data_tests: [unique]
      """;

  @TempDir private Path folder;
  private Connection duckdb;

  @BeforeEach
  void makeStar() throws Exception {
    write("millrace.yaml", "name: trains\n");
    write("models/gold/schema.yml", PROPERTIES);
    write(
        "models/gold/fct_trips.sql",
        "SELECT 1 AS train, 1 AS left_on, 2 AS came_on, 3 AS stop, 4 AS seats, 5 AS \"order\", 6 AS fare_version");
    write("models/gold/dim_day.sql", "SELECT 1 AS day, 2 AS month, 3 AS quarter, 4 AS year");
    write("models/gold/dim_stop.sql", "SELECT 1 AS stop, 2 AS town, 3 AS county");
    write(
        "models/gold/dim_fare.sql",
        "SELECT 1 AS fare_version, 2 AS fare, 3 AS price, DATE '2026-01-01' AS since");
    duckdb = DriverManager.getConnection("jdbc:duckdb:");
    run("CREATE SCHEMA gold");
    run(
        "CREATE TABLE gold.dim_day AS SELECT day, day // 3 AS month, day // 9 AS quarter, day // 27 AS year FROM range(100) AS days (day)");
    run("CREATE TABLE gold.dim_stop (stop INTEGER, town VARCHAR, county VARCHAR)");
    // A town that nobody knows has a county, and a stop may have nothing.
    run(
        "INSERT INTO gold.dim_stop VALUES (1, 'Ware', 'Herts'), (2, 'Ware', 'Herts'), (3, NULL, 'Essex'), (4, NULL, 'Essex'), (5, 'Lost', NULL)");
    run(
        "CREATE TABLE gold.dim_fare AS SELECT * FROM (VALUES (11, 'adult', 2.00, DATE '2026-01-01', DATE '2026-01-01', DATE '2026-02-01'), (12, 'adult', 2.50, DATE '2026-02-01', DATE '2026-02-01', NULL), (21, 'child', 1.00, DATE '2026-01-01', DATE '2026-01-01', NULL)) AS fares (fare_version, fare, price, since, valid_from, valid_to)");
    run(
        "CREATE TABLE gold.fct_trips (train VARCHAR, left_on BIGINT, came_on BIGINT, stop INTEGER, seats INTEGER, \"order\" DECIMAL(9, 2), fare_version INTEGER)");
    run(
        "INSERT INTO gold.fct_trips VALUES ('a', 5, 6, 1, 9, 1.50, 11), ('a', 6, NULL, 2, NULL, 0, 12), ('b', 5, 5, NULL, 9, NULL, NULL), ('b|6', 6, 99, 3, 0, 0, 11)");
  }

  @AfterEach
  void close() throws SQLException {
    duckdb.close();
  }

  private void write(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = duckdb.createStatement()) {
      statement.execute(sql);
    }
  }

  private void run(Reshaped shape) throws SQLException {
    for (String statement : shape.statements()) {
      run(statement);
    }
  }

  private List<String> rows(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = duckdb.createStatement();
        ResultSet results = statement.executeQuery(sql)) {
      while (results.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= results.getMetaData().getColumnCount(); i++) {
          row.append(i == 1 ? "" : " ").append(results.getString(i));
        }
        rows.add(row.toString());
      }
    }
    return rows;
  }

  private Star star() {
    try (DuckDbSqlReader sql = new DuckDbSqlReader()) {
      Project project = ProjectReader.load(folder, sql);
      Lineage lineage = Lineage.of(project, sql);
      return Star.of(
          project, TableName.parse("gold.fct_trips"), table -> lineage.columns().get(table));
    }
  }

  private void assertIsTheStar(Reshaped shape) throws SQLException {
    for (Reshaped.Part view : shape.views()) {
      String theirs = "SELECT * FROM %s.%s".formatted(shape.mart(), view.name());
      String ours = "SELECT * FROM gold." + view.name();
      assertThat(
              rows(
                  "(%s EXCEPT ALL %s) UNION ALL (%s EXCEPT ALL %s)"
                      .formatted(ours, theirs, theirs, ours)))
          .as(view.name())
          .isEmpty();
      assertThat(rows("DESCRIBE " + theirs)).isEqualTo(rows("DESCRIBE " + ours));
    }
    assertThat(shape.views()).hasSize(4);
  }

  @Test
  void aStarIsReadOffItsTests() {
    Star star = star();

    assertThat(star.key()).containsExactly("train", "left_on");
    assertThat(star.arms())
        .extracting(arm -> arm.column() + " to " + arm.point().shortName())
        .containsExactly(
            "left_on to day", "came_on to day", "stop to stop", "fare_version to fare");
    assertThat(star.points())
        .extracting(point -> point.shortName() + " by " + point.businessKey())
        .containsExactly("day by [day]", "stop by [stop]", "fare by [fare]");
  }

  @Test
  void aSnowflakeSaysOnceWhatFollowsAndIsTheStarAgain() throws SQLException {
    Reshaped snowflake = Snowflake.of(star());
    run(snowflake);

    assertIsTheStar(snowflake);
    assertThat(rows("SELECT * FROM snowflake.dim_day_quarter ORDER BY ALL LIMIT 3"))
        .containsExactly("0 0", "1 0", "2 0");
    assertThat(rows("SELECT count(*) FROM snowflake.dim_day_month")).containsExactly("34");
    assertThat(rows("DESCRIBE snowflake.dim_day")).hasSize(2);
    assertThat(rows("SELECT * FROM snowflake.dim_stop_town ORDER BY ALL"))
        .containsExactly("Lost null", "Ware Herts", "null Essex");
  }

  @Test
  void aVaultIsTheStarAgainAndLoadingItAgainAddsNothing() throws SQLException {
    Reshaped vault = DataVault.of(star());
    run(vault);
    List<String> before = counts(vault);

    run(vault);

    assertIsTheStar(vault);
    assertThat(counts(vault)).isEqualTo(before);
    assertThat(before)
        .containsExactly(
            "hub_day 100",
            "sat_day 100",
            "hub_stop 5",
            "sat_stop 5",
            "hub_fare 2",
            "sat_fare 3",
            "link_trips 4",
            "sat_trips 4");
  }

  private List<String> counts(Reshaped shape) throws SQLException {
    List<String> counts = new ArrayList<>();
    for (Reshaped.Part table : shape.tables()) {
      counts.add(
          table.name()
              + " "
              + rows("SELECT count(*) FROM %s.%s".formatted(shape.schema(), table.name())).get(0));
    }
    return counts;
  }

  @Test
  void aVaultAddsWhatIsSaidAnewAndForgetsNothing() throws SQLException {
    Reshaped vault = DataVault.of(star());
    run(vault);
    run("UPDATE gold.dim_stop SET county = 'Kent' WHERE stop = 5");
    // A version ends, and another begins.
    run("UPDATE gold.dim_fare SET valid_to = DATE '2026-03-01' WHERE fare_version = 21");
    run(
        "INSERT INTO gold.dim_fare VALUES (22, 'child', 1.50, DATE '2026-03-01', DATE '2026-03-01', NULL)");
    run("UPDATE gold.fct_trips SET \"order\" = 2.50 WHERE train = 'a' AND left_on = 5");
    run("INSERT INTO gold.fct_trips VALUES ('c', 7, 7, 1, 1, 1, 21)");
    run(vault);

    assertIsTheStar(vault);
    assertThat(counts(vault))
        .containsExactly(
            "hub_day 100",
            "sat_day 100",
            "hub_stop 5",
            "sat_stop 6",
            "hub_fare 2",
            "sat_fare 5",
            "link_trips 5",
            "sat_trips 6");
    run("UPDATE gold.dim_stop SET county = NULL WHERE stop = 5");
    run(vault);

    assertIsTheStar(vault);
    assertThat(
            rows(
                "SELECT county FROM vault.hub_stop JOIN vault.sat_stop USING (stop_hk) WHERE stop = 5 ORDER BY sat_stop.load_date"))
        .as("said, unsaid, and said again")
        .containsExactly("null", "Kent", "null");
  }

  @Test
  void keysOfSeveralColumnsDoNotRunIntoEachOther() throws SQLException {
    run("DELETE FROM gold.fct_trips");
    run(
        "INSERT INTO gold.fct_trips VALUES ('a\"', 1, 1, 1, 1, 1, 11), ('a', 11, 1, 1, 1, 1, 11), ('a1', 1, 1, 1, 1, 1, 11)");
    Reshaped vault = DataVault.of(star());
    run(vault);

    assertThat(rows("SELECT count(DISTINCT trips_hk) FROM vault.link_trips")).containsExactly("3");
    assertIsTheStar(vault);
  }

  @Test
  void aTableWithoutArmsIsNoStar() throws IOException {
    write(
        "models/gold/schema.yml",
        PROPERTIES.replace("data_tests: [unique]", "data_tests: [not_null]"));

    assertThatThrownBy(this::star)
        .hasMessage(
            "Cannot find a star around 'gold.fct_trips': no relationships test leads from it to a unique key; add them to its columns in schema.yml");
  }

  @Test
  void aVaultNeedsToKnowWhichFactIsWhich() throws IOException {
    write(
        "models/gold/schema.yml",
        PROPERTIES.replace(
            "data_tests: [{unique: {columns: [train, left_on]}}]", "description: trips"));
    Star star = star();

    assertThatThrownBy(() -> DataVault.of(star))
        .hasMessage(
            "Cannot make a Data Vault of 'gold.fct_trips': no test says which row is which; add the test unique to its columns in schema.yml");
  }
}
