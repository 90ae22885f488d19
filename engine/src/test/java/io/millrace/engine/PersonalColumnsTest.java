package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.TableName;
import io.millrace.project.ColumnRef;
import io.millrace.project.Lineage;
import io.millrace.project.Personal.Treatment;
import io.millrace.project.PersonalColumns;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which columns tell who somebody is, in a project with one stream. */
class PersonalColumnsTest {

  private static final String ORDERS =
      """
      key: order_id
      event_id: order_id
      event_time: placed
      fields:
        order_id: {type: uuid, required: true}
        placed: {type: timestamp, required: true}
        user_id: {type: string, pii: pseudonym}
        email: {type: string, pii: clear}
        ip: {type: string, pii: mask, keep: network}
        price: double
        buyer: {type: struct, fields: {name: {type: string, pii: clear}, country: string}}
        lines: {type: list, element: {type: struct, fields: {note: {type: string, pii: clear}, sku: string}}}
      """;

  @TempDir Path folder;

  @BeforeEach
  void begin() throws IOException {
    write("millrace.yaml", "");
    write("streams/orders.yaml", ORDERS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SELECT user_id AS x FROM bronze.orders                              | x: pseudonym
          SELECT ip AS x, price AS y FROM bronze.orders                       |
          SELECT upper(email) || user_id AS x FROM bronze.orders              | x: clear
          SELECT count(*) AS n, count(DISTINCT user_id) AS u, sum(length(email)) AS s, avg(length(email)) AS a FROM bronze.orders |
          SELECT min(email) AS a, any_value(email) AS b, arg_max(email, placed) AS c, arg_max(price, email) AS d FROM bronze.orders | a: clear, b: clear, c: clear, d: clear
          SELECT string_agg(user_id, ',') AS a, list(user_id) AS b, mode(user_id) AS c FROM bronze.orders | a: pseudonym, b: pseudonym, c: pseudonym
          SELECT price AS x FROM bronze.orders WHERE email <> '' ORDER BY user_id LIMIT 3 |
          SELECT price AS x, count(*) AS n FROM bronze.orders GROUP BY price, email |
          SELECT a.price AS x FROM bronze.orders a JOIN bronze.orders b USING (user_id) |
          SELECT buyer FROM bronze.orders                                     | buyer.name: clear
          SELECT buyer.name AS x, buyer.country AS y, buyer['country'] AS z FROM bronze.orders | x: clear
          SELECT b.country AS x, b.name AS y FROM (SELECT buyer AS b FROM bronze.orders) | y: clear
          SELECT lines FROM bronze.orders                                     | lines.note: clear
          SELECT l.sku AS x FROM bronze.orders, unnest(lines) AS u(l)         | x: clear
          SELECT list_transform(lines, lambda l: l.sku) AS x FROM bronze.orders | x: clear
          WITH c AS (SELECT email AS e, price FROM bronze.orders) SELECT c.*, lower(e) AS x FROM c | e: clear, x: clear
          SELECT * FROM bronze.orders                                         | buyer.name: clear, email: clear, lines.note: clear, user_id: pseudonym
          SELECT * EXCLUDE (email, user_id, buyer, lines) FROM bronze.orders  |
          SELECT user_id AS x FROM bronze.orders UNION ALL SELECT email FROM bronze.orders | x: clear
          SELECT o AS x FROM bronze.orders o                                  | x: clear
          SELECT (SELECT max(email) FROM bronze.orders) AS x                  | x: clear
          SELECT lag(user_id) OVER (ORDER BY placed) AS x, row_number() OVER (PARTITION BY user_id) AS n, count(email) OVER () AS c FROM bronze.orders | x: pseudonym
          SELECT CASE WHEN email = 'a' THEN 1 END AS x, hash(user_id) AS y FROM bronze.orders | x: clear, y: pseudonym
          SELECT payload, reason, detail AS x FROM quarantine.orders_rejected | payload: clear, x: clear
          SELECT email, reason FROM quarantine.orders_late                    | email: clear
          SELECT m.* FROM (FROM bronze.orders PIVOT (count(*) FOR price IN (1))) m | 1: clear, buyer.name: clear, email: clear, lines.note: clear, user_id: pseudonym
          """)
  void followsTagsThroughSql(String sql, String expected) throws IOException {
    write("models/silver/made.sql", sql);

    assertThat(tags("silver.made")).isEqualTo(Optional.ofNullable(expected).orElse(""));
  }

  @Test
  void followsTagsThroughModelsAndStopsWhereAnOwnerSaysSo() throws IOException {
    write(
        "models/silver/users.sql",
        "SELECT user_id, hash(email) % 8 AS bucket, email, price FROM bronze.orders");
    write("models/gold/users.sql", "SELECT user_id AS who, bucket, email, price FROM silver.users");
    write(
        "models/schema.yml",
        """
        models:
          - name: silver.users
            columns:
              - {name: bucket, meta: {pii: none}}
              - {name: email, config: {meta: {pii: pseudonym}}}
              - {name: price, meta: {pii: clear, level: 3}}
        """);

    assertThat(tags("silver.users"))
        .isEqualTo("email: pseudonym, price: clear, user_id: pseudonym");
    assertThat(tags("gold.users")).isEqualTo("email: pseudonym, price: clear, who: pseudonym");
  }

  @Test
  void saysWhichColumnsNobodyHasSaidAnythingOf() throws IOException {
    write(
        "models/silver/users.sql",
        "SELECT\n  user_id AS who,\n  buyer,\n  email\nFROM bronze.orders");
    write("models/gold/users.sql", "SELECT who, count(*) AS n\nFROM silver.users GROUP BY 1");
    write(
        "models/schema.yml",
        "models:\n  - {name: silver.users, columns: [{name: email, meta: {pii: clear}}]}\n");

    assertThat(personal().unsaid())
        .containsExactly(
            "models/gold/users.sql:1: gold.users.who is made of orders.user_id, which tells who somebody is; write 'meta: {pii: pseudonym}' at the column in schema.yml, or 'meta: {pii: none}' if it does not tell any more",
            "models/silver/users.sql:2: silver.users.who is made of orders.user_id, which tells who somebody is; write 'meta: {pii: pseudonym}' at the column in schema.yml, or 'meta: {pii: none}' if it does not tell any more",
            "models/silver/users.sql:3: silver.users.buyer is made of orders.buyer.name, which tells who somebody is; write 'meta: {pii: clear}' at the column in schema.yml, or 'meta: {pii: none}' if it does not tell any more");
  }

  @Test
  void takesWhatTheProjectDoesNotKnowForClear() {
    PersonalColumns personal = personal();
    TableName orders = TableName.bronze("orders");

    assertThat(personal.treatment(orders, "price", "")).isEmpty();
    assertThat(personal.treatment(orders, "user_id", "")).contains(Treatment.PSEUDONYM);
    assertThat(personal.treatment(orders, "lines", "sku")).isEmpty();
    assertThat(personal.treatment(orders, "lines", "note")).contains(Treatment.CLEAR);
    assertThat(personal.treatment(orders, "buyer", "phone")).contains(Treatment.CLEAR);
    assertThat(personal.treatment(orders, "phone", "")).contains(Treatment.CLEAR);
    assertThat(personal.treatment(TableName.parse("bronze.gone"), "x", ""))
        .contains(Treatment.CLEAR);
  }

  private String tags(String table) {
    PersonalColumns personal = personal();
    TableName name = TableName.parse(table);
    return lineage.columns().get(name).stream()
        .sorted()
        .flatMap(
            column ->
                personal.of(new ColumnRef(name, column)).entrySet().stream()
                    .map(
                        tag ->
                            "%s%s: %s"
                                .formatted(
                                    column,
                                    tag.getKey().isEmpty() ? "" : "." + tag.getKey(),
                                    tag.getValue().treatment().name().toLowerCase(Locale.ROOT))))
        .collect(Collectors.joining(", "));
  }

  private Lineage lineage;

  private PersonalColumns personal() {
    try (DuckDbSqlReader reader = new DuckDbSqlReader()) {
      Project project = ProjectReader.load(folder, reader);
      lineage = Lineage.of(project, reader);
      return PersonalColumns.of(project, lineage);
    }
  }

  private void write(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
