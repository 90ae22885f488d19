package io.millrace.engine;

import static io.millrace.engine.SqlTree.lower;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.Shape.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The columns of a select list as expressions over the columns of its FROM clause alone. */
record SelectItems(List<Item> items, Map<String, JsonNode> aliases, Shape shape) {

  /**
   * A column of the answer.
   *
   * @param expression without names of other columns of the list; none if a star made it in a way
   *     that is not followed
   */
  record Item(String name, Optional<JsonNode> expression) {}

  /** Says the names of the columns that an item makes. */
  interface Names {
    List<String> of(JsonNode item);
  }

  static SelectItems of(JsonNode select, Shape shape, Names names) {
    List<Item> items = new ArrayList<>();
    Map<String, JsonNode> aliases = new HashMap<>();
    SelectItems soFar = new SelectItems(items, aliases, shape);
    for (JsonNode item : select.path("select_list")) {
      Optional<JsonNode> star = Stars.in(item);
      if (star.isPresent() && isPlain(item)) {
        items.addAll(soFar.expand(item));
      } else if (star.isPresent()) {
        names.of(item).forEach(name -> items.add(new Item(name, Optional.empty())));
      } else {
        JsonNode expression = soFar.resolved(item);
        String name = names.of(item).get(0);
        items.add(new Item(name, Optional.of(expression)));
        aliases.putIfAbsent(name, expression);
      }
    }
    return soFar;
  }

  private static boolean isPlain(JsonNode item) {
    return SqlTree.isClass(item, "STAR")
        && item.path("expr").isNull()
        && item.path("replace_list").isEmpty()
        && item.path("rename_list").isEmpty();
  }

  private List<Item> expand(JsonNode star) {
    String relation = lower(star.path("relation_name"));
    Set<Place> excluded = new HashSet<>();
    star.path("qualified_exclude_list")
        .forEach(it -> excluded.add(new Place(lower(it.path("table")), lower(it.path("column")))));
    Set<String> names = new HashSet<>();
    star.path("exclude_list").forEach(name -> names.add(lower(name)));
    List<Place> places =
        relation.isEmpty()
            ? shape.star()
            : shape.leaves().stream()
                .filter(leaf -> leaf.alias().equals(relation))
                .flatMap(leaf -> leaf.columns().stream().map(it -> new Place(relation, it)))
                .toList();
    return places.stream()
        .filter(it -> !excluded.contains(it) && !names.contains(it.column()))
        .map(it -> new Item(it.column(), Optional.of(reference(it))))
        .toList();
  }

  private static JsonNode reference(Place place) {
    ObjectNode reference = JsonNodeFactory.instance.objectNode();
    reference.put("class", "COLUMN_REF").put("type", "COLUMN_REF").put("alias", "");
    ArrayNode names = reference.putArray("column_names");
    if (!place.leaf().isEmpty()) {
      names.add(place.leaf());
    }
    names.add(place.column());
    return reference;
  }

  /** An expression with names of columns of the list replaced by what they stand for. */
  JsonNode resolved(JsonNode expression) {
    if (SqlTree.isClass(expression, "COLUMN_REF")) {
      List<String> names = ExpressionTrace.names(expression);
      JsonNode meant = aliases.get(names.get(0));
      if (meant == null || names.size() > 1 || shape.knows(names)) {
        return expression;
      }
      ObjectNode copy = meant.deepCopy();
      return copy.put("alias", "");
    }
    JsonNode copy = expression.deepCopy();
    replace(copy);
    return copy;
  }

  private void replace(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> property : object.properties()) {
        property.setValue(child(property.getValue()));
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, child(array.get(i)));
      }
    }
  }

  private JsonNode child(JsonNode node) {
    if (SqlTree.isClass(node, "COLUMN_REF")) {
      return resolved(node);
    }
    if (!SqlTree.isLambda(node)) {
      replace(node);
    }
    return node;
  }
}
