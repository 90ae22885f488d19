package io.millrace.boot.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.boot.processes.Installation;
import io.millrace.testkit.Repository;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class StarCommandTest {

  private static final String FACTS = "gold.fct_trade_lines";

  private final Captured captured = new Captured();

  private int run(String... options) {
    String[] all = new String[options.length + 3];
    all[0] = "star";
    all[1] = "--project";
    all[2] = Repository.here().root().resolve("packs/retail").toString();
    System.arraycopy(options, 0, all, 3, options.length);
    return Millrace.commandLine(
            captured.terminal(),
            () -> {
              throw new AssertionError(Installation.class);
            })
        .execute(all);
  }

  @Test
  void drawsTheStar() {
    assertThat(run(FACTS)).isZero();
    assertThat(captured.out())
        .startsWith("erDiagram\n  dim_trade_day ||--o{ fct_trade_lines : \"day\"\n")
        .contains("    dimension stock_code\n");
  }

  @Test
  void printsSqlThatRuns() throws Exception {
    assertThat(run(FACTS, "--as", "snowflake")).isZero();
    assertThat(run(FACTS, "--as", "vault")).isZero();
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute("CREATE SCHEMA gold");
      statement.execute(
          "CREATE TABLE gold.dim_trade_day AS SELECT DATE '2011-01-31' AS day, 'Monday' AS weekday, '2011-01' AS month, '2011-Q1' AS quarter, 2011 AS year");
      statement.execute(
          "CREATE TABLE gold.dim_trade_product AS SELECT 'A' AS stock_code, 'TIN BOX' AS description, 'box' AS sub_category, 'kitchen' AS category");
      statement.execute(
          "CREATE TABLE gold.dim_trade_customer AS SELECT -1 AS customer_id, 'unknown' AS country, NULL AS customer_since");
      statement.execute(
          "CREATE TABLE gold.fct_trade_lines AS SELECT 1 AS line_id, 'i' AS invoice_no, DATE '2011-01-31' AS day, -1 AS customer_id, 'A' AS stock_code, 'sale' AS kind, 1 AS quantity, 2 AS unit_price, 2 AS amount");
      statement.execute(captured.out());
      for (String schema : new String[] {"gold", "snowflake_star", "vault_star"}) {
        try (var rows =
            statement.executeQuery(
                "SELECT year, category, amount FROM %1$s.fct_trade_lines JOIN %1$s.dim_trade_day USING (day) JOIN %1$s.dim_trade_product USING (stock_code)"
                    .formatted(schema))) {
          assertThat(rows.next()).as(schema).isTrue();
          assertThat(rows.getString(2)).isEqualTo("kitchen");
          assertThat(rows.next()).isFalse();
        }
      }
    }
  }

  @Test
  void saysWhatIsMissing() {
    assertThat(run("gold.books")).isEqualTo(2);
    assertThat(run("gold.fct_trade_line")).isEqualTo(2);
    assertThat(captured.err())
        .isEqualTo(
            """
            Cannot find a star around 'gold.books': no relationships test leads from it to a unique key; add them to its columns in schema.yml
            Cannot find model 'gold.fct_trade_line': did you mean 'gold.fct_trade_lines'?
            """);
  }
}
