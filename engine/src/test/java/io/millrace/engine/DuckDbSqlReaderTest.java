package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.project.SqlReader.Reference;
import io.millrace.project.SqlReader.Sql;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DuckDbSqlReaderTest {

  private static DuckDbSqlReader reader;

  @BeforeAll
  static void start() {
    reader = new DuckDbSqlReader();
  }

  @AfterAll
  static void stop() {
    reader.close();
  }

  @Test
  void findsTheTablesWhereverTheyAre() {
    assertThat(
            reader.read(
                """
                -- ünicode
                WITH c AS (SELECT * FROM bronze.clicks),
                     d AS (SELECT * FROM c JOIN Silver."users" USING (user_id))
                SELECT (SELECT count(*) FROM gold.a), x IN (FROM gold.b)
                FROM d, LATERAL (SELECT * FROM bronze.clicks) AS e
                WHERE EXISTS (SELECT 1 FROM gold.c)
                UNION ALL
                SELECT 1, 2 FROM (VALUES (1)), unnest([1]), range(3)
                ORDER BY (SELECT max(x) FROM gold.d)
                """))
        .isEqualTo(
            new Sql.Select(
                List.of(
                    new Reference("bronze.clicks", 2),
                    new Reference("silver.users", 3),
                    new Reference("gold.a", 4),
                    new Reference("gold.b", 4),
                    new Reference("gold.c", 6),
                    new Reference("gold.d", 9))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1;",
        "VALUES (1)",
        "FROM range(3)",
        "DESCRIBE SELECT 1",
        "WITH RECURSIVE r AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM r WHERE x < 3) FROM r",
        "SELECT list_transform([1], lambda x: x + 1), sum(1) OVER (), '2026-01-01'::DATE",
        "SELECT * FROM (SELECT 1 AS a, 2 AS b) PIVOT (sum(b) FOR a IN (1))",
      })
  void allowsWhatOnlyComputes(String sql) {
    assertThat(reader.read(sql)).isEqualTo(new Sql.Select(List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          SELECT * FROM 'x.parquet'                      | 'x.parquet' is not the name of a table
          SELECT * FROM "/etc/passwd"                    | '/etc/passwd' is not the name of a table
          SELECT * FROM a.b.c                            | 'a.b.c' is not the name of a table
          SELECT * FROM 's3://b/k.csv'                   | 's3://b/k.csv' is not the name of a table
          SELECT * FROM read_csv('/etc/passwd')          | table function 'read_csv' is refused
          SELECT * FROM READ_TEXT('/etc/passwd')         | table function 'read_text' is refused
          SELECT * FROM main.read_blob('x')              | table function 'read_blob' is refused
          SELECT * FROM parquet_scan('x')                | table function 'parquet_scan' is refused
          SELECT * FROM glob('/*')                       | table function 'glob' is refused
          SELECT * FROM query('SELECT 1')                | table function 'query' is refused
          SELECT * FROM query_table('x.csv')             | table function 'query_table' is refused
          SELECT * FROM duckdb_settings()                | table function 'duckdb_settings' is refused
          SELECT * FROM pragma_table_info('x')           | table function 'pragma_table_info' is refused
          SELECT * FROM sniff_csv('x')                   | table function 'sniff_csv' is refused
          SELECT (SELECT max(c) FROM read_text('x'))     | table function 'read_text' is refused
          SELECT 1 ORDER BY (SELECT 1 FROM glob('x'))    | table function 'glob' is refused
          WITH x AS (FROM glob('x')) SELECT 1            | table function 'glob' is refused
          SELECT getenv('HOME')                          | function 'getenv' is refused
          SELECT main.current_setting('threads')         | function 'current_setting' is refused
          SELECT json_serialize_plan('FROM read_text(1)')| function 'json_serialize_plan' is refused
          SELECT write_log('x')                          | function 'write_log' is refused
          SELECT list_transform([1], lambda x: getvariable('x')) | function 'getvariable' is refused
          SELECT ?                                       | the SQL has a parameter
          SELECT $name                                   | the SQL has a parameter
          SHOW TABLES                                    | SHOW is refused
          FROM bronze.clicks AT (VERSION => 1)           | AT is refused
          WITH x AS (DELETE FROM bronze.clicks RETURNING *) FROM x | DELETE is refused
          SELECT 1; SELECT 2                             | the SQL has 2 statements
          SELECT 1; DROP TABLE x                         | the SQL is not a SELECT
          COPY (SELECT 1) TO '/tmp/x'                    | the SQL is not a SELECT
          ATTACH '/tmp/x.db'                             | the SQL is not a SELECT
          INSTALL httpfs                                 | the SQL is not a SELECT
          SET threads = 1                                | the SQL is not a SELECT
          PRAGMA database_list                           | the SQL is not a SELECT
          CALL enable_logging()                          | the SQL is not a SELECT
          CREATE TABLE x (i INT)                         | the SQL is not a SELECT
          EXPLAIN ANALYZE SELECT 1                       | the SQL is not a SELECT
          INSERT INTO bronze.clicks VALUES (1)           | the SQL is not a SELECT
          SELEC 1                                        | syntax error at or near "SELEC"
          `--nothing`                                    | the SQL has 0 statements
          """)
  void refusesWhatReadsOrChangesAnythingElse(String sql, String reason) {
    assertThat(reader.read(sql))
        .isInstanceOfSatisfying(
            Sql.Refused.class, refused -> assertThat(refused.what()).isEqualTo(reason));
  }

  @Test
  void saysTheLine() {
    assertThat(reader.read("SELECT 'ü',\n  getenv('HOME')"))
        .isEqualTo(
            new Sql.Refused(
                2,
                "function 'getenv' is refused",
                "a query reads only the tables of the lake and the models of the project"));
    assertThat(reader.read("SELECT 'ü'\nFORM x")).hasFieldOrPropertyWithValue("line", 2);
  }

  @Test
  void aNameOfWithHidesNothingBeforeItIsGiven() {
    assertThat(
            reader.read(
                "WITH a AS (FROM duckdb_tables), duckdb_tables AS (SELECT 1) SELECT * FROM a"))
        .isEqualTo(new Sql.Select(List.of(new Reference("duckdb_tables", 1))));
    assertThat(reader.read("WITH a AS (FROM a) FROM a"))
        .isEqualTo(new Sql.Select(List.of(new Reference("a", 1))));
  }

  @Test
  void refusesWhatIsTooLongOrTooDeep() {
    assertThat(reader.read("SELECT '" + "x".repeat(300_000) + "'"))
        .hasFieldOrPropertyWithValue("what", "the SQL has more than 262144 characters");
    assertThat(reader.read("SELECT " + "(".repeat(5000) + "1" + ")".repeat(5000)))
        .isInstanceOf(Sql.Refused.class);
    assertThat(reader.read("SELECT " + "abs(".repeat(900) + "1" + ")".repeat(900)))
        .isInstanceOf(Sql.Refused.class);
  }
}
