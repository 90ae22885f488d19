package io.millrace.engine;

import static io.millrace.engine.SqlTree.lower;
import static io.millrace.engine.SqlTree.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The columns of a FROM clause by the leaf they come from: a table, a subquery, a function. A
 * column that USING of a FULL JOIN makes of two comes from the leaf without a name.
 */
record Shape(List<Leaf> leaves, List<Place> star) {

  /** A column of a leaf. */
  record Place(String leaf, String column) {}

  record Leaf(String alias, List<String> columns) {}

  static Shape of(JsonNode from, Columns columns) {
    return switch (type(from)) {
      case "JOIN" -> join(from, columns);
      case "EMPTY", "EMPTY_FROM" -> new Shape(List.of(), List.of());
      default -> {
        String alias = alias(from);
        List<String> names = columns.of(from);
        List<Place> places = names.stream().map(it -> new Place(alias, it)).toList();
        yield new Shape(List.of(new Leaf(alias, names)), places);
      }
    };
  }

  /** Says the columns of a table, subquery or function of a FROM clause. */
  interface Columns {
    List<String> of(JsonNode leaf);
  }

  static String alias(JsonNode leaf) {
    String alias = lower(leaf.path("alias"));
    return alias.isEmpty() ? lower(leaf.path("function").path("function_name")) : alias;
  }

  private static Shape join(JsonNode join, Columns columns) {
    Shape left = of(join.path("left"), columns);
    Shape right = of(join.path("right"), columns);
    List<Leaf> leaves = new ArrayList<>(left.leaves);
    leaves.addAll(right.leaves);
    Set<String> aliases = new HashSet<>();
    for (Leaf leaf : leaves) {
      if (!aliases.add(leaf.alias())) {
        throw new NotKeyed("two tables of a FROM have no names to tell them apart");
      }
    }
    String kind = join.path("join_type").asText();
    if (kind.equals("SEMI") || kind.equals("ANTI")) {
      return left;
    }
    Set<String> shared = shared(join, left, right);
    List<Place> star = new ArrayList<>();
    for (Place place : left.star) {
      star.add(shared.contains(place.column()) ? merged(place, right, kind) : place);
    }
    right.star.stream().filter(it -> !shared.contains(it.column())).forEach(star::add);
    return new Shape(leaves, star);
  }

  private static Place merged(Place left, Shape right, String kind) {
    return switch (kind) {
      case "FULL" -> new Place("", left.column());
      case "RIGHT" -> right.named(left.column()).orElse(left);
      default -> left;
    };
  }

  static Set<String> shared(JsonNode join, Shape left, Shape right) {
    Set<String> names = new LinkedHashSet<>();
    if (join.path("ref_type").asText().equals("NATURAL")) {
      left.star.stream()
          .map(Place::column)
          .filter(name -> right.named(name).isPresent())
          .forEach(names::add);
    } else {
      join.path("using_columns").forEach(name -> names.add(lower(name)));
    }
    return names;
  }

  /** The column that a name alone stands for. */
  Optional<Place> named(String column) {
    return star.stream().filter(it -> it.column().equals(column)).findFirst();
  }

  Set<Place> places() {
    Set<Place> all = new HashSet<>(star);
    leaves.forEach(
        leaf -> leaf.columns().forEach(column -> all.add(new Place(leaf.alias(), column))));
    return all;
  }

  /** The columns that an expression reads. */
  Set<Place> read(JsonNode expression) {
    Set<Place> read = new HashSet<>();
    Set<String> parameters = new HashSet<>();
    for (JsonNode lambda : SqlTree.all(expression, SqlTree::isLambda)) {
      SqlTree.all(lambda.path("lhs"), it -> SqlTree.isClass(it, "COLUMN_REF"))
          .forEach(it -> parameters.add(lower(it.path("column_names").path(0))));
    }
    if (SqlTree.any(expression, it -> SqlTree.isClass(it, "STAR"))) {
      read.addAll(places());
    }
    for (JsonNode reference : SqlTree.all(expression, it -> SqlTree.isClass(it, "COLUMN_REF"))) {
      List<String> names = ExpressionTrace.names(reference);
      if (!parameters.contains(names.get(0))) {
        read.addAll(
            find(names)
                .orElseThrow(
                    () ->
                        new NotKeyed(
                            "it is not clear what '%s' is".formatted(String.join(".", names)))));
      }
    }
    return read;
  }

  boolean knows(List<String> names) {
    return find(names).isPresent();
  }

  private Optional<Set<Place>> find(List<String> names) {
    for (Leaf leaf : leaves) {
      if (names.size() > 1
          && leaf.alias().equals(names.get(0))
          && leaf.columns().contains(names.get(1))) {
        return Optional.of(Set.of(new Place(leaf.alias(), names.get(1))));
      }
    }
    List<Place> found = star.stream().filter(it -> it.column().equals(names.get(0))).toList();
    if (!found.isEmpty()) {
      return Optional.of(Set.copyOf(found));
    }
    return leaves.stream()
        .filter(leaf -> leaf.alias().equals(names.get(0)))
        .findFirst()
        .map(
            leaf -> {
              Set<Place> row = new HashSet<>();
              leaf.columns().forEach(column -> row.add(new Place(leaf.alias(), column)));
              return row;
            });
  }

  /** The same join with USING in place of NATURAL, so that it does not depend on other columns. */
  static ObjectNode explicit(ObjectNode join, Set<String> shared) {
    ObjectNode copy = join.deepCopy();
    if (copy.path("ref_type").asText().equals("NATURAL")) {
      copy.put("ref_type", "REGULAR");
      shared.forEach(copy.putArray("using_columns")::add);
    }
    return copy;
  }
}
