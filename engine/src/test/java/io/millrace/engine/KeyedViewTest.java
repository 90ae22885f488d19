package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.TableName;
import io.millrace.engine.KeyedView.Keyed;
import io.millrace.engine.KeyedView.Whole;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Views kept by key over random tables and random changes: without the affected keys, and with the
 * restricted rows, the old answer is the new one.
 */
class KeyedViewTest {

  private static final int SCENARIOS = 40;

  private static final Map<TableName, List<String>> TABLES =
      new TreeMap<>(
          Map.of(
              TableName.parse("bronze.orders"),
              List.of("id", "customer", "day", "item", "amount", "tags"),
              TableName.parse("bronze.late"),
              List.of("id", "customer", "day", "item", "amount", "tags", "reason"),
              TableName.parse("bronze.lines"),
              List.of("id", "line", "product", "amount"),
              TableName.parse("bronze.people"),
              List.of("customer", "country", "boss")));

  private static final Map<TableName, String> VIEWS =
      Map.of(
          TableName.parse("gold.paid"),
          "SELECT p.country, o.amount FROM bronze.orders o JOIN bronze.people p USING (customer)");

  private static DuckDbSqlReader reader;
  private static Connection database;

  @BeforeAll
  static void start() throws SQLException {
    reader = new DuckDbSqlReader();
    database = DriverManager.getConnection("jdbc:duckdb:");
    execute("SET threads = 1");
    Random random = new Random(5);
    for (int scenario = 0; scenario < SCENARIOS; scenario++) {
      fill(scenario, random);
    }
  }

  @AfterAll
  static void stop() throws SQLException {
    reader.close();
    database.close();
  }

  /** A view as the file has it: its unique key, if it declares one, in the comment before it. */
  record View(List<String> uniqueKey, String sql) {
    @Override
    public String toString() {
      return sql;
    }
  }

  static Stream<View> views() {
    return Sql.statements("keyed/views").stream()
        .map(
            text -> {
              String[] parts = text.strip().split("\n", 2);
              List<String> key =
                  Arrays.stream(parts[0].substring(2).split(",\\s*"))
                      .filter(it -> !it.isEmpty())
                      .toList();
              return new View(key, parts[1]);
            });
  }

  @ParameterizedTest
  @MethodSource("views")
  void theOldAnswerWithTheAffectedKeysMadeAgainIsTheNewOne(View view) throws SQLException {
    Keyed keyed = keyed(view);
    int leftAlone = 0;
    for (int scenario = 0; scenario < SCENARIOS; scenario++) {
      assertThat(difference(view, keyed, scenario, table -> true, true))
          .as("rows that differ in scenario %d of %s", scenario, view)
          .isEmpty();
      leftAlone += Integer.parseInt(column("SELECT count(*) FROM kept").get(0));
    }
    assertThat(leftAlone).as("rows that were not made again").isPositive();
  }

  @ParameterizedTest
  @MethodSource("views")
  void theTestFindsATableThatIsForgotten(View view) throws SQLException {
    Keyed keyed = keyed(view);
    for (TableName table : keyed.affectedKeys().keySet()) {
      assertThat(isWrong(view, keyed, other -> !other.equals(table), true))
          .as("%s without changes of %s", view, table)
          .isTrue();
    }
  }

  @Test
  void theTestFindsAJoinThatIsNotLookedAtAsItWas() throws SQLException {
    View join = views().filter(it -> it.sql().contains("orders o JOIN")).findFirst().orElseThrow();
    assertThat(isWrong(join, keyed(join), table -> true, false)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SELECT id FROM bronze.orders                                     | it has neither a GROUP BY nor a unique_key
          SELECT sum(amount) AS s FROM bronze.orders                       | it selects no column that it groups by
          SELECT sum(amount) AS s FROM bronze.orders GROUP BY id           | it selects no column that it groups by
          SELECT id, sum(amount) AS s FROM bronze.orders GROUP BY id ORDER BY s LIMIT 3 | it uses LIMIT
          SELECT id, sum(sum(amount)) OVER () AS s FROM bronze.orders GROUP BY id | a window function is not partitioned by the key, so that it sees rows of other keys
          SELECT id, count(*) AS n FROM bronze.orders WHERE day > now() GROUP BY id | it calls now(), which does not always answer the same
          SELECT id, count(*) AS n FROM bronze.orders WHERE day > current_date GROUP BY id | it reads current_date, which is not always the same
          SELECT id, count(*) AS n FROM bronze.orders WHERE random() > 0.5 GROUP BY id | it calls random(), which does not always answer the same
          SELECT id, count(*) AS n FROM bronze.orders WHERE id IN (SELECT id FROM bronze.lines) GROUP BY id | it has a subquery in an expression; join it instead
          SELECT line, count(*) AS n FROM bronze.orders o LEFT JOIN bronze.lines l ON o.id = l.id GROUP BY line | the key 'line' is not of a table that every row has: it may be missing, or computed from several rows
          SELECT o.id, count(*) AS n FROM bronze.orders o FULL JOIN bronze.lines l ON o.id = l.id GROUP BY o.id | it uses a FULL JOIN without USING
          SELECT o.id, count(*) AS n FROM bronze.orders o LEFT JOIN (bronze.lines l JOIN bronze.people p ON l.line = p.boss) ON o.id = l.id GROUP BY o.id | it joins tables inside a grouped subquery, or on a side of a join that may find nothing
          SELECT o.id, count(*) AS n FROM bronze.orders o LEFT JOIN bronze.lines l ON o.id = l.id JOIN bronze.people p ON p.boss = l.line GROUP BY o.id | a join condition reads 'line', which is computed from several rows or may be missing
          SELECT id, amount FROM bronze.orders EXCEPT SELECT id, amount FROM bronze.lines | it uses EXCEPT
          SELECT DISTINCT ON (id) id, amount FROM bronze.orders ORDER BY amount | it uses DISTINCT ON
          SELECT id, count(*) AS n FROM bronze.orders GROUP BY ROLLUP (id) | it groups by several sets
          SELECT id, count(*) AS n FROM bronze.orders TABLESAMPLE 10% GROUP BY id | it takes a sample
          WITH RECURSIVE r AS (SELECT boss FROM bronze.people UNION SELECT p.boss FROM r JOIN bronze.people p ON r.boss = customer) SELECT boss, count(*) AS n FROM r GROUP BY boss | it uses WITH RECURSIVE
          SELECT country, n FROM (SELECT country, row_number() OVER (ORDER BY boss) AS n FROM bronze.people) GROUP BY ALL | it uses a window function in a subquery
          SELECT country, n FROM (SELECT country, boss AS n FROM bronze.people LIMIT 3) GROUP BY ALL | it uses LIMIT
          SELECT o.id, count(*) AS n FROM bronze.orders o ASOF JOIN bronze.lines l ON o.id = l.id AND o.amount >= l.amount GROUP BY o.id | it uses a ASOF JOIN
          SELECT country, n FROM (SELECT country, count(*) AS n FROM gold.paid GROUP BY country) GROUP BY ALL | it joins tables inside a grouped subquery, or on a side of a join that may find nothing
          FROM (SELECT id, product, amount FROM bronze.lines) PIVOT (sum(amount) FOR product IN (1, 2)) | it uses PIVOT
          """)
  void saysWhyAViewIsBuiltWhole(String sql, String reason) {
    assertThat(reader.keyedView(sql, List.of(), TABLES, VIEWS)).isEqualTo(new Whole(reason));
  }

  @Test
  void aUniqueKeyHasToBeOfTheGroups() {
    String sql = "SELECT customer, count(*) AS n FROM bronze.orders GROUP BY customer";
    assertThat(reader.keyedView(sql, List.of("n"), TABLES, VIEWS))
        .isEqualTo(
            new Whole(
                "the rows of a group do not all have the same 'n', which is in its unique_key"));
    assertThat(reader.keyedView(sql, List.of("nobody"), TABLES, VIEWS))
        .isEqualTo(new Whole("it does not have all columns of its unique_key"));
  }

  @Test
  void theSqlCanBeRead() {
    Keyed keyed =
        (Keyed)
            reader.keyedView(
                "SELECT o.customer, count(l.id) AS n FROM bronze.orders o LEFT JOIN bronze.lines l ON o.id = l.id WHERE o.amount > 1 GROUP BY 1",
                List.of(),
                TABLES,
                VIEWS);
    assertThat(keyed.keys()).containsExactly("customer");
    assertThat(keyed.affectedKeys().get(TableName.parse("bronze.lines")))
        .isEqualTo(
            "SELECT DISTINCT o.customer AS customer FROM (bronze.orders AS o INNER JOIN changes.bronze__lines AS l ON ((o.id = l.id))) WHERE (o.amount > 1)");
    assertThat(keyed.affectedKeys().get(TableName.parse("bronze.orders")))
        .isEqualTo(
            "SELECT DISTINCT o.customer AS customer FROM changes.bronze__orders AS o WHERE (o.amount > 1)");
    assertThat(keyed.restricted())
        .isEqualTo(
            "SELECT o.customer, count(l.id) AS n FROM (bronze.orders AS o LEFT JOIN bronze.lines AS l ON ((o.id = l.id))) WHERE ((o.amount > 1) AND EXISTS(SELECT 1 FROM build.keys AS millrace_keys(millrace_key_0) WHERE (o.customer IS NOT DISTINCT FROM millrace_key_0))) GROUP BY 1");
  }

  private static Keyed keyed(View view) {
    KeyedView keyed = reader.keyedView(view.sql(), view.uniqueKey(), TABLES, VIEWS);
    assertThat(keyed).as(view.sql()).isInstanceOf(Keyed.class);
    return (Keyed) keyed;
  }

  private static boolean isWrong(
      View view, Keyed keyed, Predicate<TableName> heard, boolean asItWas) throws SQLException {
    for (int scenario = 0; scenario < SCENARIOS; scenario++) {
      if (!difference(view, keyed, scenario, heard, asItWas).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** Keeps the view by key, and compares it with the query over all rows. */
  private static List<String> difference(
      View view, Keyed keyed, int scenario, Predicate<TableName> heard, boolean asItWas)
      throws SQLException {
    String affected =
        keyed.affectedKeys().entrySet().stream()
            .filter(it -> heard.test(it.getKey()))
            .map(it -> "(" + it.getValue() + ")")
            .collect(Collectors.joining(" UNION ALL "));
    execute("USE before" + scenario);
    execute("CREATE OR REPLACE TEMP TABLE kept AS " + view.sql());
    execute(
        "CREATE OR REPLACE TABLE after%d.build.keys AS SELECT %s FROM kept LIMIT 0"
            .formatted(scenario, String.join(", ", keyed.keys())));
    if (asItWas && !affected.isEmpty()) {
      execute("INSERT INTO after%d.build.keys %s".formatted(scenario, affected));
    }
    execute("USE after" + scenario);
    if (!affected.isEmpty()) {
      execute("INSERT INTO build.keys " + affected);
    }
    String same =
        keyed.keys().stream()
            .map(it -> "k.%s IS NOT DISTINCT FROM kept.%s".formatted(it, it))
            .collect(Collectors.joining(" AND "));
    execute("DELETE FROM kept WHERE EXISTS (SELECT 1 FROM build.keys k WHERE %s)".formatted(same));
    return column(
        """
        WITH made AS (FROM kept UNION ALL (%s)), whole AS (%s)
        SELECT to_json(d)::VARCHAR
        FROM ((FROM made EXCEPT ALL FROM whole) UNION ALL (FROM whole EXCEPT ALL FROM made)) d
        """
            .formatted(keyed.restricted(), view.sql()));
  }

  /**
   * Two databases: the tables before a change, and after it. Few values, so that many meet; and in
   * half of the scenarios rows that belong together go together.
   */
  private static void fill(int scenario, Random random) throws SQLException {
    for (String state : List.of("before", "after")) {
      execute("ATTACH ':memory:' AS " + state + scenario);
      execute("USE " + state + scenario);
      for (String sql : Sql.statements("keyed/tables")) {
        execute(sql);
      }
    }
    String shared = List.of("id", "customer").get(random.nextInt(2));
    int gone = random.nextInt(4);
    boolean together = random.nextBoolean();
    for (TableName table : TABLES.keySet()) {
      String before = "before" + scenario + "." + table;
      String after = "after" + scenario + "." + table;
      insert(before, table, 2 + random.nextInt(10), random);
      execute("INSERT INTO %s FROM %s".formatted(after, before));
      if (!together || random.nextInt(4) == 0) {
        change(after, table, random);
      }
      if (together && TABLES.get(table).contains(shared)) {
        execute("DELETE FROM %s WHERE %s = %d".formatted(after, shared, gone));
      }
      String changes = "changes." + table.layer() + "__" + table.name();
      execute(
          """
          CREATE TABLE after%d.%s AS
          (FROM %s EXCEPT ALL FROM %s) UNION ALL (FROM %s EXCEPT ALL FROM %s)
          """
              .formatted(scenario, changes, before, after, after, before));
      execute(
          "CREATE TABLE before%d.%s AS FROM after%d.%s"
              .formatted(scenario, changes, scenario, changes));
    }
  }

  /** Deletes, updates and inserts, or some of them, or none. */
  private static void change(String name, TableName table, Random random) throws SQLException {
    String some = " WHERE hash(rowid, %d) %% 4 = 0";
    if (random.nextInt(3) == 0) {
      execute(("DELETE FROM " + name + some).formatted(random.nextInt(1000)));
    }
    if (random.nextInt(3) == 0) {
      String column = TABLES.get(table).get(random.nextInt(TABLES.get(table).size()));
      String value = value(column, random, "rowid");
      execute(
          ("UPDATE " + name + " SET " + column + " = " + value.replace("%", "%%") + some)
              .formatted(random.nextInt(1000)));
    }
    if (random.nextInt(3) == 0) {
      insert(name, table, 1, random);
    }
  }

  private static void insert(String name, TableName table, int rows, Random random)
      throws SQLException {
    execute("INSERT INTO %s %s".formatted(name, rows(table, random, rows)));
  }

  private static String rows(TableName table, Random random, int count) {
    return "SELECT %s FROM range(%d) r(n)"
        .formatted(
            TABLES.get(table).stream()
                .map(it -> value(it, random, "n"))
                .collect(Collectors.joining(", ")),
            count);
  }

  private static String value(String column, Random random, String row) {
    String value = "nullif(hash(%s, %d) %% 5, 4)::INT".formatted(row, random.nextInt(1000));
    return switch (column) {
      case "item" -> "{'product': %s, 'pieces': 1}".formatted(value);
      case "tags" -> "range(%s)::INT[]".formatted(value);
      case "day" -> "DATE '2026-01-30' + " + value;
      default -> value;
    };
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
