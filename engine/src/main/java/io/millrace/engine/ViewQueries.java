package io.millrace.engine;

import static io.millrace.engine.SqlTree.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.TableName;
import io.millrace.engine.Changes.Touched;
import io.millrace.project.ColumnTracer.Output;
import io.millrace.project.ColumnTracer.Traced;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is asked of the queries in a view, and the pieces that are put into them. */
final class ViewQueries {

  /** Columns of tables of keys have names that no table of a project has. */
  private static final String KEY = "millrace_key_";

  private final Map<TableName, List<String>> tables;
  private final DuckDbParser parser;

  ViewQueries(Map<TableName, List<String>> tables, DuckDbParser parser) {
    this.tables = tables;
    this.parser = parser;
  }

  /** The columns of a query. */
  List<String> names(JsonNode query) {
    Traced traced = new QueryTrace("", tables, parser).trace(query);
    if (!traced.notes().isEmpty()) {
      throw new NotKeyed(traced.notes().get(0).replaceFirst("line \\d+: ", ""));
    }
    return traced.columns().stream().map(Output::name).toList();
  }

  Shape shape(JsonNode from) {
    return Shape.of(from, this::columnsOf);
  }

  /** With the columns of both sides, those of a SEMI JOIN too, as its condition sees them. */
  Shape wide(JsonNode join) {
    ObjectNode inner = join.deepCopy();
    inner.put("join_type", "INNER");
    return shape(inner);
  }

  private List<String> columnsOf(JsonNode leaf) {
    if (type(leaf).equals("TABLE_FUNCTION")) {
      ObjectNode unbound = leaf.deepCopy();
      ((ObjectNode) unbound.get("function")).putArray("arguments");
      return names(over("SELECT *", unbound));
    }
    return names(over("SELECT *", leaf));
  }

  private ObjectNode over(String select, JsonNode from) {
    ObjectNode query = (ObjectNode) parser.query(select + " FROM x");
    query.set("from_table", from);
    return query;
  }

  SelectItems items(JsonNode select) {
    JsonNode from = select.path("from_table");
    return SelectItems.of(
        select,
        shape(from),
        item -> {
          String alias = item.path("alias").asText();
          if (!alias.isEmpty() && Stars.in(item).isEmpty()) {
            return List.of(QueryTrace.lower(alias));
          }
          // Alone, an item cannot name the others; for its name it need not find them.
          ObjectNode query = over("SELECT *", from);
          ((ArrayNode) query.get("select_list")).set(0, item);
          return new QueryTrace("", tables, parser)
              .trace(query).columns().stream().map(Output::name).toList();
        });
  }

  boolean isGrouped(JsonNode select) {
    if (select.path("group_sets").size() > 1) {
      throw new NotKeyed("it groups by several sets");
    }
    return !select.path("group_expressions").isEmpty()
        || select.path("aggregate_handling").asText().equals("FORCE_AGGREGATES")
        || aggregates(select.path("select_list"))
        || aggregates(select.path("having"));
  }

  private boolean aggregates(JsonNode tree) {
    return SqlTree.any(tree, it -> parser.isAggregate(SqlTree.function(it)));
  }

  /** Whether other rows than one have a say in it. */
  boolean isComputedFromMany(JsonNode expression) {
    return aggregates(expression)
        || SqlTree.any(
            expression,
            it -> SqlTree.isClass(it, "WINDOW") || SqlTree.function(it).equals("unnest"));
  }

  static void refuseLimit(JsonNode query) {
    for (JsonNode modifier : query.path("modifiers")) {
      if (type(modifier).contains("LIMIT")) {
        throw new NotKeyed("it uses LIMIT");
      }
      if (!modifier.path("distinct_on_targets").isEmpty()) {
        throw new NotKeyed("it uses DISTINCT ON");
      }
    }
  }

  /** {@code SELECT DISTINCT expressions FROM touched WHERE conditions}. */
  ObjectNode distinct(List<JsonNode> expressions, Touched touched, List<JsonNode> conditions) {
    ObjectNode query = over("SELECT DISTINCT *", touched.from());
    ArrayNode list = query.putArray("select_list");
    for (JsonNode expression : expressions) {
      ObjectNode item = expression.deepCopy();
      item.put("alias", KEY + list.size());
      list.add(item);
    }
    query.set("where_clause", and(conditions));
    return query;
  }

  private JsonNode and(List<JsonNode> conditions) {
    if (conditions.size() < 2) {
      return conditions.isEmpty()
          ? parser.query("SELECT 1").get("where_clause")
          : conditions.get(0);
    }
    ObjectNode both = (ObjectNode) parser.query("SELECT 1 WHERE a AND b").get("where_clause");
    ArrayNode children = both.putArray("children");
    conditions.forEach(children::add);
    return both;
  }

  /** A query as a table of keys. */
  JsonNode asTable(JsonNode query, int keys) {
    ObjectNode table = keyTable("(SELECT 1)", keys);
    ((ObjectNode) table.get("subquery")).set("node", query);
    return table;
  }

  /** A table as FROM has it, its columns with the names of keys. */
  ObjectNode keyTable(String table, int keys) {
    StringBuilder names = new StringBuilder(KEY + 0);
    for (int i = 1; i < keys; i++) {
      names.append(", ").append(KEY).append(i);
    }
    return (ObjectNode)
        parser.query("FROM %s AS millrace_keys(%s)".formatted(table, names)).get("from_table");
  }

  /** Leaves of what a SELECT reads the rows for which the expressions are in a table of keys. */
  void restrict(ObjectNode select, List<JsonNode> expressions, JsonNode keys) {
    ObjectNode exists =
        (ObjectNode)
            parser
                .query("SELECT 1 WHERE EXISTS (SELECT 1 FROM x WHERE a AND b)")
                .get("where_clause");
    ObjectNode inner = (ObjectNode) SqlTree.all(exists, it -> it.has("from_table")).get(0);
    inner.set("from_table", keys);
    ArrayList<JsonNode> equal = new ArrayList<>();
    for (int i = 0; i < expressions.size(); i++) {
      ObjectNode same =
          (ObjectNode)
              parser
                  .query("SELECT 1 WHERE a IS NOT DISTINCT FROM %s%d".formatted(KEY, i))
                  .get("where_clause");
      ObjectNode left = expressions.get(i).deepCopy();
      left.put("alias", "");
      same.set("left", left);
      equal.add(same);
    }
    inner.set("where_clause", and(equal));
    ArrayList<JsonNode> conditions =
        new ArrayList<>(SqlTree.conjuncts(select.path("where_clause")));
    conditions.add(exists);
    select.set("where_clause", and(conditions));
  }

  /** The text of a query, if DuckDB reads it as it was meant. */
  String write(JsonNode query) {
    JsonNode clean = query.deepCopy();
    SqlTree.all(clean, SqlTree::isBaseTable)
        .forEach(it -> ((ObjectNode) it).remove(Inlining.OCCURRENCE));
    String text = parser.write(clean);
    JsonNode written = SqlTree.withoutWrappedValues(SqlTree.bare(parser.query(text)));
    if (!written.equals(SqlTree.bare(clean))) {
      throw new NotKeyed("its SQL cannot be rewritten");
    }
    return text;
  }
}
