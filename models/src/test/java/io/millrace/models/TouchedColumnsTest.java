package io.millrace.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.TableName;
import io.millrace.project.ColumnRef;
import io.millrace.schedule.Touched;
import io.millrace.schedule.Touched.How;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a changed definition touches, of a table that has been built. */
class TouchedColumnsTest {

  private static final String PRICED =
      """
      WITH
        kept AS (SELECT sale_id, product, quantity, amount FROM bronze.sales WHERE quantity > 0),
        priced AS (SELECT sale_id, product, amount * 2 AS gross, amount + 1 AS paid FROM kept)
      SELECT sale_id, upper(product) AS product, gross, paid - gross AS net FROM priced
      """;
  private static final TableName TABLE = TableName.parse("silver.priced");

  @TempDir Path folder;
  private SmallShop shop;

  @BeforeEach
  void build() {
    shop =
        new SmallShop(folder)
            .write("models/silver/priced.sql", PRICED)
            .write("models/silver/doubled.sql", "SELECT *, net * 2 AS twice FROM silver.priced")
            .write(
                "models/gold/products.sql",
                "SELECT product, sum(gross) AS gross FROM silver.priced GROUP BY product")
            .write("models/gold/totals.sql", "SELECT sum(twice) AS twice FROM silver.doubled")
            .write(
                "models/schema.yml",
                """
                models:
                  - {name: priced, config: {materialized: table}}
                  - {name: products, config: {materialized: table}}
                  - {name: totals, config: {materialized: table}}
                """)
            .open();
    shop.sell(
        SmallShop.SALES,
        new SmallShop.Sale("1", Instant.parse("2026-03-02T10:00:00Z"), "tea", 1, "1.50"));
    shop.pass();
  }

  @AfterEach
  void close() {
    shop.close();
  }

  private Touched priced(String from, String to) {
    assertThat(PRICED).contains(from);
    return shop.write("models/silver/priced.sql", PRICED.replace(from, to)).open().touched(TABLE);
  }

  private static Touched touched(boolean rows, Map<String, How> columns, String... downstream) {
    TreeSet<ColumnRef> made = new TreeSet<>();
    List.of(downstream).forEach(column -> made.add(ColumnRef.parse(column)));
    return new Touched(rows, new TreeMap<>(columns), made);
  }

  @Test
  void oneOfSeveralColumns() {
    assertThat(priced("paid - gross AS net", "paid - gross - 1 AS net"))
        .isEqualTo(
            touched(
                false,
                Map.of("net", How.CHANGED),
                "silver.doubled.net",
                "silver.doubled.twice",
                "gold.totals.twice"));
  }

  @Test
  void theColumnsThatAreMadeOfWhatIsNamedByWith() {
    assertThat(priced("amount + 1 AS paid", "amount + 2 AS paid").columns())
        .isEqualTo(Map.of("net", How.CHANGED));
    assertThat(
            priced(
                    "amount * 2 AS gross, amount + 1 AS paid",
                    "amount + 1 AS gross, amount * 2 AS paid")
                .columns())
        .isEqualTo(Map.of("gross", How.CHANGED, "net", How.CHANGED));
  }

  @Test
  void aColumnByWhichAnotherModelGroups() {
    assertThat(priced("upper(product)", "lower(product)"))
        .isEqualTo(
            touched(
                false,
                Map.of("product", How.CHANGED),
                "silver.doubled.product",
                "gold.products.*"));
  }

  @Test
  void allColumnsIfThereMayBeOtherRows() {
    assertThat(priced("quantity > 0", "quantity > 1"))
        .isEqualTo(touched(true, Map.of(), "silver.doubled.*", "gold.products.*", "gold.totals.*"));
  }

  @Test
  void columnsThatAreNewOrGone() {
    assertThat(priced("upper(product) AS product, gross", "product AS name, gross").columns())
        .isEqualTo(Map.of("name", How.ADDED, "product", How.REMOVED));
  }

  @Test
  void columnsOfATableThatReadsAnotherView() {
    shop.write("models/silver/doubled.sql", "SELECT *, net * 3 AS twice FROM silver.priced").open();

    assertThat(shop.touched(TableName.parse("gold.totals")))
        .isEqualTo(touched(false, Map.of("twice", How.CHANGED)));
    assertThat(shop.touched(TableName.parse("gold.products"))).isEqualTo(Touched.NOTHING);
  }

  @Test
  void nothingIfOnlySpaceAndCommentsHaveChanged() {
    assertThat(priced("WITH\n", "-- priced\n\n\nWITH\n")).isEqualTo(Touched.NOTHING);
  }
}
