package io.millrace.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.TableName;
import io.millrace.models.SmallShop.Sale;
import io.millrace.schedule.Warehouse.Outcome;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestsOfNewRowsTest {

  private static final TableName ALL = TableName.parse("gold.all_sales");
  private static final String UNTESTED =
      "models:\n  - name: all_sales\n    config: {materialized: incremental, incremental_strategy: append}\n";
  private static final String TESTED = UNTESTED + "    data_tests: [{unique: {columns: [%s]}}]\n";
  private static final String BY_SALE = TESTED.formatted("sale_id");

  @TempDir Path folder;
  private SmallShop shop;

  @BeforeEach
  void makeShop() {
    shop =
        new SmallShop(folder)
            .write(
                "models/gold/all_sales.sql", "SELECT sale_id, product, quantity FROM bronze.sales");
  }

  @AfterEach
  void closeShop() {
    shop.close();
  }

  private void open(String schema) {
    shop.write("models/schema.yml", schema).open();
  }

  private void sell(String... ids) {
    for (String id : ids) {
      shop.sell(
          SmallShop.SALES, new Sale(id, Instant.parse("2026-03-02T10:00:00Z"), "tea", 1, "1.50"));
    }
  }

  private void passes() {
    assertThat(shop.pass().get(ALL)).isInstanceOf(Outcome.Published.class);
  }

  private void refuses(String... examples) {
    Map<TableName, Outcome> outcomes = shop.pass();
    assertThat(((Outcome.Refused) outcomes.get(ALL)).why())
        .singleElement()
        .asString()
        .contains("%d values of ".formatted(examples.length))
        .contains(examples);
  }

  @Test
  void aNewRowLikeAnOldOneIsFound() {
    open(BY_SALE);
    sell("1", "2");
    passes();
    sell("3");
    passes();

    sell("4", "1");
    refuses("{sale_id=1, rows=2}");
    sell("5");
    refuses("{sale_id=1, rows=2}");
    assertThat(shop.rows("SELECT sale_id FROM gold.all_sales ORDER BY 1"))
        .containsExactly("[1]", "[2]", "[3]");
  }

  @Test
  void newRowsThatAreAlikeAreFound() {
    open(BY_SALE);
    sell("1");
    passes();

    sell("2", "2", "2");
    refuses("{sale_id=2, rows=3}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sale_id", "sale_id, product"})
  void whatWasNeverTestedIsLookedAtWhole(String columns) {
    open(UNTESTED);
    sell("1", "1");
    passes();

    open(TESTED.formatted(columns));
    sell("2");
    refuses("rows=2");
  }

  @Test
  void anotherTestLooksAtTheWholeTable() {
    open(BY_SALE);
    sell("1", "2");
    passes();

    open(TESTED.formatted("product"));
    sell("3");
    refuses("{product=tea, rows=3}");
  }

  @Test
  void aWarningIsSaidForAsLongAsItIsTrue() {
    open(UNTESTED + "    data_tests: [{unique: {columns: [sale_id], severity: warn}}]\n");
    sell("1", "1");
    passes();
    sell("2");

    assertThat(((Outcome.Published) shop.pass().get(ALL)).warnings())
        .singleElement()
        .asString()
        .contains("{sale_id=1, rows=2}");
  }

  @Test
  void aTestThatIsNewIsAskedOfOldRows() {
    open(UNTESTED);
    sell("1");
    passes();

    open(
        UNTESTED
            + "    columns: [{name: product, data_tests: [accepted_values: {values: [x]}]}]\n");
    sell("2");
    refuses("{product=tea, rows=2}");
  }
}
