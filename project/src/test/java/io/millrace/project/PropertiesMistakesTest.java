package io.millrace.project;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PropertiesMistakesTest {

  private static final String MICROBATCH =
      "materialized: incremental, incremental_strategy: microbatch, event_time: day,"
          + " batch_size: day";

  @TempDir Path folder;
  private ProjectDirectory directory;

  @BeforeEach
  void begin() {
    directory =
        ProjectDirectory.ofClicks(folder)
            .with("seeds/kinds.csv", "id\n1\n")
            .with("models/silver/visits.sql", "SELECT 1 FROM bronze.clicks")
            .with("models/gold/daily.sql", "SELECT 1 FROM silver.visits JOIN silver.kinds");
  }

  @ParameterizedTest
  @ValueSource(strings = {"meta: {pii: mask}", "config: {meta: {pii: mask}}"})
  void saysThatAColumnIsPersonalInWordsThatThereAre(String meta) {
    assertThat(
            problems("models:\n  - name: daily\n    columns:\n      - name: who\n        " + meta))
        .containsExactly(
            "models/schema.yml:5: word 'mask' is not known; use one of pseudonym, clear, none");
  }

  @ParameterizedTest
  @MethodSource("configs")
  void saysWhatIsWrongWithAConfig(String config, String problem) {
    assertThat(problems("models:\n  - name: daily\n    config: {" + config + "}\n"))
        .containsExactly("models/schema.yml:" + problem);
  }

  static Stream<Arguments> configs() {
    return Stream.of(words(), strategies(), schedules(), inputs()).flatMap(List::stream);
  }

  private static List<Arguments> words() {
    return List.of(
        arguments(
            "materialised: table",
            "3: key 'materialised' is not known; did you mean 'materialized'?"),
        arguments(
            "materialized: ephemeral",
            "3: materialization 'ephemeral' is not known;"
                + " use one of view, table, incremental, materialized_view, snapshot, scd1, scd3"),
        arguments(
            "enabled: false",
            "3: key 'enabled' is not supported; move the file out of the folder to disable it"),
        arguments(
            "event_time: 'day; DROP'",
            "3: 'day; DROP' is not a column; write its name: letters, digits and '_'"),
        arguments("tags: [a b]", "3: 'a b' is not a tag; write letters, digits, '_', '.' and '-'"),
        arguments("owner:", "3: key 'owner' has no value; write one, or take the key out"));
  }

  private static List<Arguments> strategies() {
    return List.of(
        arguments(
            "unique_key: id",
            "3: key 'unique_key' means nothing for a view; take it out, or change materialized"),
        arguments(
            "schedule: manual",
            "3: key 'schedule' means nothing for a view; take it out, or change materialized"),
        arguments(
            "materialized: table, incremental_strategy: merge",
            "3: key 'incremental_strategy' means nothing for a table;"
                + " take it out, or change materialized"),
        arguments(
            "materialized: incremental, incremental_strategy: append, unique_key: id,"
                + " inputs: {visits: new_rows}",
            "3: key 'unique_key' means nothing for an incremental model that appends;"
                + " take it out, or change incremental_strategy"),
        arguments(
            "materialized: incremental, incremental_strategy: merge",
            "3: an incremental model that merges needs the key 'unique_key'; add it: Columns that"
                + " name a row, for `merge` and `delete+insert`; what a history is of, for"
                + " `snapshot`, `scd1` and `scd3`; of a materialized view those it"
                + " groups by, if they are not to be found out."),
        arguments(
            "materialized: snapshot, unique_key: id, updated_at: at",
            "3: a snapshot needs the key 'strategy'; add it: When a `snapshot` begins another"
                + " version: with each other `updated_at`, or when one of `check_cols` has become"
                + " another."),
        arguments(
            "materialized: snapshot, unique_key: id, strategy: timestamp, taken_at: day",
            "3: strategy timestamp needs the key 'updated_at'; add it: Of `snapshot`, `scd1` and"
                + " `scd3`, the column that says since when a row is so."),
        arguments(
            "materialized: snapshot, unique_key: id, strategy: check, check_cols: all,"
                + " taken_at: day, updated_at: at",
            "3: key 'updated_at' means nothing for strategy check of full snapshots; take it out;"
                + " a row is so since the first snapshot that says it"),
        arguments(
            "materialized: snapshot, unique_key: id, strategy: timestamp, updated_at: at,"
                + " check_cols: [a]",
            "3: key 'check_cols' means nothing for strategy timestamp; take it out"),
        arguments(
            "materialized: scd1, unique_key: id, updated_at: at, hard_deletes: invalidate",
            "3: nothing tells that a key was deleted; name the column that does with the key"
                + " 'deleted', or the times of full snapshots with 'taken_at'"),
        arguments(
            "materialized: scd1, unique_key: id, updated_at: at, deleted: gone",
            "3: key 'deleted' means nothing for hard_deletes 'ignore'; write hard_deletes:"
                + " invalidate, or new_record"),
        arguments(
            "materialized: scd1, unique_key: id, taken_at: day, deleted: gone",
            "3: key 'deleted' means nothing for full snapshots; take it out; a key that a snapshot"
                + " lacks was deleted"),
        arguments(
            "materialized: scd1, unique_key: id, taken_at: day, inferred: guess",
            "3: key 'inferred' means nothing for full snapshots, which have all keys; take it out"),
        arguments(
            "materialized: table, surrogate_key: visit_key",
            "3: key 'surrogate_key' means nothing for a table; take it out, or change"
                + " materialized"),
        arguments(
            "materialized: scd3, unique_key: id, updated_at: at",
            "3: a dimension of kind scd3 needs the key 'previous'; add it: Columns of which `scd3`"
                + " keeps the value before, as `previous_<column>`."),
        arguments(
            "materialized: scd1, unique_key: id, updated_at: at, recorded_at: received",
            "3: key 'recorded_at' means nothing for a dimension of kind scd1; take it out, or"
                + " change materialized"),
        arguments(
            "materialized: incremental, incremental_strategy: microbatch, batch_size: day",
            "3: an incremental model with microbatch needs the key 'event_time'; add it: The"
                + " column, a date or a timestamp, that says when a row happened; for"
                + " `microbatch`, of which interval it is."),
        arguments(
            "materialized: incremental, incremental_strategy: microbatch, event_time: day",
            "3: an incremental model with microbatch needs the key 'batch_size'; add it: The"
                + " intervals that `microbatch` builds by."),
        arguments(
            MICROBATCH.replace("batch_size: day", "batch_size: hour") + ", time_zone: Asia/Tokyo",
            "3: hours cannot be cut by the zone 'Asia/Tokyo';"
                + " take time_zone out, or use batch_size: day"),
        arguments(
            MICROBATCH + ", begin: 2025-02-30",
            "3: '2025-02-30' is not a day; write it as 2026-01-31"),
        arguments(
            MICROBATCH + ", time_zone: Europe/Londn",
            "3: zone 'Europe/Londn' is not known; did you mean 'Europe/London'?"));
  }

  private static List<Arguments> schedules() {
    String table = "materialized: table, ";
    return List.of(
        arguments(
            table + "schedule: 0 5 * *",
            "3: '0 5 * *' is not a schedule;"
                + " write on_change, manual, or cron's five fields, such as '0 5 * * *'"),
        arguments(
            table + "schedule: manual, every: 1m",
            "3: key 'every' means nothing for schedule 'manual'; take it out"),
        arguments(
            table + "catch_up: true",
            "3: key 'catch_up' means nothing for schedule 'on_change'; take it out"),
        arguments(
            table + "time_zone: Asia/Tokyo",
            "3: key 'time_zone' means nothing for a table without a cron schedule; take it out"),
        arguments(
            table + "depends_on_past: true",
            "3: key 'depends_on_past' means nothing for a table;"
                + " take it out, or change materialized"),
        arguments(table + "retries: 1000", "3: '1000' is too large; use at most 100"));
  }

  private static List<Arguments> inputs() {
    return List.of(
        arguments(
            "materialized: incremental",
            "3: 'gold.daily' is made of new rows, but of which of its inputs (silver.kinds, silver.visits) is not said; write inputs: {layer.name: new_rows}"),
        arguments(
            "materialized: table, inputs: {bronze.clicks: lookup}",
            "3: 'gold.daily' does not read 'bronze.clicks'; it reads silver.kinds, silver.visits"),
        arguments(
            "materialized: table, inputs: {visit: lookup}",
            "3: table 'visit' is not known; did you mean 'visits'?"),
        arguments(
            "materialized: table, inputs: {visits: lookup, silver.visits: whole}",
            "3: input 'silver.visits' is named twice; name it once"),
        arguments(
            "materialized: table, inputs: {visits: new_rows}",
            "3: input 'silver.visits' can be read by new rows only by append, merge and"
                + " delete+insert; use whole or lookup"),
        arguments(
            "materialized: incremental, inputs: {visits: interval}",
            "3: input 'silver.visits' can be read by interval only by microbatch;"
                + " use new_rows, whole or lookup"),
        arguments(
            MICROBATCH + ", inputs: {visits: interval}",
            "3: input 'silver.visits' has no event_time to be read by interval;"
                + " use whole or lookup"),
        arguments(
            MICROBATCH,
            "3: 'gold.daily' is built by interval, but none of its inputs is read so;"
                + " write the event_time of an input, or use another incremental_strategy"));
  }

  @ParameterizedTest
  @MethodSource("tests")
  void saysWhatIsWrongWithATest(String tests, String problem) {
    assertThat(problems("models:\n  - name: daily\n" + tests.indent(4)))
        .containsExactly("models/schema.yml:" + problem);
  }

  static List<Arguments> tests() {
    return List.of(
        arguments(
            "columns: [{name: id, tests: [uniqe]}]",
            "3: test 'uniqe' is not known; did you mean 'unique'?"),
        arguments(
            "columns: [{name: id, tests: [{row_count: {min: 1}}]}]",
            "3: test 'row_count' has no place here; write it under the data_tests of the model"),
        arguments(
            "tests: [not_null]",
            "3: test 'not_null' has no place here; write it under the data_tests of a column"),
        arguments(
            "tests:\n  - unique:\n    columns: [a]",
            "4: a mapping stands where a test is expected;"
                + " write its name, and its arguments indented below the name"),
        arguments(
            "tests: [unique]",
            "3: key 'columns' is missing; add it: Columns whose values together are unique."),
        arguments("tests: [row_count]", "3: row_count has no bound; write min, max or both"),
        arguments(
            "tests: [{row_count: {min: 2, max: 1}}]", "3: min 2 is more than max 1; swap them"),
        arguments(
            "tests: [{freshness: {max_age: 1d}}]",
            "3: freshness of 'gold.daily' has no column to look at;"
                + " write column, or the model's event_time"),
        arguments(
            "tests:\n  - row_count:\n      min: 1\n      severity: warn\n      config: {severity: error}",
            "7: key 'severity' was given before, on line 6; keep one of them"),
        arguments(
            "tests: [{row_count: {min: 1, config: {warn_if: '> 5'}}}]",
            "3: key 'warn_if' is not supported;"
                + " write severity: warn, or a test in tests/ that says what is wrong"),
        arguments(
            "tests: [{row_count: {min: 1, where: 1 IN (SELECT 1 FROM silver.vists)}}]",
            "3: table 'silver.vists' is not known; did you mean 'silver.visits'?"),
        arguments(
            "columns:\n  - name: id\n    tests: [{relationships: {to: ref('knds'), field: id}}]",
            "5: model 'knds' is not known; did you mean 'kinds'?"),
        arguments(
            "columns: [{name: id, tests: [unique], data_tests: [unique]}]",
            "3: the test 'unique_daily_id' was there before, in models/schema.yml:3;"
                + " give one of them another name"),
        arguments(
            "columns: [{name: id}, {name: id}]",
            "3: column 'id' was described before, on line 3; keep one of them"),
        arguments(
            "columns: [{name: id, constraints: [{type: not_null}]}]",
            "3: key 'constraints' is not supported; write data_tests of what must hold"));
  }

  @Test
  void saysWhichModelIsMeant() {
    directory
        .with("models/gold/visits.sql", "SELECT 1 FROM silver.visits")
        .with("models/gold/more.yml", "models: [{name: gold.daily}]\n");
    assertThat(
            problems(
                """
                models:
                  - name: daly
                  - name: visits
                  - name: gold.daily
                  - name: kinds
                seeds:
                  - name: daily
                """))
        .containsExactly(
            "models/schema.yml:2: model 'daly' is not known; did you mean 'daily'?",
            "models/schema.yml:3: model 'visits' could be gold.visits or silver.visits;"
                + " write it with its layer",
            "models/schema.yml:4: model 'gold.daily' was described before, in"
                + " models/gold/more.yml:1; keep one of them",
            "models/schema.yml:5: 'silver.kinds' is no model; write it under seeds",
            "models/schema.yml:7: 'gold.daily' is no seed; write it under models");
  }

  @Test
  void saysThatASeedAndAModelMakeTheSameTableOrThatASeedIsEmpty() {
    directory
        .with("seeds/visits.csv", "id\n")
        .with("seeds/gold/none.csv", "")
        .with("seeds/more/a.csv", "id\n");
    assertThat(directory.problemsWithSql())
        .containsExactly(
            "seeds/gold/none.csv: the file is empty; write a line with the names of its columns",
            "seeds/more: layer 'more' is not known; use one of silver, gold",
            "seeds/visits.csv: the table 'silver.visits' is made by models/silver/visits.sql too;"
                + " give one of them another name");
  }

  @Test
  void saysWhatIsWrongWithASeedsConfig() {
    assertThat(
            problems(
                "seeds: [{name: kinds, config: {column_types: {id: 'INT); DROP TABLE x'}}}]\n"))
        .containsExactly(
            "models/schema.yml:1: 'INT); DROP TABLE x' is not a type of SQL;"
                + " write one such as VARCHAR, BIGINT or \"DECIMAL(12,2)\"");
  }

  @Test
  void saysWhatIsWrongWithSingularTests() {
    directory
        .with("tests/both.sql", "SELECT 1 FROM gold.daily JOIN silver.visits")
        .with("tests/empty.sql", "-- later\n")
        .with("tests/none.sql", "SELECT 1 FROM bronze.clicks")
        .with("tests/of.sql", "-- test of: dayly\n-- severity: wran\nSELECT 1 FROM gold.dayli")
        .with("tests/generic/a.sql", "");
    assertThat(directory.problemsWithSql())
        .containsExactly(
            "tests/both.sql: the test reads several models (gold.daily, silver.visits);"
                + " say which one it is of: -- test of: layer.name",
            "tests/empty.sql: the file has no SQL; write one SELECT of the rows that are wrong",
            "tests/generic: nobody reads this folder; move it; only *.sql files belong here",
            "tests/none.sql: the test reads no model;"
                + " say which one it is of: -- test of: layer.name",
            "tests/of.sql:1: model 'dayly' is not known; did you mean 'daily'?",
            "tests/of.sql:2: severity 'wran' is not known; did you mean 'warn'?",
            "tests/of.sql:3: table 'gold.dayli' is not known; did you mean 'gold.daily'?");
  }

  @Test
  void saysWhatIsWrongWithABalance() {
    directory
        .with("balances/empty.yaml", "")
        .with(
            "balances/money.yaml",
            """
            unit: GBP
            in: {sql: SELECT 1}
            out:
              - name: a
                sql: |
                  SELECT 1
                  FROM gold.dayly
              - {name: a, sql: SELECT 1 FROM gold.daily}
            outt: 1
            """);
    assertThat(directory.problemsWithSql())
        .containsExactly(
            "balances/empty.yaml: the file is empty; describe the balance: unit, in, out",
            "balances/money.yaml:2: 'in' reads no table; select what is counted",
            "balances/money.yaml:7: table 'gold.dayly' is not known; did you mean 'gold.daily'?",
            "balances/money.yaml:8: two parts are called 'a'; rename one",
            "balances/money.yaml:9: key 'outt' is not known; did you mean 'out'?");
  }

  @Test
  void saysWhatIsWrongWithAFileAsAWhole() {
    assertThat(problems("")).singleElement().asString().contains("schema.yml: the file is empty; ");
    assertThat(problems("# later\n")).singleElement().asString().contains("the file is empty; ");
    assertThat(problems("- a\n")).singleElement().asString().contains(":1: a list stands where");
    assertThat(problems("version: 1\n"))
        .containsExactly("models/schema.yml:1: '1' is too small; use at least 2");
    assertThat(problems("models:\n"))
        .containsExactly(
            "models/schema.yml:1: key 'models' has no value; write one, or take the key out");
    assertThat(problems("models: daily\n"))
        .containsExactly(
            "models/schema.yml:1: a single value stands where a list is expected; write [a, b]");
    assertThat(problems("models:\n  - daily\n"))
        .singleElement()
        .asString()
        .startsWith("models/schema.yml:2: a single value stands where a mapping is expected; ");
    assertThat(problems("models:\n  - name: [daily]\n"))
        .containsExactly(
            "models/schema.yml:2: a list stands where a name is expected; write it after the key");
    assertThat(problems("sources: [{name: shop}]\n"))
        .containsExactly(
            "models/schema.yml:1: key 'sources' is not supported;"
                + " take it out; the contracts in streams/ declare what comes in");
  }

  @Test
  void survivesWhatIsHalfWrittenOrMalicious() {
    String whole =
        """
        version: 2
        models:
          - name: daily
            config: {materialized: table, inputs: {silver.visits: lookup}}
            columns:
              - name: id
                data_tests:
                  - unique
                  - accepted_values: {values: [a, "b"], config: {where: "id > 0"}}
        unit_tests:
          - name: t
            model: daily
            given: [{input: ref('visits'), rows: [{id: 1}]}]
            expect: {format: csv, rows: "id\\n1"}
        """;
    assertThat(problems(whole)).isEmpty();
    for (int end = 0; end < whole.length(); end += 3) {
      String begun = whole.substring(0, end);
      assertThat(problems(begun)).as(begun).allMatch(it -> it.startsWith("models/schema.yml"));
    }
    assertThat(problems("models: " + "[".repeat(200_000)))
        .containsExactly("models/schema.yml:1: values are nested more than 32 deep; flatten them");
    assertThat(problems("a: &a [x]\nmodels: [*a, *a]\n"))
        .containsExactly("models/schema.yml:2: alias '*a' is not read; write the value out");
    assertThat(problems("models: !!javax.script.ScriptEngineManager [{name: daily}]\n")).isEmpty();
    assertThat(problems("models:\n  - name: \"\\u0000\\uD800'; DROP TABLE x; --\"\n"))
        .singleElement()
        .asString()
        .startsWith("models/schema.yml:2: ");
  }

  @Test
  void refusesFilesThatAreTooLarge() {
    String many =
        IntStream.range(0, 1_001).mapToObj(i -> "  - {name: m" + i + "}\n").collect(joining());
    assertThat(problems("models:\n" + many))
        .containsExactly("models/schema.yml:2: there are 1001 entries; 1000 are the most");
    assertThat(problems("#".repeat(1 << 20) + "\n"))
        .containsExactly(
            "models/schema.yml: the file is larger than 1 MiB; make it smaller, or split it");
    directory.with("models/schema.yml", "a: \u00e9".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(directory.problemsWithSql())
        .containsExactly("models/schema.yml:1: the file is not UTF-8; save it as UTF-8");
  }

  private List<String> problems(String properties) {
    return directory.with("models/schema.yml", properties).problemsWithSql();
  }
}
