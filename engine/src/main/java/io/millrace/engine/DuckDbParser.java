package io.millrace.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.MillraceException;
import io.millrace.core.Quoted;
import io.millrace.core.TableName;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * DuckDB's parser: from text to a tree of JSON and back, and what DuckDB knows of its functions. It
 * runs nothing over data, for its database is empty. Safe for several threads.
 */
final class DuckDbParser implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();

  private final Connection connection;
  private final Set<String> aggregates;
  private final Set<String> unsteady;

  DuckDbParser() {
    try {
      connection = DriverManager.getConnection("jdbc:duckdb:");
      aggregates =
          new TreeSet<>(
              column(
                  """
                  SELECT DISTINCT function_name FROM duckdb_functions()
                  WHERE function_type = 'aggregate'
                  """));
      // Macros that are made of aggregates.
      aggregates.addAll(Set.of("geomean", "geometric_mean", "wavg", "weighted_avg"));
      aggregates.addAll(Set.of("json_group_array", "json_group_object", "json_group_structure"));
      unsteady =
          new TreeSet<>(
              column(
                  """
                  SELECT DISTINCT function_name FROM duckdb_functions()
                  WHERE stability <> 'CONSISTENT' OR function_name LIKE 'current%'
                  """));
      // Macros, and functions that DuckDB takes for steady though they read the clock.
      unsteady.addAll(Set.of("ago", "age", "user", "session_user", "localtime", "localtimestamp"));
    } catch (SQLException e) {
      throw MillraceException.us("Cannot start the SQL parser: " + e.getMessage(), e);
    }
  }

  /**
   * The tree of a text, or of the error in it.
   *
   * @throws JsonProcessingException if the text is nested too deeply
   * @throws SQLException if the parser gives up
   */
  JsonNode parse(String text) throws JsonProcessingException, SQLException {
    return JSON.readTree(value("SELECT CAST(json_serialize_sql(?) AS VARCHAR)", text));
  }

  /** The query in a text that has been checked. */
  JsonNode query(String text) {
    try {
      return parse(text).path("statements").path(0).path("node");
    } catch (JsonProcessingException | SQLException e) {
      throw MillraceException.us("Cannot read SQL that was read before: " + e.getMessage(), e);
    }
  }

  /** The text of a query. */
  String write(JsonNode query) {
    ObjectNode tree = JSON.createObjectNode().put("error", false);
    ObjectNode statement = tree.putArray("statements").addObject();
    statement.set("node", query);
    statement.putArray("named_param_map");
    try {
      return value("SELECT json_deserialize_sql(?::JSON)", tree.toString());
    } catch (SQLException e) {
      throw MillraceException.us("Cannot write SQL that was read: " + e.getMessage(), e);
    }
  }

  /** The text of an expression, which is the name of a column without an alias. */
  String writeExpression(JsonNode expression) {
    ObjectNode query = (ObjectNode) query("SELECT 1");
    ((ArrayNode) query.get("select_list")).set(0, expression.deepCopy());
    return write(query).substring("SELECT ".length());
  }

  /** The columns of {@code item} over the FROM clause {@code from}; none if DuckDB refuses it. */
  Optional<List<String>> names(JsonNode item, JsonNode from) {
    ObjectNode query = (ObjectNode) query("SELECT 1");
    ((ArrayNode) query.get("select_list")).set(0, item.deepCopy());
    query.set("from_table", from.deepCopy());
    return describe(write(query));
  }

  /** A table of these columns, as FROM has it. */
  ObjectNode tableOf(List<String> columns) {
    String nulls =
        columns.stream()
            .map(name -> "NULL AS " + Quoted.name(name))
            .collect(Collectors.joining(", "));
    return (ObjectNode) query("FROM (SELECT " + nulls + ")").get("from_table");
  }

  /** No list of names. */
  JsonNode noNames() {
    return JSON.createArrayNode();
  }

  private synchronized Optional<List<String>> describe(String sql) {
    try {
      return Optional.of(column("DESCRIBE " + sql));
    } catch (SQLException e) {
      return Optional.empty();
    }
  }

  synchronized Map<TableName, List<String>> operationsTables() {
    Map<TableName, List<String>> tables = new HashMap<>();
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA ops");
      for (OperationsTable table : OperationsTable.values()) {
        table.create(connection);
        tables.put(table.table(), column("DESCRIBE " + table.table()));
      }
      statement.execute("DROP SCHEMA ops CASCADE");
      return tables;
    } catch (SQLException e) {
      throw MillraceException.us("Cannot read the columns of ops: " + e.getMessage(), e);
    }
  }

  /** Functions that make one value of many rows. */
  boolean isAggregate(String function) {
    return aggregates.contains(function);
  }

  /** Functions whose answer is another one each time, or depends on the clock. */
  boolean isUnsteady(String function) {
    return unsteady.contains(function);
  }

  private synchronized String value(String sql, String parameter) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, parameter);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }

  private List<String> column(String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw MillraceException.us("Cannot close the SQL parser: " + e.getMessage(), e);
    }
  }
}
