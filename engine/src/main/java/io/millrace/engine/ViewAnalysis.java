package io.millrace.engine;

import static io.millrace.engine.SqlTree.lower;
import static io.millrace.engine.SqlTree.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.TableName;
import io.millrace.engine.Changes.Touched;
import io.millrace.engine.SelectItems.Item;
import io.millrace.engine.Shape.Place;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Finds out whether a view can be kept by key: whether each of its rows is made of input rows that
 * all have the row's key, so that a change of a row can touch no other keys than that row's.
 */
final class ViewAnalysis {

  private final List<String> uniqueKey;
  private final Map<TableName, List<String>> tables;
  private final Map<TableName, String> views;
  private final DuckDbParser parser;
  private final ViewQueries queries;
  private final Changes changes;

  ViewAnalysis(
      List<String> uniqueKey,
      Map<TableName, List<String>> tables,
      Map<TableName, String> views,
      DuckDbParser parser) {
    this.uniqueKey = uniqueKey.stream().map(it -> it.toLowerCase(Locale.ROOT)).toList();
    this.tables = tables;
    this.views = views;
    this.parser = parser;
    this.queries = new ViewQueries(tables, parser);
    this.changes = new Changes(queries);
  }

  KeyedView of(String sql) {
    try {
      return keyed((ObjectNode) parser.query(sql));
    } catch (NotKeyed e) {
      return new KeyedView.Whole(e.getMessage());
    }
  }

  private KeyedView keyed(ObjectNode original) {
    ObjectNode inlined = new Inlining(views, parser).of(original);
    refuseUnsteady(inlined);
    List<String> names = queries.names(inlined);
    List<ObjectNode> branches = branches(inlined);
    List<Integer> keys = keys(branches, names);
    branches.forEach(branch -> requireWindowsWithinKeys(branch, keys));

    SortedMap<TableName, String> affected = new TreeMap<>();
    List<JsonNode> occurrences = SqlTree.all(inlined, SqlTree::isBaseTable);
    Map<TableName, List<ObjectNode>> selects = new LinkedHashMap<>();
    for (int occurrence = 0; occurrence < occurrences.size(); occurrence++) {
      selects
          .computeIfAbsent(SqlTree.tableOf(occurrences.get(occurrence)), it -> new ArrayList<>())
          .add(affected(branches, occurrence, keys, names));
    }
    selects.forEach(
        (table, each) ->
            affected.put(
                table, each.stream().map(queries::write).collect(Collectors.joining("\nUNION\n"))));
    return new KeyedView.Keyed(
        keys.stream().map(names::get).toList(), affected, restricted(inlined, keys));
  }

  private void refuseUnsteady(JsonNode query) {
    Set<String> columns = new HashSet<>();
    tables.values().forEach(columns::addAll);
    for (JsonNode node : SqlTree.all(query, it -> it.has("class"))) {
      String function = SqlTree.function(node);
      if (parser.isUnsteady(function)) {
        throw new NotKeyed(
            "it calls %s(), which does not always answer the same".formatted(function));
      }
      if (SqlTree.isClass(node, "SUBQUERY")) {
        throw new NotKeyed("it has a subquery in an expression; join it instead");
      }
      JsonNode names = node.path("column_names");
      if (names.size() == 1
          && ExpressionTrace.CLOCKS.contains(lower(names.get(0)))
          && !columns.contains(lower(names.get(0)))) {
        throw new NotKeyed(
            "it reads %s, which is not always the same".formatted(lower(names.get(0))));
      }
    }
    if (SqlTree.any(query, it -> it.path("sample").isObject())) {
      throw new NotKeyed("it takes a sample");
    }
  }

  /** The SELECTs that a query is a union of. */
  private static List<ObjectNode> branches(ObjectNode query) {
    ViewQueries.refuseLimit(query);
    if (type(query).equals("SELECT_NODE")) {
      return List.of(query);
    }
    String kind = query.path("setop_type").asText();
    if (!kind.equals("UNION")) {
      throw new NotKeyed("it uses " + kind.replace('_', ' '));
    }
    List<ObjectNode> branches = new ArrayList<>();
    query.path("children").forEach(child -> branches.addAll(branches((ObjectNode) child)));
    return branches;
  }

  /** The places of the columns that are the key, the same in all branches. */
  private List<Integer> keys(List<ObjectNode> branches, List<String> names) {
    List<Integer> keys = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      int column = i;
      boolean declared = uniqueKey.contains(names.get(column));
      boolean can = branches.stream().allMatch(it -> canBeKey(it, column));
      boolean groups = branches.stream().allMatch(this::groupsRows);
      if (declared && !can) {
        throw new NotKeyed(
            "the rows of a group do not all have the same '%s', which is in its unique_key"
                .formatted(names.get(column)));
      }
      if (declared || (uniqueKey.isEmpty() && groups && can)) {
        keys.add(column);
      }
    }
    if (keys.size() < uniqueKey.size()) {
      throw new NotKeyed("it does not have all columns of its unique_key");
    }
    if (keys.isEmpty()) {
      boolean grouped = branches.stream().anyMatch(queries::isGrouped);
      throw new NotKeyed(
          grouped
              ? "it selects no column that it groups by"
              : "it has neither a GROUP BY nor a unique_key");
    }
    return keys;
  }

  private boolean groupsRows(JsonNode select) {
    return queries.isGrouped(select)
        || !select.path("modifiers").findPath("distinct_on_targets").isMissingNode();
  }

  private boolean canBeKey(JsonNode select, int column) {
    Optional<JsonNode> expression = queries.items(select).items().get(column).expression();
    return expression.isPresent()
        && !queries.isComputedFromMany(expression.get())
        && (!queries.isGrouped(select)
            || !select.path("group_expressions").isEmpty()
            || select.path("aggregate_handling").asText().equals("FORCE_AGGREGATES"));
  }

  private List<JsonNode> expressions(JsonNode select, List<Integer> keys) {
    List<Item> items = queries.items(select).items();
    return keys.stream().map(it -> items.get(it).expression().orElseThrow()).toList();
  }

  /** A window that sees rows of other keys could bring their changes here. */
  private void requireWindowsWithinKeys(JsonNode select, List<Integer> keys) {
    SelectItems items = queries.items(select);
    List<JsonNode> windows =
        new ArrayList<>(
            SqlTree.all(select.path("select_list"), it -> SqlTree.isClass(it, "WINDOW")));
    windows.addAll(SqlTree.all(select.path("qualify"), it -> SqlTree.isClass(it, "WINDOW")));
    for (JsonNode window : windows) {
      Set<JsonNode> partitions = new HashSet<>();
      window.path("partitions").forEach(it -> partitions.add(canonical(items.resolved(it), items)));
      for (JsonNode key : expressions(select, keys)) {
        if (!partitions.contains(canonical(key, items))) {
          throw new NotKeyed(
              "a window function is not partitioned by the key, so that it sees rows of other keys");
        }
      }
    }
  }

  /** With each column under its one full name. */
  private static JsonNode canonical(JsonNode expression, SelectItems items) {
    JsonNode copy = SqlTree.anonymous(expression);
    for (JsonNode reference : SqlTree.all(copy, it -> SqlTree.isClass(it, "COLUMN_REF"))) {
      Set<Place> places = items.shape().read(reference);
      List<String> names = ExpressionTrace.names(reference);
      if (places.size() == 1 && names.size() < 3) {
        Place place = places.iterator().next();
        if (names.get(names.size() - 1).equals(place.column())) {
          ((ObjectNode) reference).putArray("column_names").add(place.leaf()).add(place.column());
        }
      }
    }
    return copy;
  }

  /** The keys that changes of one table of one FROM clause touch. */
  private ObjectNode affected(
      List<ObjectNode> branches, int occurrence, List<Integer> keys, List<String> names) {
    ObjectNode branch =
        branches.stream().filter(it -> Changes.holds(it, occurrence)).findFirst().orElseThrow();
    SelectItems items = queries.items(branch);
    Touched touched = changes.of(branch.get("from_table"), occurrence, false);
    List<JsonNode> expressions = expressions(branch, keys);
    for (int i = 0; i < keys.size(); i++) {
      if (!touched.agreeing().containsAll(items.shape().read(expressions.get(i)))) {
        throw new NotKeyed(
            "the key '%s' is not of a table that every row has: it may be missing, or computed from several rows"
                .formatted(names.get(keys.get(i))));
      }
    }
    ObjectNode select =
        queries.distinct(expressions, touched, changes.conditions(branch, items, touched));
    ArrayNode list = (ArrayNode) select.get("select_list");
    for (int i = 0; i < keys.size(); i++) {
      ((ObjectNode) list.get(i)).put("alias", names.get(keys.get(i)));
    }
    return select;
  }

  private String restricted(ObjectNode inlined, List<Integer> keys) {
    ObjectNode copy = inlined.deepCopy();
    unordered(copy);
    for (ObjectNode branch : branches(copy)) {
      unordered(branch);
      queries.restrict(
          branch, expressions(branch, keys), queries.keyTable("build.keys", keys.size()));
    }
    return queries.write(copy);
  }

  /** What is kept has no order. */
  private static void unordered(ObjectNode query) {
    ArrayNode modifiers = (ArrayNode) query.get("modifiers");
    for (int i = modifiers.size() - 1; i >= 0; i--) {
      if (type(modifiers.get(i)).equals("ORDER_MODIFIER")) {
        modifiers.remove(i);
      }
    }
  }
}
