package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.lake.Schemas;
import io.millrace.project.Materialization;
import io.millrace.project.Model;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.StreamContract;
import io.millrace.shop.Fate;
import io.millrace.shop.Shop;
import io.millrace.shop.ShopEvent;
import io.millrace.shop.ShopProfile;
import io.millrace.shop.ShopStream;
import io.millrace.shop.ShopTime;
import io.millrace.testkit.Repository;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The warehouse of the pack that ships, as its SQL makes it over the tables of its contracts, in a
 * DuckDB of its own: all of the wholesaler's invoices, and three months of a shop.
 */
final class RetailWarehouse {

  static final Path PACK = Repository.here().root().resolve("packs/retail");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long SEED = 11;
  private static final int EVENTS = 60_000;
  private static final Instant OPENED = Instant.parse("2026-01-10T00:00:00Z");
  private static final double EVENTS_PER_SECOND = EVENTS / (90 * 86_400.0);

  /** Customers who come back, and so few products that some are bought together. */
  private static final ShopProfile PROFILE =
      new ShopProfile(600, 120, 2, 0.02, 0.01, 0.02, 0.005, 0.15, ShopProfile.LIVE.flaws());

  private final Project project;
  private final List<ShopEvent> events;
  private final Connection duckdb;

  private RetailWarehouse(Project project, Connection duckdb) {
    this.project = project;
    this.duckdb = duckdb;
    this.events =
        new Shop(SEED, PROFILE, ShopTime.steady(OPENED, EVENTS_PER_SECOND)).nextBatch(EVENTS);
  }

  /** Made for the first who asks, which takes some seconds; nobody changes it. */
  private static final class Shared {
    static final RetailWarehouse WAREHOUSE = open();
  }

  static RetailWarehouse shared() {
    return Shared.WAREHOUSE;
  }

  private static RetailWarehouse open() {
    try (DuckDbSqlReader reader = new DuckDbSqlReader()) {
      RetailWarehouse warehouse =
          new RetailWarehouse(
              ProjectReader.load(PACK, reader), DriverManager.getConnection("jdbc:duckdb:"));
      warehouse.fill();
      return warehouse;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void fill() throws IOException {
    execute("SET TimeZone = 'UTC'");
    QueryPlan.layers().forEach(layer -> execute("CREATE SCHEMA " + layer));
    project.streams().values().forEach(this::makeTables);
    loadInvoices();
    for (ShopStream stream : ShopStream.values()) {
      load(stream, "bronze." + stream, event -> event.fate() == Fate.FRESH);
      load(stream, "quarantine." + stream + "_late", event -> event.fate() == Fate.LATE);
    }
    for (Model model : project.modelsInOrder()) {
      String kind = model.isTable() ? "TABLE" : "VIEW";
      String sql =
          model.materialization() instanceof Materialization.Seed seed
              ? CsvFiles.select(
                  new Input.Csv(PACK.resolve(model.file()), seed.delimiter(), seed.columnTypes()))
              : model.select();
      execute("CREATE %s %s AS %s".formatted(kind, model.name(), sql));
    }
  }

  private void makeTables(StreamContract contract) {
    Schemas.tables(contract)
        .forEach(
            (name, fields) -> {
              String columns =
                  Schemas.schema(fields).columns().stream()
                      .map(it -> it.name() + " " + TableViews.type(it.type()))
                      .collect(Collectors.joining(", "));
              execute("CREATE TABLE %s (%s)".formatted(name, columns));
            });
  }

  /** As the stream does: lines that repeat one in every column are not among the rest. */
  private void loadInvoices() throws IOException {
    try (var file = RetailWarehouse.class.getResourceAsStream("load-invoice-lines.sql")) {
      String sql = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      execute(sql.replace("$file", PACK.resolve("data/online-retail.csv.gz").toString()));
    }
  }

  /** As the stream does: what is malformed or repeated is not among the rest. */
  private void load(ShopStream stream, String table, Predicate<ShopEvent> which)
      throws IOException {
    Path file = Files.createTempFile("shop", ".ndjson");
    try {
      try (OutputStream out = Files.newOutputStream(file)) {
        for (ShopEvent event : events) {
          if (event.stream() == stream && which.test(event)) {
            out.write(event.json());
            out.write('\n');
          }
        }
      }
      String columns =
          Schemas.schema(project.contract(stream.toString()).fields()).columns().stream()
              .map(it -> "%s: '%s'".formatted(it.name(), TableViews.type(it.type())))
              .collect(Collectors.joining(", "));
      execute(
          "INSERT INTO %s BY NAME SELECT *, 0 AS topic_partition, row_number() OVER () AS topic_offset FROM read_json('%s', format = 'newline_delimited', columns = {%s})"
              .formatted(table, file, columns));
    } finally {
      Files.delete(file);
    }
  }

  Project project() {
    return project;
  }

  /** What the shop sent, malformed and repeated events too. */
  List<ShopEvent> events() {
    return Collections.unmodifiableList(events);
  }

  /** The events of a stream that are in its tables. */
  List<JsonNode> events(ShopStream stream) throws IOException {
    List<JsonNode> found = new ArrayList<>();
    for (ShopEvent event : events) {
      if (event.stream() == stream && (event.fate() == Fate.FRESH || event.fate() == Fate.LATE)) {
        found.add(JSON.readTree(event.json()));
      }
    }
    return found;
  }

  void execute(String sql) {
    try (Statement statement = duckdb.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** All rows of a SELECT, with values as {@link Rows} has them. */
  Answer answer(String sql) throws SQLException {
    try (Statement statement = duckdb.createStatement();
        ResultSet results = statement.executeQuery(sql)) {
      List<Rows.Column> columns = new ArrayList<>();
      for (int i = 1; i <= results.getMetaData().getColumnCount(); i++) {
        columns.add(
            new Rows.Column(
                results.getMetaData().getColumnLabel(i),
                results.getMetaData().getColumnTypeName(i)));
      }
      List<List<Object>> rows = new ArrayList<>();
      while (results.next()) {
        List<Object> row = new ArrayList<>();
        for (int i = 1; i <= columns.size(); i++) {
          row.add(PlainValues.of(results.getObject(i)));
        }
        rows.add(Collections.unmodifiableList(row));
      }
      return new Answer(columns, rows, true);
    }
  }

  List<List<Object>> rows(String sql) throws SQLException {
    return answer(sql).rows();
  }

  /** Holds the rows of a SELECT, in any order, against those that are expected. */
  void assertRows(String sql, Collection<? extends List<?>> expected) throws SQLException {
    Answer given = answer(sql);
    List<List<Object>> rows = new ArrayList<>();
    expected.forEach(row -> rows.add(new ArrayList<>(row)));
    Grade grade = Grade.of(given, new Answer(given.columns(), rows, true), List.of());
    assertThat(grade.right()).as("%s\n%s", sql, grade).isTrue();
    assertThat(rows).isNotEmpty();
  }

  /** A row, whose values may be null. */
  static List<Object> row(Object... values) {
    return Arrays.asList(values);
  }

  /** As SQL rounds a number that is not exact. */
  static double round(double value, int digits) {
    double scale = Math.pow(10, digits);
    return Math.round(value * scale) / scale;
  }
}
