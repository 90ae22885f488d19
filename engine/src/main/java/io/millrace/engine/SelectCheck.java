package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.project.SqlReader.Reference;
import io.millrace.project.SqlReader.Sql;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Walks the tree that DuckDB's parser made of a text and lists the tables it reads, unless it holds
 * something that reads or changes anything else.
 *
 * <p>Query nodes, table references and table functions are allowed by name, so what a later DuckDB
 * adds is refused until someone looks at it. Scalar functions are allowed but for a few: they see
 * only the values they are given.
 */
final class SelectCheck {

  private static final Set<String> QUERIES =
      Set.of(
          "SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE", "STATEMENT_NODE");

  private static final Set<String> TABLES =
      Set.of(
          "BASE_TABLE",
          "JOIN",
          "SUBQUERY",
          "EXPRESSION_LIST",
          "EMPTY",
          "EMPTY_FROM",
          "PIVOT",
          "SHOW_REF",
          "TABLE_FUNCTION");

  private static final Set<String> TABLE_FUNCTIONS =
      Set.of("unnest", "range", "generate_series", "json_each", "json_tree");

  /** They read settings or binary states, plan SQL of their own, write logs, or only wait. */
  private static final Set<String> REFUSED_FUNCTIONS =
      Set.of(
          "current_setting",
          "getvariable",
          "getenv",
          "set_config",
          "json_serialize_plan",
          "json_execute_serialized_sql",
          "query",
          "query_table",
          "write_log",
          "sleep_ms",
          "pg_sleep",
          "pg_get_viewdef",
          "nextval",
          "setval",
          "currval",
          "to_aggregate_state",
          "combine",
          "combine_aggr",
          "finalize",
          "variant_bytes_to_variant",
          "read_text",
          "read_blob",
          "glob");

  private static final String ONLY_TABLES =
      "a query reads only the tables of the lake and the models of the project";

  /** A part of a table's name; files have names that are not like this. */
  private static final Pattern NAME = Pattern.compile("\\w+");

  private final SqlText text;
  private final Map<String, Reference> references = new LinkedHashMap<>();

  SelectCheck(String text) {
    this.text = new SqlText(text);
  }

  private static final class Refusal extends RuntimeException {
    private final transient Sql.Refused refused;

    Refusal(Sql.Refused refused) {
      super(refused.what(), null, false, false);
      this.refused = refused;
    }
  }

  Sql check(JsonNode tree) {
    if (tree.path("error").asBoolean()) {
      return parseError(tree);
    }
    JsonNode statements = tree.path("statements");
    if (statements.size() != 1) {
      return new Sql.Refused(
          1, "the SQL has " + statements.size() + " statements", "write one SELECT");
    }
    try {
      walk(statements.get(0), Set.of());
      return new Sql.Select(
          references.values().stream().sorted(Comparator.comparingInt(Reference::line)).toList());
    } catch (Refusal e) {
      return e.refused;
    }
  }

  private Sql parseError(JsonNode tree) {
    String message = tree.path("error_message").asText();
    if (message.startsWith("Only SELECT")) {
      return new Sql.Refused(1, "the SQL is not a SELECT", "a query only reads; write one SELECT");
    }
    int position = Integer.parseInt(tree.path("position").asText("0"));
    return new Sql.Refused(text.line(position), message, "see DuckDB's SQL for the syntax");
  }

  private void walk(JsonNode node, Set<String> names) {
    if (node.isArray()) {
      node.forEach(child -> walk(child, names));
    } else if (node.has("cte_map")) {
      query(node, names);
    } else if (node.has("class")) {
      expression(node);
      node.forEach(child -> walk(child, names));
    } else if (node.has("sample") && node.has("alias")) {
      table(node, names);
    } else if (node.isObject()) {
      node.forEach(child -> walk(child, names));
    }
  }

  /** A name of WITH is known after it is given, and inside itself only if it is recursive. */
  private void query(JsonNode node, Set<String> outer) {
    String type = node.path("type").asText();
    if (!QUERIES.contains(type)) {
      String verb = type.replaceFirst("_.*", "");
      throw refuse(node, verb + " is refused", "a query only reads; write one SELECT");
    }
    Set<String> names = new HashSet<>(outer);
    for (JsonNode entry : node.path("cte_map").path("map")) {
      String name = lower(entry.path("key"));
      JsonNode body = entry.path("value").path("query_node");
      Set<String> inside = new HashSet<>(names);
      if (body.path("type").asText().equals("RECURSIVE_CTE_NODE")) {
        inside.add(name);
      }
      walk(entry.path("value"), inside);
      names.add(name);
    }
    node.properties().stream()
        .filter(property -> !property.getKey().equals("cte_map"))
        .forEach(property -> walk(property.getValue(), names));
  }

  private void expression(JsonNode node) {
    switch (node.path("class").asText()) {
      case "FUNCTION", "WINDOW" -> {
        String function = lower(node.path("function_name"));
        if (REFUSED_FUNCTIONS.contains(function) || function.startsWith("__internal")) {
          throw refuse(node, "function '" + function + "' is refused", ONLY_TABLES);
        }
      }
      case "PARAMETER" ->
          throw refuse(node, "the SQL has a parameter", "write the value in its place");
      default -> {}
    }
  }

  private void table(JsonNode node, Set<String> names) {
    String type = node.path("type").asText();
    if (!TABLES.contains(type)) {
      throw refuse(node, "a table of kind " + type + " is refused", ONLY_TABLES);
    }
    switch (type) {
      case "BASE_TABLE" -> base(node, names);
      case "SHOW_REF" -> {
        if (!node.path("query").isObject()) {
          throw refuse(node, "SHOW is refused", "DESCRIBE a table, or ask 'millrace status'");
        }
      }
      case "TABLE_FUNCTION" -> {
        String function = lower(node.path("function").path("function_name"));
        if (!TABLE_FUNCTIONS.contains(function)) {
          throw refuse(node, "table function '" + function + "' is refused", ONLY_TABLES);
        }
      }
      default -> {}
    }
    node.forEach(child -> walk(child, names));
  }

  private void base(JsonNode node, Set<String> names) {
    if (node.path("at_clause").isObject()) {
      throw refuse(node, "AT is refused", "ask for the whole query as of an instant");
    }
    JsonNode path = node.path("qualified_name").path("path");
    if (path.size() == 1 && names.contains(lower(path.get(0)))) {
      return;
    }
    List<String> parts = new ArrayList<>();
    path.forEach(part -> parts.add(part.asText()));
    String name = String.join(".", parts);
    if (parts.size() > 2 || !parts.stream().allMatch(NAME.asMatchPredicate())) {
      throw refuse(node, "'" + name + "' is not the name of a table", ONLY_TABLES);
    }
    String table = name.toLowerCase(Locale.ROOT);
    references.computeIfAbsent(table, it -> new Reference(it, text.line(node)));
  }

  private Refusal refuse(JsonNode node, String what, String remedy) {
    return new Refusal(new Sql.Refused(text.line(node), what, remedy));
  }

  private static String lower(JsonNode name) {
    return name.asText().toLowerCase(Locale.ROOT);
  }
}
