package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.TableName;
import io.millrace.project.DataVault;
import io.millrace.project.Model;
import io.millrace.project.Reshaped;
import io.millrace.project.Snowflake;
import io.millrace.project.Star;
import io.millrace.testkit.Golden;
import io.millrace.testkit.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The star of the pack that ships, as a snowflake and as a Data Vault, over a year of invoices. */
class ShapesTest {

  private static final Path FIGURES = Path.of("docs/shapes.json");
  private static final String GOLD = "gold";

  private static final RetailWarehouse warehouse = RetailWarehouse.shared();
  private static Star star;
  private static Star shop;
  private static List<Reshaped> shapes;

  @TempDir static Path folder;

  @BeforeAll
  static void reshape() throws Exception {
    star = star("gold.fct_trade_lines");
    shop = star("gold.fct_order_lines");
    shapes = List.of(Snowflake.of(star), DataVault.of(star));
    shapes.forEach(ShapesTest::make);
    make(Snowflake.of(shop));
    make(DataVault.of(shop));
    if (Boolean.getBoolean("shapes.measure")) {
      Files.writeString(
          Repository.here().root().resolve(FIGURES),
          new ShapeFigures(warehouse, star, shapes, folder).measured() + "\n");
    }
  }

  private static Star star(String facts) {
    return Star.of(warehouse.project(), TableName.parse(facts), ShapesTest::columnsOf);
  }

  private static void make(Reshaped shape) {
    shape.statements().forEach(warehouse::execute);
  }

  private static List<String> columnsOf(TableName table) {
    return List.copyOf(types(table).keySet());
  }

  private static Map<String, String> types(TableName table) {
    try {
      Map<String, String> types = new LinkedHashMap<>();
      for (List<Object> column : warehouse.rows("DESCRIBE " + table)) {
        types.put(column.get(0).toString(), column.get(1).toString());
      }
      return types;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void pageIsWhatTheDefinitionsSay() {
    Golden.assertMatches(
        Path.of("docs/reference/retail-star.md"),
        StarPage.text(List.of(shop, star), ShapesTest::types));
  }

  @Test
  void everyColumnOfTheStarsIsDescribed() {
    for (Star each : List.of(shop, star)) {
      List<Model> models = new ArrayList<>(List.of(each.fact()));
      each.points().forEach(point -> models.add(point.model()));
      for (Model model : models) {
        assertThat(StarPage.described(model).keySet())
            .as(model.name().toString())
            .containsAll(columnsOf(model.name()));
      }
    }
  }

  @Test
  void eachShapeHasTheRowsOfTheStar() throws SQLException {
    for (Reshaped shape : shapes) {
      assertThat(shape.views()).hasSize(4);
      assertIsTheStar(shape);
    }
  }

  @Test
  void aStarWithVersionsCanBeReshapedToo() throws SQLException {
    assertThat(shop.points())
        .extracting(point -> point.shortName() + " by " + point.businessKey())
        .contains("product by [product_id]", "customer by [user_id]");
    assertIsTheStar(Snowflake.of(shop));
    assertIsTheStar(DataVault.of(shop));
  }

  private static void assertIsTheStar(Reshaped shape) throws SQLException {
    for (Reshaped.Part view : shape.views()) {
      String difference =
          "SELECT count(*) FROM ((SELECT * FROM gold.%2$s EXCEPT ALL SELECT * FROM %1$s.%2$s) UNION ALL (SELECT * FROM %1$s.%2$s EXCEPT ALL SELECT * FROM gold.%2$s))"
              .formatted(shape.mart(), view.name());
      assertThat(warehouse.rows(difference))
          .as(shape.mart() + "." + view.name())
          .containsExactly(List.of(0L));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "all_revenue",
        "revenue_by_quarter",
        "best_products_of_a_month",
        "countries_by_year",
        "one_customer",
        "categories"
      })
  void eachShapeAnswersAsTheStarDoes(String question) throws Exception {
    List<String> answers = answer(GOLD, question);
    assertThat(answers).isNotEmpty().isEqualTo(answer(shapes.get(0).mart(), question));
    assertThat(answers).isEqualTo(answer(shapes.get(1).mart(), question));
  }

  private static List<String> answer(String schema, String question) throws SQLException {
    warehouse.execute("SET search_path = '" + schema + "'");
    try {
      return warehouse.rows(ShapeFigures.question(question)).stream()
          .map(Object::toString)
          .sorted()
          .toList();
    } finally {
      warehouse.execute("RESET search_path");
    }
  }

  @Test
  void pageOfShapesSaysWhatTheFiguresSay() throws IOException {
    JsonNode figures = new ObjectMapper().readTree(Repository.here().text(FIGURES).text());
    Golden.assertMatches(Path.of("docs/star-snowflake-vault.md"), ShapesPage.text(figures, shapes));
  }

  @Test
  void figuresAreOfTheseRows() throws Exception {
    JsonNode figures = new ObjectMapper().readTree(Repository.here().text(FIGURES).text());
    Map<String, Long> kept = new TreeMap<>();
    for (JsonNode shape : figures.get("shapes")) {
      for (JsonNode table : shape.get("tables")) {
        kept.put(
            shape.get("name").asText() + "." + table.get("name").asText(),
            table.get("rows").asLong());
      }
    }
    Map<String, Long> now = new TreeMap<>();
    for (Map.Entry<String, List<String>> shape : ShapeFigures.tables(star, shapes).entrySet()) {
      for (String table : shape.getValue()) {
        now.put(
            ShapeFigures.name(shape.getKey()) + "." + table,
            (Long)
                warehouse
                    .rows("SELECT count(*) FROM %s.%s".formatted(shape.getKey(), table))
                    .get(0)
                    .get(0));
      }
    }
    assertThat(kept)
        .as("%s was measured of other rows; measure again as the page says", FIGURES)
        .isEqualTo(now);
  }
}
