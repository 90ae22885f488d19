package io.millrace.engine;

import static io.millrace.engine.ExpressionTrace.lower;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.TableName;
import io.millrace.engine.QueryTrace.Result;
import io.millrace.engine.Scope.Column;
import io.millrace.engine.Scope.From;
import io.millrace.engine.Scope.Relation;
import io.millrace.project.ColumnRef;
import io.millrace.project.ColumnTracer.Use;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Follows a FROM clause: which tables it has, which columns, and what decides its rows. */
final class FromTrace {

  private static final Map<String, List<String>> FUNCTIONS =
      Map.of(
          "unnest", List.of("unnest"),
          "range", List.of("range"),
          "generate_series", List.of("generate_series"),
          "json_each", jsonColumns(),
          "json_tree", jsonColumns());

  private final QueryTrace queries;
  private final Map<TableName, List<String>> tables;
  private final DuckDbParser parser;

  FromTrace(QueryTrace queries, Map<TableName, List<String>> tables, DuckDbParser parser) {
    this.queries = queries;
    this.tables = new HashMap<>(tables);
    this.parser = parser;
  }

  private static List<String> jsonColumns() {
    return List.of("key", "value", "type", "atom", "id", "parent", "fullkey", "path");
  }

  From of(JsonNode node, Scope outer) {
    return switch (node.path("type").asText()) {
      case "BASE_TABLE" -> base(node, outer);
      case "SUBQUERY" -> {
        Result answer = queries.query(node.path("subquery").path("node"), outer);
        yield relation(node, lower(node.path("alias")), "", answer);
      }
      case "JOIN" -> join(node, outer);
      case "EXPRESSION_LIST" -> values(node, outer);
      case "TABLE_FUNCTION" -> function(node, outer);
      case "PIVOT" -> pivot(node, outer);
      case "EMPTY", "EMPTY_FROM" -> From.NOTHING;
      default -> {
        queries.note(node, node.path("type").asText() + " is not followed");
        yield From.NOTHING;
      }
    };
  }

  private static From relation(JsonNode node, String alias, String layer, Result answer) {
    Result named = QueryTrace.renamed(answer, node.path("column_name_alias"));
    return From.of(new Relation(alias, layer, named.columns(), named.unknown()), named.rows());
  }

  private From base(JsonNode node, Scope outer) {
    JsonNode path = node.path("qualified_name").path("path");
    String name = lower(path.path(path.size() - 1));
    String alias = lower(node.path("alias"));
    String known = alias.isEmpty() ? name : alias;
    if (path.size() == 1) {
      Optional<Result> query = outer.query(name);
      if (query.isPresent()) {
        return relation(node, known, "", query.get());
      }
      queries.note(node, "table '" + name + "' has no layer: it is not followed");
      return From.of(new Relation(known, "", List.of(), Optional.empty()), new Sources());
    }
    TableName table = new TableName(lower(path.path(0)), name);
    String layer = alias.isEmpty() ? table.layer() : "";
    Sources rows = Sources.of(ColumnRef.rows(table), Use.DECIDES);
    List<String> names = tables.get(table);
    if (names == null) {
      queries.note(node, "the columns of " + table + " are not known");
      Column all = new Column("*", queries.line(node), Sources.of(ColumnRef.rows(table), Use.COPY));
      return relation(node, known, layer, new Result(List.of(all), rows, Optional.of(table)));
    }
    List<Column> columns = names.stream().map(it -> column(table, it, queries.line(node))).toList();
    return relation(node, known, layer, new Result(columns, rows, Optional.empty()));
  }

  private static Column column(TableName table, String name, int line) {
    ColumnRef column = new ColumnRef(table, name);
    return new Column(column.column(), line, Sources.of(column, Use.COPY));
  }

  /** The right side may name columns of the left one, with LATERAL or without. */
  private From join(JsonNode node, Scope outer) {
    From left = of(node.path("left"), outer);
    From right = of(node.path("right"), outer.over(left));
    List<Relation> relations = new ArrayList<>(left.relations());
    relations.addAll(right.relations());
    List<Column> both = new ArrayList<>(left.star());
    both.addAll(right.star());
    Sources rows = new Sources().addAll(left.rows(), Use.DECIDES);
    rows.addAll(right.rows(), Use.DECIDES);
    Scope scope = outer.over(new From(relations, both, rows));
    rows.addAll(queries.expressions().of(node.path("condition"), scope, Use.DECIDES), Use.DECIDES);
    Set<String> shared = shared(node, left, right);
    both.stream()
        .filter(it -> shared.contains(it.name()))
        .forEach(it -> rows.addAll(it.sources(), Use.DECIDES));
    String kind = node.path("join_type").asText();
    if (kind.equals("SEMI") || kind.equals("ANTI")) {
      return new From(left.relations(), left.star(), rows);
    }
    List<Column> star = new ArrayList<>();
    left.star().forEach(it -> star.add(shared.contains(it.name()) ? merged(it, right, kind) : it));
    right.star().stream().filter(it -> !shared.contains(it.name())).forEach(star::add);
    return new From(relations, star, rows);
  }

  private static Set<String> shared(JsonNode join, From left, From right) {
    if (join.path("ref_type").asText().equals("NATURAL")) {
      Set<String> names = left.star().stream().map(Column::name).collect(Collectors.toSet());
      names.retainAll(right.star().stream().map(Column::name).toList());
      return names;
    }
    Set<String> names = new HashSet<>();
    join.path("using_columns").forEach(name -> names.add(lower(name)));
    return names;
  }

  /** The one column that USING makes of two: of the side that is never filled up with nulls. */
  private static Column merged(Column left, From right, String kind) {
    boolean full = kind.equals("FULL");
    Use use = full ? Use.DERIVED : Use.COPY;
    Sources sources = new Sources();
    if (!kind.equals("RIGHT")) {
      sources.addAll(left.sources(), use);
    }
    if (kind.equals("RIGHT") || full) {
      right.star().stream()
          .filter(it -> it.name().equals(left.name()))
          .forEach(it -> sources.addAll(it.sources(), use));
    }
    return new Column(left.name(), left.line(), sources);
  }

  private From values(JsonNode node, Scope outer) {
    List<Column> columns = new ArrayList<>();
    for (JsonNode row : node.path("values")) {
      for (int i = 0; i < row.size(); i++) {
        if (i == columns.size()) {
          columns.add(new Column("col" + i, queries.line(row.get(i)), new Sources()));
        }
        Sources value = queries.expressions().of(row.get(i), outer, Use.COPY);
        columns.get(i).sources().addAll(value, Use.COPY);
      }
    }
    Result answer = new Result(columns, new Sources(), Optional.empty());
    return relation(node, lower(node.path("alias")), "", answer);
  }

  private From function(JsonNode node, Scope outer) {
    JsonNode function = node.path("function");
    Sources values = queries.expressions().of(function, outer, Use.DERIVED);
    String name = lower(function.path("function_name"));
    List<String> names = new ArrayList<>(FUNCTIONS.getOrDefault(name, List.of(name)));
    if (node.path("with_ordinality").asText().equals("WITH_ORDINALITY")) {
      names.add("ordinality");
    }
    List<Column> columns =
        names.stream().map(it -> new Column(it, queries.line(node), values)).toList();
    Sources rows = new Sources().addAll(values, Use.DECIDES);
    String alias = lower(node.path("alias"));
    Result answer = new Result(columns, rows, Optional.empty());
    return relation(node, alias.isEmpty() ? name : alias, "", answer);
  }

  /**
   * Columns that a PIVOT makes are taken to be made of every column it reads; those it passes on
   * are followed.
   */
  private From pivot(JsonNode node, Scope outer) {
    From source = of(node.path("source"), outer);
    List<String> read =
        source.star().stream().map(Column::name).distinct().collect(Collectors.toList());
    ObjectNode plain = node.deepCopy();
    plain.set("source", parser.tableOf(read));
    Optional<List<String>> names =
        parser.names(parser.query("FROM x").get("select_list").get(0), plain);
    queries.note(node, "PIVOT is not followed: its columns are taken to be made of all it reads");
    Sources all = new Sources();
    source.star().forEach(it -> all.addAll(it.sources(), Use.DERIVED));
    Sources rows = new Sources().addAll(source.rows(), Use.DECIDES).addAll(all, Use.DECIDES);
    Set<String> made = new LinkedHashSet<>(names.orElse(read));
    List<Column> columns = new ArrayList<>();
    for (String name : made) {
      Sources sources =
          source.star().stream()
              .filter(it -> it.name().equals(QueryTrace.lower(name)))
              .map(Column::sources)
              .findFirst()
              .orElse(all);
      columns.add(new Column(QueryTrace.lower(name), queries.line(node), sources));
    }
    return relation(
        node, lower(node.path("alias")), "", new Result(columns, rows, Optional.empty()));
  }
}
