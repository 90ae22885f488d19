package io.millrace.engine;

import static io.millrace.engine.ExpressionTrace.lower;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.Scope.Column;
import io.millrace.engine.Scope.From;
import io.millrace.project.ColumnTracer.Use;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code *}, {@code t.*} and {@code COLUMNS(...)} stand for. DuckDB itself says who matches.
 */
final class Stars {

  private final QueryTrace queries;
  private final DuckDbParser parser;

  Stars(QueryTrace queries, DuckDbParser parser) {
    this.queries = queries;
    this.parser = parser;
  }

  /** The star in an item of a select list that makes several columns of it. */
  static Optional<JsonNode> in(JsonNode item) {
    if (item.path("class").asText().equals("STAR")) {
      return Optional.of(item);
    }
    if (item.path("type").asText().equals("OPERATOR_UNPACK") || item.has("subquery")) {
      return Optional.empty();
    }
    for (JsonNode child : item) {
      if (child.isContainerNode()) {
        Optional<JsonNode> star = in(child);
        if (star.isPresent()) {
          return star;
        }
      }
    }
    return Optional.empty();
  }

  /** The columns of an item with a star in it. */
  List<Column> expand(JsonNode item, JsonNode star, Scope scope) {
    if (scope.from().star().isEmpty()) {
      return List.of(); // without a FROM; DuckDB refuses it when it is run
    }
    int line = queries.line(item);
    if (item.equals(star) && item.path("expr").isNull()) {
      return plain(item, scope, line);
    }
    boolean filter = !star.equals(item) && !star.path("columns").asBoolean();
    List<Column> matched = filter ? named(item, scope) : matched(star, scope.from());
    List<String> names = names(item, star, scope.from(), matched);
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < matched.size(); i++) {
      Use use = item.equals(star) || filter ? Use.COPY : Use.DERIVED;
      columns.add(
          new Column(names.get(i), line, new Sources().addAll(matched.get(i).sources(), use)));
    }
    if (!item.equals(star) && !filter) {
      // Columns that are named beside the star.
      Sources others = queries.expressions().of(without(item, star), scope, Use.DERIVED);
      columns.forEach(column -> column.sources().addAll(others, Use.DERIVED));
    }
    return columns;
  }

  /** {@code * LIKE 'a%'}: the columns whose names DuckDB finds to match. */
  private List<Column> named(JsonNode item, Scope scope) {
    List<Column> all = scope.from().star();
    Optional<List<String>> names = parser.names(item, tableOf(all));
    if (names.isEmpty()) {
      queries.note(item, "the star cannot be resolved: it is taken to be every column");
      return all;
    }
    return all.stream().filter(it -> contains(names.get(), it.name())).toList();
  }

  /** The columns that a star stands for, without regard to names it gives them. */
  List<Column> matched(JsonNode star, From from) {
    JsonNode relation = star.path("relation_name");
    List<Column> all =
        relation.asText().isEmpty()
            ? from.star()
            : from.relation(lower(relation)).map(Scope.Relation::columns).orElse(from.star());
    Set<String> excluded = new HashSet<>();
    star.path("exclude_list").forEach(name -> excluded.add(lower(name)));
    Set<Column> gone = new HashSet<>();
    star.path("qualified_exclude_list")
        .forEach(
            name ->
                from.relation(lower(name.path("table"))).stream()
                    .flatMap(it -> it.columns().stream())
                    .filter(it -> it.name().equals(lower(name.path("column"))))
                    .forEach(gone::add));
    List<Column> left =
        all.stream().filter(it -> !excluded.contains(it.name()) && !gone.contains(it)).toList();
    if (star.path("expr").isNull() || left.isEmpty()) {
      return left;
    }
    ObjectNode plain = star.deepCopy();
    plain.put("alias", "");
    plain.putArray("rename_list");
    Optional<List<String>> names = parser.names(plain, tableOf(left));
    if (names.isEmpty()) {
      queries.note(star, "COLUMNS cannot be resolved: it is taken to be every column");
      return left;
    }
    return left.stream().filter(it -> contains(names.get(), it.name())).toList();
  }

  private List<Column> plain(JsonNode star, Scope scope, int line) {
    Map<String, JsonNode> replaced = new HashMap<>();
    star.path("replace_list").forEach(it -> replaced.put(lower(it.path("key")), it.path("value")));
    Map<String, String> renamed = new HashMap<>();
    star.path("rename_list")
        .forEach(it -> renamed.put(lower(it.path("key").path("column")), lower(it.path("value"))));
    List<Column> columns = new ArrayList<>();
    for (Column column : matched(star, scope.from())) {
      JsonNode expression = replaced.get(column.name());
      Sources sources =
          expression == null
              ? column.sources()
              : queries.expressions().of(expression, scope, Use.COPY);
      columns.add(new Column(renamed.getOrDefault(column.name(), column.name()), line, sources));
    }
    return columns;
  }

  private List<String> names(JsonNode item, JsonNode star, From from, List<Column> matched) {
    List<String> own = matched.stream().map(Column::name).toList();
    if (item.path("alias").asText().isEmpty() && star.path("rename_list").isEmpty()) {
      return own;
    }
    ObjectNode aliased = (item.equals(star) ? item : star).deepCopy();
    aliased.set("alias", item.path("alias"));
    return parser
        .names(aliased, tableOf(from.star()))
        .filter(names -> names.size() == own.size())
        .map(names -> names.stream().map(QueryTrace::lower).toList())
        .orElse(own);
  }

  private static JsonNode without(JsonNode item, JsonNode star) {
    JsonNode copy = item.deepCopy();
    List<JsonNode> open = new ArrayList<>(List.of(copy));
    while (!open.isEmpty()) {
      JsonNode node = open.remove(open.size() - 1);
      if (node.equals(star)) {
        ((ObjectNode) node).removeAll();
      }
      node.forEach(open::add);
    }
    return copy;
  }

  /** Names once each, for DuckDB refuses a name that could be two columns. */
  private JsonNode tableOf(List<Column> columns) {
    return parser.tableOf(columns.stream().map(Column::name).distinct().toList());
  }

  private static boolean contains(List<String> names, String name) {
    return names.stream().anyMatch(name::equalsIgnoreCase);
  }
}
