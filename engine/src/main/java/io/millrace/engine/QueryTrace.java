package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.TableName;
import io.millrace.engine.Scope.Column;
import io.millrace.engine.Scope.From;
import io.millrace.engine.Scope.Relation;
import io.millrace.project.ColumnTracer.Output;
import io.millrace.project.ColumnTracer.Traced;
import io.millrace.project.ColumnTracer.Use;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Follows the columns of a query to the columns of the tables it reads. For one text. */
final class QueryTrace {

  /** A recursive query has settled long before, for each round adds a source that was not there. */
  private static final int MAX_ROUNDS = 100;

  /** What a query answers; with {@code unknown}, and columns of a table that is not known. */
  record Result(List<Column> columns, Sources rows, Optional<TableName> unknown) {}

  private final SqlText text;
  private final DuckDbParser parser;
  private final ExpressionTrace expressions = new ExpressionTrace(this);
  private final Stars stars;
  private final FromTrace tables;
  private final Set<String> notes = new LinkedHashSet<>();

  QueryTrace(String sql, Map<TableName, List<String>> tables, DuckDbParser parser) {
    this.text = new SqlText(sql);
    this.parser = parser;
    this.stars = new Stars(this, parser);
    this.tables = new FromTrace(this, tables, parser);
  }

  Traced trace(JsonNode query) {
    Result result = query(query, Scope.empty());
    return new Traced(
        result.columns().stream()
            .map(
                it -> new Output(it.name(), it.line(), it.sources().toSet(), it.sources().recipe()))
            .toList(),
        result.rows().toSet(),
        result.rows().recipe(),
        List.copyOf(notes));
  }

  ExpressionTrace expressions() {
    return expressions;
  }

  Stars stars() {
    return stars;
  }

  int line(JsonNode node) {
    return text.line(node);
  }

  void note(JsonNode node, String what) {
    notes.add("line " + line(node) + ": " + what);
  }

  boolean isAggregate(String function) {
    return parser.isAggregate(function);
  }

  Result query(JsonNode node, Scope outer) {
    Scope scope = outer.over(From.NOTHING);
    for (JsonNode entry : node.path("cte_map").path("map")) {
      String name = lower(entry.path("key").asText());
      JsonNode value = entry.path("value");
      scope.define(name, renamed(named(value, scope), value.path("aliases")));
    }
    return switch (node.path("type").asText()) {
      case "SELECT_NODE" -> select(node, scope);
      case "SET_OPERATION_NODE" -> setOperation(node, scope);
      case "RECURSIVE_CTE_NODE" -> recursive(node, node.path("aliases"), scope);
      default -> {
        note(node, node.path("type").asText() + " is not followed");
        yield new Result(List.of(), new Sources(), Optional.empty());
      }
    };
  }

  private Result named(JsonNode entry, Scope scope) {
    JsonNode body = entry.path("query_node");
    return body.path("type").asText().equals("RECURSIVE_CTE_NODE")
        ? recursive(body, entry.path("aliases"), scope)
        : query(body, scope);
  }

  /** Until another round adds nothing. */
  private Result recursive(JsonNode node, JsonNode aliases, Scope outer) {
    Result start = query(node.path("left"), outer);
    Result known = renamed(start, aliases);
    for (int round = 0; round < MAX_ROUNDS; round++) {
      Scope scope = outer.over(From.NOTHING);
      scope.define(lower(node.path("cte_name").asText()), known);
      Result next = query(node.path("right"), scope);
      Result both = renamed(byPosition(List.of(start, next), Set.of(0, 1)), aliases);
      if (!node.path("union_all").asBoolean()) {
        both.columns().forEach(it -> both.rows().addAll(it.sources(), Use.DECIDES));
      }
      if (same(known, both)) {
        break;
      }
      known = both;
    }
    known.rows().by(SqlTree.clauses(node));
    return known;
  }

  private static boolean same(Result a, Result b) {
    for (int i = 0; i < a.columns().size(); i++) {
      if (!a.columns().get(i).sources().same(b.columns().get(i).sources())) {
        return false;
      }
    }
    return a.rows().same(b.rows());
  }

  private Result select(JsonNode node, Scope outer) {
    From from = tables.of(node.path("from_table"), outer);
    Scope scope = outer.over(from);
    Sources rows = new Sources().addAll(from.rows(), Use.DECIDES);
    List<Column> columns = new ArrayList<>();
    boolean groupsAll = node.path("aggregate_handling").asText().equals("FORCE_AGGREGATES");
    for (JsonNode item : node.path("select_list")) {
      List<Column> made = item(item, scope);
      columns.addAll(made);
      if (groupsAll && !holds(item, "WINDOW") && !aggregates(item)) {
        made.forEach(it -> rows.addAll(it.sources(), Use.DECIDES));
      }
      if (unnests(item)) {
        made.forEach(it -> rows.addAll(it.sources(), Use.DECIDES));
      }
    }
    for (String clause : List.of("where_clause", "having", "qualify")) {
      rows.addAll(expressions.of(node.path(clause), scope, Use.DECIDES), Use.DECIDES);
    }
    node.path("group_expressions").forEach(it -> rows.addAll(nth(it, columns, scope), Use.DECIDES));
    Optional<TableName> unknown =
        from.relations().stream()
            .filter(it -> Stars.in(node.path("select_list")).isPresent())
            .flatMap(it -> it.unknown().stream())
            .findFirst();
    return modified(node, new Result(once(columns), rows, unknown), scope);
  }

  private List<Column> item(JsonNode item, Scope scope) {
    Optional<JsonNode> star = Stars.in(item);
    if (star.isPresent()) {
      List<Column> columns = stars.expand(item, star.get(), scope);
      columns.forEach(it -> scope.alias(it.name(), it.sources()));
      return columns;
    }
    Sources sources = expressions.of(item, scope, Use.COPY);
    String name = name(item);
    scope.alias(name, sources);
    return List.of(new Column(name, line(item), sources));
  }

  private String name(JsonNode item) {
    String alias = item.path("alias").asText();
    if (!alias.isEmpty()) {
      return lower(alias);
    }
    JsonNode names = item.path("column_names");
    return lower(
        names.isEmpty() ? parser.writeExpression(item) : names.get(names.size() - 1).asText());
  }

  /** A number in GROUP BY or ORDER BY is a column of the answer. */
  private Sources nth(JsonNode expression, List<Column> columns, Scope scope) {
    JsonNode literal = expression.path("literal");
    if (literal.path("kind").asText().equals("INTEGER")) {
      int index = literal.path("text").asInt() - 1;
      return index >= 0 && index < columns.size() ? columns.get(index).sources() : new Sources();
    }
    return expressions.of(expression, scope, Use.DECIDES);
  }

  private Result setOperation(JsonNode node, Scope outer) {
    List<Result> children = new ArrayList<>();
    node.path("children").forEach(child -> children.add(query(child, outer)));
    String type = node.path("setop_type").asText();
    boolean union = type.startsWith("UNION");
    Result both =
        type.endsWith("BY_NAME")
            ? byName(children)
            : byPosition(children, union ? positions(children) : Set.of(0));
    if (!union || !node.path("setop_all").asBoolean()) {
      children.stream()
          .flatMap(child -> child.columns().stream())
          .forEach(it -> both.rows().addAll(it.sources(), Use.DECIDES));
    }
    Relation answer = new Relation("", "", both.columns(), both.unknown());
    return modified(node, both, outer.over(From.of(answer, both.rows())));
  }

  private static Set<Integer> positions(List<Result> children) {
    Set<Integer> all = new HashSet<>();
    for (int i = 0; i < children.size(); i++) {
      all.add(i);
    }
    return all;
  }

  /** The columns of the first, with the values of those of the children that give values. */
  private static Result byPosition(List<Result> children, Set<Integer> givers) {
    List<Column> columns = new ArrayList<>();
    List<Column> first = children.get(0).columns();
    for (int i = 0; i < first.size(); i++) {
      Sources sources = new Sources();
      for (int child : givers) {
        List<Column> others = children.get(child).columns();
        if (i < others.size()) {
          sources.addAll(others.get(i).sources(), Use.COPY);
        }
      }
      columns.add(new Column(first.get(i).name(), first.get(i).line(), sources));
    }
    return new Result(columns, rows(children), unknown(children));
  }

  private static Result byName(List<Result> children) {
    List<Column> columns = new ArrayList<>();
    for (Result child : children) {
      for (Column column : child.columns()) {
        columns.stream()
            .filter(it -> it.name().equals(column.name()))
            .findFirst()
            .orElseGet(
                () -> {
                  Column added = new Column(column.name(), column.line(), new Sources());
                  columns.add(added);
                  return added;
                })
            .sources()
            .addAll(column.sources(), Use.COPY);
      }
    }
    return new Result(columns, rows(children), unknown(children));
  }

  private static Sources rows(List<Result> children) {
    Sources rows = new Sources();
    children.forEach(child -> rows.addAll(child.rows(), Use.DECIDES));
    return rows;
  }

  private static Optional<TableName> unknown(List<Result> children) {
    return children.stream().flatMap(it -> it.unknown().stream()).findFirst();
  }

  /** DISTINCT and LIMIT choose rows, and with LIMIT so does ORDER BY. */
  private Result modified(JsonNode node, Result result, Scope scope) {
    result.rows().by(SqlTree.clauses(node));
    JsonNode modifiers = node.path("modifiers");
    boolean limited = has(modifiers, "LIMIT");
    for (JsonNode modifier : modifiers) {
      String type = modifier.path("type").asText();
      boolean chosen = limited || modifier.has("distinct_on_targets");
      if (type.equals("DISTINCT_MODIFIER")) {
        JsonNode targets = modifier.path("distinct_on_targets");
        targets.forEach(it -> result.rows().addAll(nth(it, result.columns(), scope), Use.DECIDES));
        if (targets.isEmpty()) {
          result.columns().forEach(it -> result.rows().addAll(it.sources(), Use.DECIDES));
        }
      } else if (type.equals("ORDER_MODIFIER") && (chosen || has(modifiers, "DISTINCT"))) {
        for (JsonNode order : modifier.path("orders")) {
          order(order.path("expression"), result, scope);
        }
      } else if (type.contains("LIMIT")) {
        for (String part : List.of("limit", "offset")) {
          result
              .rows()
              .addAll(expressions.of(modifier.path(part), scope, Use.DECIDES), Use.DECIDES);
        }
      }
    }
    return result;
  }

  private void order(JsonNode expression, Result result, Scope scope) {
    if (expression.path("class").asText().equals("STAR")) {
      result.columns().forEach(it -> result.rows().addAll(it.sources(), Use.DECIDES));
    } else {
      result.rows().addAll(nth(expression, result.columns(), scope), Use.DECIDES);
    }
  }

  private static boolean has(JsonNode modifiers, String kind) {
    for (JsonNode modifier : modifiers) {
      if (modifier.path("type").asText().startsWith(kind)) {
        return true;
      }
    }
    return false;
  }

  /** A list of names in front of a query gives its first columns other names. */
  static Result renamed(Result result, JsonNode aliases) {
    if (aliases.isEmpty()) {
      return result;
    }
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < result.columns().size(); i++) {
      Column column = result.columns().get(i);
      String name = i < aliases.size() ? lower(aliases.get(i).asText()) : column.name();
      columns.add(new Column(name, column.line(), column.sources()));
    }
    return new Result(columns, result.rows(), result.unknown());
  }

  /** The second column of a name gets a number, as DuckDB does for views and subqueries. */
  private static List<Column> once(List<Column> columns) {
    Set<String> taken = new HashSet<>();
    List<Column> once = new ArrayList<>();
    for (Column column : columns) {
      String name = column.name();
      for (int i = 1; !taken.add(name); i++) {
        name = column.name() + "_" + i;
      }
      once.add(new Column(name, column.line(), column.sources()));
    }
    return once;
  }

  private boolean aggregates(JsonNode node) {
    if (node.has("subquery")) {
      return false;
    }
    if (node.path("class").asText().equals("FUNCTION")
        && isAggregate(lower(node.path("function_name").asText()))) {
      return true;
    }
    for (JsonNode child : node) {
      if (child.isContainerNode() && aggregates(child)) {
        return true;
      }
    }
    return false;
  }

  private static boolean unnests(JsonNode node) {
    if (lower(node.path("function_name").asText()).equals("unnest")) {
      return true;
    }
    for (JsonNode child : node) {
      if (child.isContainerNode() && unnests(child)) {
        return true;
      }
    }
    return false;
  }

  private static boolean holds(JsonNode node, String kind) {
    if (node.path("class").asText().equals(kind)) {
      return true;
    }
    for (JsonNode child : node) {
      if (child.isContainerNode() && holds(child, kind)) {
        return true;
      }
    }
    return false;
  }

  static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
