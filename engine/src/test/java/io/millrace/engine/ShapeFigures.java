package io.millrace.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.project.Reshaped;
import io.millrace.project.Star;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How large the shapes of a star are as Parquet, and how long each takes to answer. All questions
 * are asked of all shapes in every round, so that each meets the same moments of the machine.
 */
final class ShapeFigures {

  static final List<String> QUESTIONS =
      List.of(
          "all_revenue",
          "revenue_by_quarter",
          "best_products_of_a_month",
          "countries_by_year",
          "one_customer",
          "categories");

  private static final int ROUNDS = 31;
  private static final String STAR = "gold";

  private final RetailWarehouse warehouse;
  private final Star star;
  private final List<Reshaped> shapes;
  private final Path folder;
  private final ObjectNode figures = new ObjectMapper().createObjectNode();

  ShapeFigures(RetailWarehouse warehouse, Star star, List<Reshaped> shapes, Path folder) {
    this.warehouse = warehouse;
    this.star = star;
    this.shapes = shapes;
    this.folder = folder;
  }

  static String question(String name) {
    return Operational.resource("star/" + name + ".sql");
  }

  /** What a shape is called, by its schema. */
  static String name(String schema) {
    return schema.equals(STAR) ? "star" : schema;
  }

  /** The tables of each shape, by schema. */
  static Map<String, List<String>> tables(Star star, List<Reshaped> shapes) {
    Map<String, List<String>> tables = new LinkedHashMap<>();
    List<String> own = new ArrayList<>(List.of(star.fact().name().name()));
    star.points().forEach(it -> own.add(it.model().name().name()));
    tables.put(STAR, own);
    for (Reshaped shape : shapes) {
      tables.put(shape.schema(), shape.tables().stream().map(Reshaped.Part::name).toList());
    }
    return tables;
  }

  String measured() throws SQLException, IOException {
    try (Connection files = DriverManager.getConnection("jdbc:duckdb:")) {
      run(files, "SET threads = 1");
      writeFiles(files);
      Map<String, String> asked = new LinkedHashMap<>(Map.of());
      asked.put("star", STAR);
      for (Reshaped shape : shapes) {
        run(files, "CREATE SCHEMA " + shape.mart());
        for (Reshaped.Part view : shape.views()) {
          run(files, "CREATE VIEW %s.%s AS %s".formatted(shape.mart(), view.name(), view.select()));
        }
        asked.put(shape.schema(), shape.mart());
      }
      ask(files, asked);
    }
    return figures.toPrettyString();
  }

  private void writeFiles(Connection files) throws SQLException, IOException {
    ArrayNode list = figures.putArray("shapes");
    for (Map.Entry<String, List<String>> shape : tables(star, shapes).entrySet()) {
      ArrayNode tables = list.addObject().put("name", name(shape.getKey())).putArray("tables");
      run(files, "CREATE SCHEMA " + shape.getKey());
      for (String table : shape.getValue()) {
        String qualified = shape.getKey() + "." + table;
        Path file = folder.resolve(qualified + ".parquet");
        warehouse.execute(
            "COPY %s TO '%s' (FORMAT parquet, COMPRESSION zstd)".formatted(qualified, file));
        run(files, "CREATE VIEW %s AS SELECT * FROM read_parquet('%s')".formatted(qualified, file));
        tables
            .addObject()
            .put("name", table)
            .put("rows", (Long) warehouse.rows("SELECT count(*) FROM " + qualified).get(0).get(0))
            .put("bytes", Files.size(file));
      }
    }
  }

  private void ask(Connection files, Map<String, String> asked) throws SQLException {
    ArrayNode list = figures.put("rounds", ROUNDS).putArray("questions");
    for (String question : QUESTIONS) {
      Map<String, List<Long>> nanos = new LinkedHashMap<>();
      // The first round is to get warm.
      for (int round = 0; round <= ROUNDS; round++) {
        for (Map.Entry<String, String> shape : asked.entrySet()) {
          run(files, "SET search_path = '" + shape.getValue() + "'");
          long began = System.nanoTime();
          readAll(files, question(question));
          long took = System.nanoTime() - began;
          if (round > 0) {
            nanos.computeIfAbsent(shape.getKey(), first -> new ArrayList<>()).add(took);
          }
        }
      }
      ObjectNode millis = list.addObject().put("name", question).putObject("milliseconds");
      nanos.forEach((shape, all) -> millis.put(shape, Math.round(median(all) / 1e4) / 1e2));
    }
  }

  private static double median(List<Long> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private static void readAll(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        rows.getObject(1);
      }
    }
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
