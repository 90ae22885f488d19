package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.TableName;
import io.millrace.project.ColumnTracer.Output;
import io.millrace.project.ColumnTracer.Source;
import io.millrace.project.ColumnTracer.Traced;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ColumnTracerTest {

  private static final Map<TableName, List<String>> TABLES =
      Map.of(
          TableName.parse("bronze.orders"),
          List.of("id", "customer", "item", "tags", "amount"),
          TableName.parse("bronze.lines"),
          List.of("id", "line", "kind", "amount"),
          TableName.parse("silver.people"),
          List.of("customer", "name", "boss"));

  private static final int ROUNDS = 5;

  private static DuckDbSqlReader reader;
  private static Connection database;

  @BeforeAll
  static void start() throws SQLException {
    reader = new DuckDbSqlReader();
    database = DriverManager.getConnection("jdbc:duckdb:");
    for (String sql : Sql.statements("tracer/tables")) {
      execute(sql);
    }
  }

  @AfterAll
  static void stop() throws SQLException {
    reader.close();
    database.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SELECT id FROM bronze.orders                                    | id: copy bronze.orders.id
          SELECT o.ID AS x FROM bronze.orders o                           | x: copy bronze.orders.id
          SELECT bronze.orders.item.product FROM bronze.orders            | product: copy bronze.orders.item/product
          SELECT o.item.product AS x FROM bronze.orders o                 | x: copy bronze.orders.item/product
          SELECT (item).product AS x FROM bronze.orders                   | x: copy bronze.orders.item/product
          SELECT item['product'] AS x FROM bronze.orders                  | x: copy bronze.orders.item/product
          SELECT s.item.product AS x FROM (FROM bronze.orders) s          | x: copy bronze.orders.item/product
          SELECT amount + id AS x FROM bronze.orders                      | x: derived bronze.orders.amount, derived bronze.orders.id
          SELECT amount + 1 AS x, x * 2 AS y FROM bronze.orders           | x: derived bronze.orders.amount; y: derived bronze.orders.amount
          SELECT 1 AS one FROM bronze.orders                              | one:
          SELECT count(*) AS n FROM bronze.orders                         | n: derived bronze.orders.*
          SELECT sum(amount) FILTER (kind = 1) AS s FROM bronze.lines     | s: summary bronze.lines.amount, decides bronze.lines.kind
          SELECT count(DISTINCT customer) + 1 AS c FROM bronze.orders     | c: summary bronze.orders.customer
          SELECT max(customer) AS m, count(customer) AS c FROM bronze.orders | m: derived bronze.orders.customer; c: summary bronze.orders.customer
          SELECT max(n) AS m FROM (SELECT count(customer) AS n FROM bronze.orders) | m: summary bronze.orders.customer
          SELECT sum(amount) / max(amount) AS s FROM bronze.lines         | s: derived bronze.lines.amount
          SELECT sum(id) OVER (ORDER BY line) AS s FROM bronze.lines      | s: derived bronze.lines.id, decides bronze.lines.line
          SELECT lag(id) OVER (PARTITION BY kind ORDER BY line) AS p FROM bronze.lines | p: derived bronze.lines.id, decides bronze.lines.kind, decides bronze.lines.line
          SELECT row_number() OVER w AS p FROM bronze.lines WINDOW w AS (ORDER BY line) | p: derived bronze.lines.*, decides bronze.lines.line
          SELECT * EXCLUDE (kind, amount) RENAME (line AS l) FROM bronze.lines | id: copy bronze.lines.id; l: copy bronze.lines.line
          SELECT * EXCLUDE (kind) REPLACE (-id AS id) FROM bronze.lines   | id: derived bronze.lines.id; line: copy bronze.lines.line; amount: copy bronze.lines.amount
          SELECT COLUMNS('^(id)$') AS 'the_\\1' FROM bronze.lines         | the_id: copy bronze.lines.id
          SELECT max(COLUMNS(lambda c: c LIKE 'k%')) FROM bronze.lines    | kind: derived bronze.lines.kind
          SELECT * LIKE '%i%e' FROM bronze.lines                          | line: copy bronze.lines.line
          SELECT l.* FROM bronze.orders JOIN bronze.lines l USING (id)    | id: copy bronze.lines.id; line: copy bronze.lines.line; kind: copy bronze.lines.kind; amount: copy bronze.lines.amount
          SELECT id FROM bronze.orders RIGHT JOIN bronze.lines USING (id) | id: copy bronze.lines.id
          SELECT id FROM bronze.orders FULL JOIN bronze.lines USING (id)  | id: derived bronze.lines.id, derived bronze.orders.id
          SELECT (SELECT max(name) FROM silver.people p WHERE p.customer = o.customer) AS n FROM bronze.orders o | n: derived silver.people.name, decides bronze.orders.customer, decides silver.people.*, decides silver.people.customer
          SELECT id FROM bronze.orders UNION ALL SELECT line FROM bronze.lines | id: copy bronze.lines.line, copy bronze.orders.id
          SELECT id FROM bronze.orders UNION ALL BY NAME SELECT line, id FROM bronze.lines | id: copy bronze.lines.id, copy bronze.orders.id; line: copy bronze.lines.line
          SELECT id FROM bronze.orders EXCEPT SELECT line FROM bronze.lines | id: copy bronze.orders.id
          SELECT t FROM bronze.orders, unnest(tags) u(t)                  | t: derived bronze.orders.tags
          SELECT list_transform(tags, lambda id: id + 1) AS x FROM bronze.orders | x: derived bronze.orders.tags
          SELECT CAST(item AS JSON) -> 'a' -> id AS x FROM bronze.orders  | x: derived bronze.orders.id, derived bronze.orders.item
          WITH RECURSIVE r(c) AS (SELECT customer FROM silver.people UNION SELECT boss FROM r JOIN silver.people ON c = customer) SELECT c FROM r | c: copy silver.people.boss, copy silver.people.customer
          SELECT x FROM bronze.orders, LATERAL (SELECT amount AS x) l     | x: copy bronze.orders.amount
          SELECT CASE WHEN kind = 1 THEN amount END AS x FROM bronze.lines | x: derived bronze.lines.amount, derived bronze.lines.kind
          SELECT b FROM (VALUES (1, 2)) v(a, b)                           | b:
          SELECT max(x) AS x FROM ops.unheard_of                          | x: derived ops.unheard_of.x
          SELECT p FROM bronze.orders p                                   | p: derived bronze.orders.amount, derived bronze.orders.customer, derived bronze.orders.id, derived bronze.orders.item, derived bronze.orders.tags
          """)
  void saysWhatEachColumnIsMadeOf(String sql, String expected) {
    String found =
        reader.trace(sql, TABLES).columns().stream()
            .map(it -> (it.name() + ": " + text(it.sources())).strip())
            .collect(Collectors.joining("; "));
    assertThat(found).isEqualTo(expected.strip());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SELECT id FROM bronze.lines WHERE kind = 1                      | *, kind
          SELECT id FROM bronze.lines ORDER BY kind                       | *
          SELECT id FROM bronze.lines ORDER BY kind LIMIT 3               | *, kind
          SELECT DISTINCT id, line FROM bronze.lines                      | *, id, line
          SELECT id AS x, sum(line) FROM bronze.lines GROUP BY ALL        | *, id
          SELECT id AS x, sum(line) FROM bronze.lines GROUP BY x          | *, id
          SELECT id AS x, sum(line) FROM bronze.lines GROUP BY 1 HAVING sum(amount) > 0 | *, amount, id
          SELECT id FROM bronze.lines QUALIFY row_number() OVER (PARTITION BY kind ORDER BY line) = 1 | *, kind, line
          SELECT id + kind AS x FROM bronze.lines WHERE x > 1             | *, id, kind
          """)
  void saysWhatDecidesTheRows(String sql, String expected) {
    assertThat(reader.trace(sql, TABLES).rows().stream().map(it -> it.column().column()))
        .containsExactly(expected.split(", "));
  }

  @Test
  void saysWhatItCouldNotFollow() {
    Traced pivot =
        reader.trace(
            "SELECT *\nFROM (SELECT id, kind, amount FROM bronze.lines) PIVOT (sum(amount) FOR kind IN (1, 2))",
            TABLES);
    assertThat(pivot.notes())
        .containsExactly(
            "line 2: PIVOT is not followed: its columns are taken to be made of all it reads");
    assertThat(pivot.columns().stream().map(Output::name)).containsExactly("id", "1", "2");
    assertThat(reader.trace("SELECT\n  nothing\nFROM bronze.lines", TABLES).notes())
        .containsExactly("line 2: 'nothing' is not found: it is taken to be any column");
    assertThat(reader.trace("FROM ops.unheard_of", TABLES).notes())
        .containsExactly("line 1: the columns of ops.unheard_of are not known");
  }

  @Test
  void saysTheLine() {
    assertThat(
            reader.trace("SELECT\n  id,\n  amount + 1 AS x\nFROM bronze.lines", TABLES).columns())
        .extracting(Output::line)
        .containsExactly(2, 3);
  }

  @Test
  void knowsTheTablesThatEveryProjectHas() {
    assertThat(reader.ownTables().get(TableName.parse("ops.commits"))).contains("seal");
  }

  static Stream<String> queries() {
    return Sql.statements("tracer/queries").stream();
  }

  @ParameterizedTest
  @MethodSource("queries")
  void namesTheColumnsThatDuckDbNames(String sql) throws SQLException {
    execute("CREATE OR REPLACE VIEW answer AS " + sql);
    assertThat(reader.trace(sql, TABLES).columns().stream().map(Output::name))
        .containsExactlyElementsOf(column("SELECT lower(column_name) FROM (DESCRIBE answer)"));
  }

  /** Other values in a column change no more than what is said to be made of it. */
  @ParameterizedTest
  @MethodSource("queries")
  void nothingChangesThatIsNotSaidToDepend(String sql) throws SQLException {
    Traced traced = reader.trace(sql, TABLES);
    Set<String> rows = columns(traced.rows());
    Random random = new Random(7);
    for (int round = 0; round < ROUNDS; round++) {
      fill(random);
      Map<String, List<String>> before = answer(sql);
      for (TableName table : TABLES.keySet()) {
        for (String column : TABLES.get(table)) {
          String changed = table + "." + column;
          if (rows.contains(changed)) {
            continue;
          }
          execute("CREATE OR REPLACE TEMP TABLE kept AS FROM " + table);
          execute("UPDATE %s SET %s = %s".formatted(table, column, random(column, random)));
          Map<String, List<String>> after = answer(sql);
          execute("DELETE FROM " + table);
          execute("INSERT INTO %s FROM kept".formatted(table));
          assertThat(count(after)).as("rows of %s after %s", sql, changed).isEqualTo(count(before));
          for (Output output : traced.columns()) {
            if (!columns(output.sources()).contains(changed)) {
              assertThat(after.get(output.name()))
                  .as("%s of %s, after a change of %s", output.name(), sql, changed)
                  .isEqualTo(before.get(output.name()));
            }
          }
        }
      }
    }
  }

  private static int count(Map<String, List<String>> answer) {
    return answer.values().iterator().next().size();
  }

  private static String random(String column, Random random) {
    String value = "(hash(rowid + %d) %% 4)::INT".formatted(random.nextInt(1000));
    return switch (column) {
      case "item" -> "{'product': %s, 'pieces': %s}".formatted(value, value);
      case "tags" -> "[%s, 1]".formatted(value);
      default -> value;
    };
  }

  private static void fill(Random random) throws SQLException {
    for (TableName table : TABLES.keySet()) {
      List<String> values =
          TABLES.get(table).stream()
              .map(it -> random(it, random).replace("rowid", "range"))
              .toList();
      execute("DELETE FROM " + table);
      execute("INSERT INTO %s SELECT %s FROM range(6)".formatted(table, String.join(", ", values)));
    }
  }

  /** The values of each column, sorted. */
  private static Map<String, List<String>> answer(String sql) throws SQLException {
    execute("CREATE OR REPLACE VIEW answer AS " + sql);
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (String column : column("SELECT column_name FROM (DESCRIBE answer)")) {
      List<String> sorted =
          column("SELECT \"%s\"::VARCHAR FROM answer".formatted(column.replace("\"", "\"\"")));
      sorted.replaceAll(String::valueOf);
      sorted.sort(null);
      values.put(column.toLowerCase(Locale.ROOT), sorted);
    }
    return values;
  }

  private static Set<String> columns(Collection<Source> sources) {
    return sources.stream()
        .map(it -> it.column().toString())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String text(Collection<Source> sources) {
    return sources.stream()
        .map(
            it ->
                it.use().name().toLowerCase(Locale.ROOT)
                    + " "
                    + it.column()
                    + (it.path().isEmpty() ? "" : "/" + it.path()))
        .collect(Collectors.joining(", "));
  }

  private static void execute(String sql) throws SQLException {
    try (Statement statement = database.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<String> column(String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }
}
