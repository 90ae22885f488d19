package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** Questions to, and small changes of, the tree that DuckDB's parser makes of SQL. */
final class SqlTree {

  private SqlTree() {}

  static String type(JsonNode node) {
    return node.path("type").asText();
  }

  static boolean isClass(JsonNode node, String name) {
    return node.path("class").asText().equals(name);
  }

  /** Whether it binds parameters: the parser calls JSON's arrow a lambda, too. */
  static boolean isLambda(JsonNode node) {
    return isClass(node, "LAMBDA") && node.path("syntax_type").asText().equals("LAMBDA_KEYWORD");
  }

  static String function(JsonNode node) {
    return isClass(node, "FUNCTION") ? lower(node.path("function_name")) : "";
  }

  static String lower(JsonNode name) {
    return name.asText().toLowerCase(Locale.ROOT);
  }

  /** All nodes below and including this one, parents first. */
  static List<JsonNode> all(JsonNode root, Predicate<JsonNode> wanted) {
    List<JsonNode> found = new ArrayList<>();
    collect(root, wanted, found);
    return found;
  }

  private static void collect(JsonNode node, Predicate<JsonNode> wanted, List<JsonNode> found) {
    if (node.isObject() && wanted.test(node)) {
      found.add(node);
    }
    node.forEach(child -> collect(child, wanted, found));
  }

  static boolean any(JsonNode root, Predicate<JsonNode> wanted) {
    return !all(root, wanted).isEmpty();
  }

  static boolean isBaseTable(JsonNode node) {
    return type(node).equals("BASE_TABLE");
  }

  static TableName tableOf(JsonNode baseTable) {
    JsonNode path = baseTable.path("qualified_name").path("path");
    if (path.size() != 2) {
      throw new NotKeyed("it reads '%s', which has no layer".formatted(path.path(0).asText()));
    }
    return new TableName(lower(path.get(0)), lower(path.get(1)));
  }

  static void setTable(ObjectNode baseTable, String schema, String name) {
    baseTable.put("schema_name", schema).put("table_name", name);
    ArrayNode path = ((ObjectNode) baseTable.get("qualified_name")).putArray("path");
    path.add(schema).add(name);
  }

  /** The parts of a condition that all must hold. */
  static List<JsonNode> conjuncts(JsonNode condition) {
    if (condition.isNull() || condition.isMissingNode()) {
      return List.of();
    }
    if (!type(condition).equals("CONJUNCTION_AND")) {
      return List.of(condition);
    }
    List<JsonNode> parts = new ArrayList<>();
    condition.path("children").forEach(child -> parts.addAll(conjuncts(child)));
    return parts;
  }

  /** A tree without what does not change its meaning: places in the text, names of columns. */
  static JsonNode bare(JsonNode tree) {
    JsonNode copy = tree.deepCopy();
    for (JsonNode node : all(copy, it -> true)) {
      ((ObjectNode) node).remove(List.of("query_location", "query_location_length"));
    }
    return copy;
  }

  /** The text of a query's clauses, without its columns and without the queries it is made of. */
  static String clauses(JsonNode query) {
    ObjectNode copy = (ObjectNode) bare(query);
    copy.remove(List.of("select_list", "cte_map", "left", "right", "children"));
    removeQueries(copy.path("from_table"));
    return copy.toString();
  }

  private static void removeQueries(JsonNode from) {
    if (from instanceof ObjectNode node) {
      if (type(node).equals("SUBQUERY")) {
        node.remove("subquery");
      }
      List.of("left", "right", "source").forEach(side -> removeQueries(node.path(side)));
    }
  }

  /** DuckDB writes VALUES in one more SELECT than it reads. */
  static JsonNode withoutWrappedValues(JsonNode tree) {
    JsonNode copy = tree.deepCopy();
    for (JsonNode node : all(copy, it -> it.has("from_table"))) {
      JsonNode inner = node.path("from_table").path("subquery").path("node").path("from_table");
      if (type(inner).equals("EXPRESSION_LIST")
          && node.path("from_table").path("alias").equals(inner.path("alias"))) {
        ((ObjectNode) node).set("from_table", inner);
      }
    }
    return copy;
  }

  static JsonNode anonymous(JsonNode expression) {
    JsonNode copy = bare(expression);
    if (copy.isObject()) {
      ((ObjectNode) copy).put("alias", "");
    }
    return copy;
  }
}
