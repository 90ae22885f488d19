package io.millrace.engine;

import static io.millrace.engine.SqlTree.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.TableName;
import io.millrace.engine.Shape.Place;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Rewrites FROM clauses so that they give the rows that changes of one table touch.
 *
 * <p>What always holds of a rewritten clause: if a row of the original is there now but was not
 * before, the rewritten clause over the tables as they are now has a row that agrees with it on
 * {@link Touched#agreeing}. The same is true of rows that were there before, over the tables as
 * they were; and of a row that is there more or fewer times than before, in one of the two. It may
 * have other rows as well: they cost work and are never wrong.
 *
 * <p>A clause is rewritten {@code alone} where rows can come and go because of rows that are not
 * part of them, as on the nullable side of a LEFT JOIN or in a grouped subquery. It then finds what
 * is touched over the tables in either state.
 */
final class Changes {

  /**
   * A rewritten FROM clause.
   *
   * @param agreeing the columns that are those of the rows touched; others may be missing
   */
  record Touched(JsonNode from, Set<Place> agreeing) {}

  /** A rewritten query: the columns it still has, by their places in the original. */
  private record Answer(ObjectNode query, List<Integer> columns) {}

  private final ViewQueries queries;

  Changes(ViewQueries queries) {
    this.queries = queries;
  }

  Touched of(JsonNode from, int occurrence, boolean alone) {
    return switch (type(from)) {
      case "BASE_TABLE" -> base((ObjectNode) from);
      case "SUBQUERY" -> subquery((ObjectNode) from, occurrence, alone);
      case "JOIN" -> join((ObjectNode) from, occurrence, alone);
      default -> throw new NotKeyed("it uses " + type(from));
    };
  }

  static boolean holds(JsonNode tree, int occurrence) {
    return SqlTree.any(
        tree, it -> it.path(Inlining.OCCURRENCE).asInt(Integer.MIN_VALUE) == occurrence);
  }

  private Touched base(ObjectNode table) {
    ObjectNode changes = table.deepCopy();
    TableName name = SqlTree.tableOf(table);
    SqlTree.setTable(changes, "changes", name.layer() + "__" + name.name());
    changes.remove(Inlining.OCCURRENCE);
    return new Touched(changes, queries.shape(table).places());
  }

  private Touched join(ObjectNode join, int occurrence, boolean alone) {
    boolean inLeft = holds(join.get("left"), occurrence);
    String side = inLeft ? "left" : "right";
    String kind = join.path("join_type").asText();
    return switch (kind) {
      case "INNER" -> inner(join, side, occurrence, alone);
      case "LEFT", "SEMI", "ANTI" ->
          inLeft
              ? of(join.get("left"), occurrence, alone)
              : optional(join, side, kind.equals("LEFT") ? "INNER" : "SEMI", occurrence);
      case "RIGHT" ->
          inLeft
              ? optional(join, side, "INNER", occurrence)
              : of(join.get("right"), occurrence, alone);
      case "FULL" -> full(join, side, occurrence);
      default -> throw new NotKeyed("it uses a %s JOIN".formatted(kind));
    };
  }

  private static String other(String side) {
    return side.equals("left") ? "right" : "left";
  }

  private Touched inner(ObjectNode join, String side, int occurrence, boolean alone) {
    JsonNode other = join.get(other(side));
    if (alone && SqlTree.any(other, SqlTree::isBaseTable)) {
      throw new NotKeyed(
          "it joins tables inside a grouped subquery, or on a side of a join that may find nothing");
    }
    Touched touched = of(join.get(side), occurrence, alone);
    Set<Place> places = new HashSet<>(queries.shape(other).places());
    places.addAll(touched.agreeing());
    requireCondition(join, places);
    for (JsonNode function : SqlTree.all(other, it -> type(it).equals("TABLE_FUNCTION"))) {
      require(
          queries.shape(join).read(function.path("function").path("arguments")),
          places,
          "a function in FROM");
    }
    return new Touched(with(join, side, touched.from(), "INNER"), places);
  }

  /**
   * The side that may find nothing: rows of the other side are touched that find a changed row.
   * That other side need not be left out where a clause is rewritten {@code alone}: a row of it
   * that was not there both before and after is touched by its own table's changes.
   */
  private Touched optional(ObjectNode join, String side, String kind, int occurrence) {
    Touched touched = of(join.get(side), occurrence, true);
    Set<Place> preserved = queries.shape(join.get(other(side))).places();
    Set<Place> places = new HashSet<>(preserved);
    places.addAll(touched.agreeing());
    requireCondition(join, places);
    return new Touched(with(join, side, touched.from(), kind), preserved);
  }

  /** Whatever a row on one side does to those on the other, they have the same columns of USING. */
  private Touched full(ObjectNode join, String side, int occurrence) {
    Shape shape = queries.shape(join);
    Set<String> shared =
        Shape.shared(join, queries.shape(join.get("left")), queries.shape(join.get("right")));
    if (shared.isEmpty()) {
      throw new NotKeyed("it uses a FULL JOIN without USING");
    }
    Touched touched = of(join.get(side), occurrence, true);
    Shape own = queries.shape(join.get(side));
    Set<Place> places = new HashSet<>();
    for (String column : shared) {
      require(Set.of(own.named(column).orElseThrow()), touched.agreeing(), "a FULL JOIN");
      places.add(shape.named(column).orElseThrow());
    }
    return new Touched(touched.from(), places);
  }

  private ObjectNode with(ObjectNode join, String side, JsonNode table, String kind) {
    Shape left = queries.shape(join.get("left"));
    Shape right = queries.shape(join.get("right"));
    ObjectNode copy = Shape.explicit(join, Shape.shared(join, left, right));
    copy.set(side, table);
    copy.put("join_type", kind);
    return copy;
  }

  private void requireCondition(ObjectNode join, Set<Place> places) {
    String kind = join.path("ref_type").asText();
    if (!Set.of("REGULAR", "CROSS", "NATURAL").contains(kind)) {
      throw new NotKeyed("it uses a %s JOIN".formatted(kind));
    }
    Shape left = queries.shape(join.get("left"));
    Shape right = queries.shape(join.get("right"));
    Set<Place> read = new HashSet<>();
    for (String column : Shape.shared(join, left, right)) {
      left.named(column).ifPresent(read::add);
      right.named(column).ifPresent(read::add);
    }
    if (!join.path("condition").isNull()) {
      read.addAll(queries.wide(join).read(join.path("condition")));
    }
    require(read, places, "a join condition");
  }

  private static void require(Set<Place> read, Set<Place> known, String what) {
    for (Place place : read) {
      if (!known.contains(place)) {
        throw new NotKeyed(
            "%s reads '%s', which is computed from several rows or may be missing"
                .formatted(what, place.column()));
      }
    }
  }

  private Touched subquery(ObjectNode leaf, int occurrence, boolean alone) {
    ObjectNode query = (ObjectNode) leaf.path("subquery").path("node");
    Answer answer = query(query, occurrence, alone);
    List<String> names = queries.shape(leaf).leaves().get(0).columns();
    ObjectNode copy = leaf.deepCopy();
    ((ObjectNode) copy.get("subquery")).set("node", answer.query());
    ArrayNode kept = copy.putArray("column_name_alias");
    Set<Place> places = new HashSet<>();
    for (int column : answer.columns()) {
      kept.add(names.get(column));
      places.add(new Place(Shape.alias(leaf), names.get(column)));
    }
    return new Touched(copy, places);
  }

  private Answer query(ObjectNode query, int occurrence, boolean alone) {
    ViewQueries.refuseLimit(query);
    if (type(query).equals("SET_OPERATION_NODE")) {
      return branch(query, occurrence, alone);
    }
    SelectItems items = queries.items(query);
    if (SqlTree.any(query.path("select_list"), it -> SqlTree.isClass(it, "WINDOW"))
        || !query.path("qualify").isNull()) {
      throw new NotKeyed("it uses a window function in a subquery");
    }
    boolean grouped = queries.isGrouped(query);
    // Whether a group is as it was depends on rows that are no longer there.
    Touched touched = of(query.get("from_table"), occurrence, alone || grouped);
    List<Integer> columns = new ArrayList<>();
    List<JsonNode> expressions = new ArrayList<>();
    for (int i = 0; i < items.items().size(); i++) {
      JsonNode expression = items.items().get(i).expression().orElse(null);
      if (expression != null
          && !(grouped && queries.isComputedFromMany(expression))
          && touched.agreeing().containsAll(items.shape().read(expression))) {
        columns.add(i);
        expressions.add(expression);
      }
    }
    if (columns.isEmpty()) {
      throw new NotKeyed("no column of a subquery says which of its rows a change touches");
    }
    ObjectNode select = queries.distinct(expressions, touched, conditions(query, items, touched));
    if (!grouped || alone) {
      return new Answer(select, columns);
    }
    ObjectNode groups = query.deepCopy();
    queries.restrict(groups, expressions, queries.asTable(select, expressions.size()));
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < items.items().size(); i++) {
      all.add(i);
    }
    return new Answer(groups, all);
  }

  /** The conditions of WHERE that say the same of a touched row as of the row it stands for. */
  List<JsonNode> conditions(JsonNode select, SelectItems items, Touched touched) {
    return SqlTree.conjuncts(select.path("where_clause")).stream()
        .map(items::resolved)
        .filter(it -> touched.agreeing().containsAll(items.shape().read(it)))
        .toList();
  }

  private Answer branch(ObjectNode union, int occurrence, boolean alone) {
    String kind = union.path("setop_type").asText();
    if (!kind.startsWith("UNION")) {
      throw new NotKeyed("it uses " + kind);
    }
    for (JsonNode child : union.path("children")) {
      if (holds(child, occurrence)) {
        Answer answer = query((ObjectNode) child, occurrence, alone);
        if (!kind.endsWith("BY_NAME")) {
          return answer;
        }
        List<String> all = queries.names(union);
        List<String> own = queries.names(child);
        return new Answer(
            answer.query(), answer.columns().stream().map(it -> all.indexOf(own.get(it))).toList());
      }
    }
    throw new NotKeyed("it uses a UNION that is not followed");
  }
}
