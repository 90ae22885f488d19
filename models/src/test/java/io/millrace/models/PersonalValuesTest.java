package io.millrace.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.models.SmallShop.Sale;
import io.millrace.schedule.Warehouse.Outcome;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a build has no personal value in it, for it is kept where none is looked for. */
class PersonalValuesTest {

  private static final Instant MONDAY = Instant.parse("2026-03-02T10:00:00Z");

  @TempDir Path folder;
  private SmallShop shop;

  @BeforeEach
  void begin() {
    shop = new SmallShop(folder).sellingPersonally();
  }

  @AfterEach
  void end() {
    shop.close();
  }

  @Test
  void examplesOfAFailedTestAreWithoutThem() {
    TableName buyers = TableName.parse("silver.buyers");
    shop.write("models/silver/buyers.sql", "SELECT lower(product) AS who, amount FROM bronze.sales")
        .write(
            "models/schema.yml",
            """
            models:
              - name: silver.buyers
                config: {materialized: table}
                columns:
                  - name: who
                    tests: [{accepted_values: {values: [nobody]}}]
                  - name: amount
                    tests: [{accepted_values: {values: [1], quote: false}}]
            """)
        .open();
    shop.sell(SmallShop.SALES, new Sale("1", MONDAY, "Anna", 1, "2.50"));

    Outcome.Refused refused = (Outcome.Refused) shop.pass().get(buyers);

    assertThat(refused.why()).anySatisfy(it -> assertThat(it).contains("such as {who=…, rows=1}"));
    assertThat(refused.why())
        .anySatisfy(it -> assertThat(it).contains("such as {amount=2.50, rows=1}"));
    assertThat(shop.results.of(buyers).toString()).doesNotContainIgnoringCase("anna");
  }

  @Test
  void errorsOfABuildAreWithoutThem() {
    shop.write(
            "models/silver/buyers.sql", "SELECT CAST(product AS INT) AS number FROM bronze.sales")
        .write(
            "models/schema.yml",
            "models:\n  - {name: silver.buyers, config: {materialized: table}}\n")
        .open();
    shop.sell(SmallShop.SALES, new Sale("1", MONDAY, "Anna", 1, "2.50"));

    assertThatThrownBy(() -> shop.pass())
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("models/silver/buyers.sql")
        .hasMessageContaining("the value is not told, for it may be personal")
        .hasMessageNotContaining("Anna");
  }

  @Test
  void aMergeSaysWhichKeyIsNotUniqueWithoutThem() {
    shop.write("models/silver/buyers.sql", "SELECT product AS who, amount FROM bronze.sales")
        .write(
            "models/schema.yml",
            """
            models:
              - name: silver.buyers
                config: {materialized: incremental, incremental_strategy: merge, unique_key: who}
            """)
        .open();
    shop.sell(SmallShop.SALES, new Sale("1", MONDAY, "Zoe", 1, "1.50"));
    shop.pass();
    shop.sell(
        SmallShop.SALES,
        new Sale("2", MONDAY, "Anna", 1, "2.50"),
        new Sale("3", MONDAY, "Anna", 1, "3.50"));

    assertThatThrownBy(() -> shop.pass())
        .hasMessageContaining("is not unique among the new rows: {who=…, rows=2}")
        .hasMessageNotContaining("Anna");
  }
}
