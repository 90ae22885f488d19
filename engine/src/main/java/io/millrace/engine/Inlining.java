package io.millrace.engine;

import static io.millrace.engine.SqlTree.lower;
import static io.millrace.engine.SqlTree.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.TableName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Makes subqueries of the names of WITH and of views, so that the FROM clauses of a query have
 * tables of the lake alone. Each of them gets a name, and each table in {@code occurrence} a
 * number.
 */
final class Inlining {

  static final String OCCURRENCE = "occurrence";

  private final Map<TableName, String> views;
  private final DuckDbParser parser;

  private record Named(JsonNode query, JsonNode aliases) {}

  Inlining(Map<TableName, String> views, DuckDbParser parser) {
    this.views = views;
    this.parser = parser;
  }

  ObjectNode of(JsonNode query) {
    ObjectNode inlined = query(query.deepCopy(), Map.of());
    int occurrence = 0;
    Set<String> qualified = new HashSet<>();
    for (JsonNode table : SqlTree.all(inlined, SqlTree::isBaseTable)) {
      ((ObjectNode) table).put(OCCURRENCE, occurrence++);
      qualified.add(SqlTree.tableOf(table).toString());
    }
    int subqueries = 0;
    for (JsonNode subquery : SqlTree.all(inlined, it -> type(it).equals("SUBQUERY"))) {
      if (subquery.path("alias").asText().isEmpty()) {
        ((ObjectNode) subquery).put("alias", "millrace_subquery_" + subqueries++);
      }
    }
    views.keySet().forEach(view -> qualified.add(view.toString()));
    unqualify(inlined, qualified);
    return inlined;
  }

  /** {@code bronze.clicks.url} is {@code clicks.url} once the table has an alias. */
  private static void unqualify(JsonNode query, Set<String> tables) {
    for (JsonNode reference : SqlTree.all(query, it -> SqlTree.isClass(it, "COLUMN_REF"))) {
      ArrayNode names = (ArrayNode) reference.path("column_names");
      if (names.size() > 2 && tables.contains(lower(names.get(0)) + "." + lower(names.get(1)))) {
        names.remove(0);
      }
    }
  }

  private ObjectNode query(ObjectNode query, Map<String, Named> outer) {
    Map<String, Named> names = new HashMap<>(outer);
    for (JsonNode entry : query.path("cte_map").path("map")) {
      JsonNode body = entry.path("value").path("query_node");
      if (type(body).equals("RECURSIVE_CTE_NODE")) {
        throw new NotKeyed("it uses WITH RECURSIVE");
      }
      names.put(
          lower(entry.path("key")),
          new Named(query(body.deepCopy(), names), entry.path("value").path("aliases")));
    }
    ((ObjectNode) query.path("cte_map")).putArray("map");
    switch (type(query)) {
      case "SELECT_NODE" -> query.set("from_table", from(query.get("from_table"), names));
      case "SET_OPERATION_NODE" -> {
        ArrayNode children = (ArrayNode) query.get("children");
        for (int i = 0; i < children.size(); i++) {
          children.set(i, query((ObjectNode) children.get(i), names));
        }
      }
      default -> throw new NotKeyed("it is made of a " + type(query));
    }
    return query;
  }

  private JsonNode from(JsonNode node, Map<String, Named> names) {
    ObjectNode table = (ObjectNode) node;
    switch (type(table)) {
      case "BASE_TABLE" -> {
        return base(table, names);
      }
      case "JOIN" -> {
        table.set("left", from(table.get("left"), names));
        table.set("right", from(table.get("right"), names));
      }
      case "SUBQUERY" -> {
        ObjectNode statement = (ObjectNode) table.get("subquery");
        statement.set("node", query((ObjectNode) statement.get("node"), names));
      }
      case "EMPTY", "EMPTY_FROM", "EXPRESSION_LIST", "TABLE_FUNCTION" -> {}
      default -> throw new NotKeyed("it uses " + type(table));
    }
    return table;
  }

  private JsonNode base(ObjectNode table, Map<String, Named> names) {
    JsonNode path = table.path("qualified_name").path("path");
    String name = lower(path.path(path.size() - 1));
    if (table.path("alias").asText().isEmpty()) {
      table.put("alias", name);
    }
    if (path.size() == 1 && names.containsKey(name)) {
      Named query = names.get(name);
      return subquery(table, query.query().deepCopy(), query.aliases());
    }
    String view = views.get(SqlTree.tableOf(table));
    return view == null
        ? table
        : subquery(table, query((ObjectNode) parser.query(view), Map.of()), parser.noNames());
  }

  private ObjectNode subquery(ObjectNode table, JsonNode query, JsonNode aliases) {
    ObjectNode made = (ObjectNode) parser.query("FROM (SELECT 1) AS x").get("from_table");
    made.set("alias", table.get("alias"));
    made.set("sample", table.get("sample"));
    ((ObjectNode) made.get("subquery")).set("node", query);
    ArrayNode own = (ArrayNode) table.get("column_name_alias");
    made.set("column_name_alias", (own.isEmpty() ? aliases : own).deepCopy());
    return made;
  }
}
