package io.millrace.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.TableName;
import io.millrace.project.UnitTest.Given;
import io.millrace.project.UnitTest.Rows;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnitTestsTest {

  @TempDir Path folder;
  private ProjectDirectory directory;

  @BeforeEach
  void begin() {
    directory =
        ProjectDirectory.ofClicks(folder)
            .with("seeds/kinds.csv", "id\n1\n")
            .with("models/silver/a.sql", "SELECT 1 FROM bronze.clicks JOIN silver.kinds")
            .with("models/gold/b.sql", "SELECT 1 FROM silver.a");
  }

  @Test
  void readsRowsInEachFormatWithTheirTextAsWritten() {
    directory
        .with("tests/fixtures/many.csv", "id, note\n1, \n2, \"a, b\"\n")
        .with(
            "models/schema.yml",
            """
            unit_tests:
              - name: adds up
                model: a
                description: To the penny
                given:
                  - input: source('bronze', 'clicks')
                    rows:
                      - {id: 007, price: 1.10, note: null, empty: "", item: {qty: 1, name: "1"}}
                      - {id: 9007199254740993, tags: [a, ~, 2]}
                  - input: ref('kinds')
                    format: csv
                    fixture: many
                expect:
                  format: sql
                  rows: SELECT 1 AS id
            """);
    Map<String, Optional<String>> first = new LinkedHashMap<>();
    first.put("id", Optional.of("007"));
    first.put("price", Optional.of("1.10"));
    first.put("note", Optional.empty());
    first.put("empty", Optional.of(""));
    first.put("item", Optional.of("{\"qty\": 1, \"name\": \"1\"}"));
    assertThat(directory.loadWithSql().unitTests())
        .containsExactly(
            new UnitTest(
                "adds up",
                TableName.parse("silver.a"),
                "To the penny",
                List.of(
                    new Given(
                        TableName.bronze("clicks"),
                        new Rows.Listed(
                            List.of(
                                first,
                                Map.of(
                                    "id", Optional.of("9007199254740993"),
                                    "tags", Optional.of("[\"a\", null, 2]"))))),
                    new Given(
                        TableName.parse("silver.kinds"),
                        new Rows.Listed(
                            List.of(
                                Map.of("id", Optional.of("1"), "note", Optional.empty()),
                                Map.of("id", Optional.of("2"), "note", Optional.of("a, b")))))),
                new Rows.Select("SELECT 1 AS id"),
                Path.of("models/schema.yml"),
                2));
  }

  @Test
  void takesNoRowsForAnEmptyTable() {
    UnitTest test = read("given: [{input: silver.a, rows: []}]", "expect: {rows: []}");
    assertThat(test.given())
        .containsExactly(new Given(TableName.parse("silver.a"), new Rows.Listed(List.of())));
    assertThat(test.expect()).isEqualTo(new Rows.Listed(List.of()));
  }

  private UnitTest read(String... lines) {
    return written(lines).loadWithSql().unitTests().get(0);
  }

  private ProjectDirectory written(String... lines) {
    StringBuilder yaml = new StringBuilder("unit_tests:\n  - name: t\n    model: b\n");
    Arrays.stream(lines).forEach(line -> yaml.append("    ").append(line).append('\n'));
    return directory.with("models/schema.yml", yaml.toString());
  }

  @Test
  void saysWhatIsWrongWithTheRows() {
    assertThat(problem("expect: {}"))
        .isEqualTo("4: 'expect' has no rows; write rows: [], or the rows there are");
    assertThat(problem("expect: {rows: [1]}"))
        .isEqualTo("4: a single value stands where a row is expected; write it as {column: value}");
    assertThat(problem("expect: {rows: 'a,b'}"))
        .isEqualTo(
            "4: a single value stands where a list of rows is expected;"
                + " write - {column: value} lines, or say the format");
    assertThat(problem("expect: {rows: [], format: csv}"))
        .isEqualTo(
            "4: a list stands where the text of csv is expected; write it as a block: rows: |");
    assertThat(problem("expect: {rows: [], format: json}"))
        .isEqualTo("4: format 'json' is not known; use one of dict, csv, sql");
    assertThat(problem("expect:", "  format: csv", "  rows: |", "    a,b", "    1,2,3"))
        .isEqualTo("8: the row has 3 values for 2 columns; put values with commas in quotes");
    assertThat(problem("expect:", "  format: csv", "  rows: |", "    a,a", "    1,2"))
        .isEqualTo("7: column 'a' is named twice; name each column once");
    assertThat(problem("expect:", "  format: csv", "  rows: |", "    a", "", "    \"1"))
        .isEqualTo("9: a quoted value does not end; close it with \"");
    assertThat(problem("expect: {format: sql, rows: SELECT 1 FROM silver.a}"))
        .isEqualTo(
            "4: the rows are read from silver.a; write them out: SELECT 1 AS id UNION ALL SELECT 2");
  }

  @Test
  void saysWhichFixtureIsMeant() {
    directory.with("tests/fixtures/few.csv", "a\n1\n");
    assertThat(problem("expect: {fixture: fwe, format: csv}"))
        .isEqualTo("4: fixture 'fwe.csv' is not known; did you mean 'few.csv'?");
    assertThat(problem("expect: {fixture: ../../../etc/passwd, format: csv}"))
        .isEqualTo(
            "4: '../../../etc/passwd' is not a file of tests/fixtures;"
                + " write its name without folders");
    assertThat(problem("expect: {fixture: few}"))
        .isEqualTo("4: a fixture is no dict; write format: csv or format: sql");
    assertThat(problem("expect: {fixture: few.csv, format: sql}"))
        .isEqualTo("4: fixture 'few.csv' is not written as .sql; change format");
    assertThat(problem("expect: {fixture: few, format: csv, rows: a}"))
        .isEqualTo("4: 'expect' has both rows and a fixture; keep one of them");
  }

  @Test
  void saysWhichInputIsMeant() {
    String expect = "expect: {rows: []}";
    assertThat(problem(expect, "given: [{input: ref('aa'), rows: []}]"))
        .isEqualTo("5: model 'aa' is not known; did you mean 'a'?");
    assertThat(problem(expect, "given: [{input: this, rows: []}]"))
        .startsWith("5: table 'this' is not known; ");
    assertThat(problem(expect, "given: [{input: \"{{ ref('a') }}\", rows: []}]"))
        .isEqualTo("5: '{{ ref('a') }}' does not name a table; " + Tables.HOW);
    assertThat(problem(expect, "given: [{input: bronze.clicks, rows: []}]"))
        .isEqualTo("5: 'gold.b' does not read 'bronze.clicks'; it reads silver.a");
    assertThat(problem(expect, "given: [{input: a, rows: []}, {input: ref('a'), rows: []}]"))
        .isEqualTo("5: input 'silver.a' is given twice; put its rows together");
    assertThat(problem(expect, "overrides: {macros: {is_incremental: true}}"))
        .isEqualTo("5: key 'overrides' is not supported; give the rows that lead there");
  }

  private String problem(String... lines) {
    List<String> problems = written(lines).problemsWithSql();
    assertThat(problems).singleElement().asString().startsWith("models/schema.yml:");
    return problems.get(0).substring("models/schema.yml:".length());
  }

  @Test
  void saysWhichModelIsTestedAndThatNamesAreGivenOnce() {
    directory.with(
        "models/schema.yml",
        """
        unit_tests:
          - {name: t, model: kinds, expect: {rows: []}}
          - {name: t, model: c, expect: {rows: []}}
        """);
    assertThat(directory.problemsWithSql())
        .containsExactly(
            "models/schema.yml:2: 'silver.kinds' is a seed; test a model",
            "models/schema.yml:3: model 'c' is not known; did you mean 'a'?",
            "models/schema.yml:3: the test 't' was there before, in models/schema.yml:2;"
                + " give one of them another name");
  }
}
