package io.millrace.serve;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.millrace.core.MillraceException;
import io.millrace.core.NearMatch;
import io.millrace.core.TableName;
import io.millrace.project.ColumnRef;
import io.millrace.project.ColumnTracer.Use;
import io.millrace.project.Lineage;
import io.millrace.project.PersonalColumns;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** {@code /api/assets}: what the project is made of, and what is made of what. */
final class AssetRoutes {

  private static final int MAX_STEPS = 5;
  private static final int DEFAULT_STEPS = 2;

  private final Assets assets;
  private final Lineage lineage;
  private final PersonalColumns personal;

  AssetRoutes(Assets assets, Lineage lineage, PersonalColumns personal) {
    this.assets = assets;
    this.lineage = lineage;
    this.personal = personal;
  }

  void all(Context request) {
    Json.answer(request, HttpStatus.OK, assets.all().values());
  }

  void one(Context request) {
    Optional<AssetPage> page = find(request).flatMap(assets::page);
    page.ifPresent(it -> Json.answer(request, HttpStatus.OK, it));
  }

  void lineage(Context request) {
    Optional<TableName> table = find(request);
    if (table.isPresent()) {
      Map<TableName, Asset> all = assets.all();
      Neighbours.Found found =
          assets.neighbours().around(table.get(), direction(request), steps(request));
      List<Node> nodes = found.tables().stream().map(it -> Node.of(it, all)).toList();
      Optional<ColumnRef> column =
          Optional.ofNullable(request.queryParam("column"))
              .map(name -> new ColumnRef(table.get(), name));
      Json.answer(
          request,
          HttpStatus.OK,
          new Around(
              nodes,
              found.edges(),
              column.map(it -> trace(it, direction(request), found.tables())).orElse(List.of()),
              lineage.notes(table.get())));
    }
  }

  /**
   * What is around a table.
   *
   * @param columns what a column of it is made of, and what is made of it
   * @param notes what could not be followed in its SQL
   */
  private record Around(
      List<Node> tables,
      Collection<Neighbours.Edge> edges,
      List<Column> columns,
      List<String> notes) {}

  /**
   * A column on the way of another.
   *
   * @param column {@code *} for the rows of the table
   * @param decides whether it says only which rows there are, and is in no value
   * @param pii whether it tells who somebody is
   */
  private record Column(TableName table, String column, boolean decides, boolean pii) {}

  /** The columns of these tables that one is made of, or that are made of it, with itself. */
  private List<Column> trace(
      ColumnRef column, Neighbours.Direction direction, Set<TableName> tables) {
    List<Column> traced = new ArrayList<>();
    if (direction != Neighbours.Direction.DOWNSTREAM) {
      add(lineage.upstream(column), Lineage.Edge::to, Lineage.Edge::from, traced);
    }
    if (direction != Neighbours.Direction.UPSTREAM) {
      add(lineage.downstream(column), Lineage.Edge::from, Lineage.Edge::to, traced);
    }
    return traced.stream().filter(it -> tables.contains(it.table())).distinct().toList();
  }

  private void add(
      Lineage.Graph graph,
      Function<Lineage.Edge, ColumnRef> near,
      Function<Lineage.Edge, ColumnRef> far,
      List<Column> traced) {
    Set<ColumnRef> values = new LinkedHashSet<>(graph.columns().subList(0, 1));
    boolean grown = true;
    while (grown) {
      grown = false;
      for (Lineage.Edge edge : graph.edges()) {
        if (edge.use() != Use.DECIDES && values.contains(near.apply(edge))) {
          grown |= values.add(far.apply(edge));
        }
      }
    }
    graph
        .columns()
        .forEach(
            it ->
                traced.add(
                    new Column(
                        it.table(),
                        it.column(),
                        !values.contains(it),
                        personal.worst(it).isPresent())));
  }

  /** A table in a lineage; without a kind it is one that Millrace keeps for itself. */
  private record Node(TableName name, Optional<Asset.Kind> kind) {
    static Node of(TableName name, Map<TableName, Asset> all) {
      return new Node(name, Optional.ofNullable(all.get(name)).map(Asset::kind));
    }
  }

  private static Neighbours.Direction direction(Context request) {
    String word = Optional.ofNullable(request.queryParam("direction")).orElse("both");
    for (Neighbours.Direction direction : Neighbours.Direction.values()) {
      if (direction.name().toLowerCase(Locale.ROOT).equals(word)) {
        return direction;
      }
    }
    throw MillraceException.caller(
        "Cannot follow lineage in direction '%s': use upstream, downstream or both"
            .formatted(word));
  }

  private static int steps(Context request) {
    String text = request.queryParam("steps");
    if (text == null) {
      return DEFAULT_STEPS;
    }
    if (text.matches("[0-9]") && Integer.parseInt(text) <= MAX_STEPS) {
      return Integer.parseInt(text);
    }
    throw MillraceException.caller(
        "Cannot follow lineage for '%s' steps: use a number from 0 to %d"
            .formatted(text, MAX_STEPS));
  }

  /** The asset of the address, or an answer that says which there are. */
  private Optional<TableName> find(Context request) {
    String name = request.pathParam("name");
    Collection<TableName> known = assets.all().keySet();
    Optional<TableName> found = known.stream().filter(it -> it.toString().equals(name)).findFirst();
    if (found.isEmpty()) {
      List<String> names = known.stream().map(TableName::toString).toList();
      Json.refuse(
          request,
          HttpStatus.NOT_FOUND,
          "Cannot find asset '%s': %s".formatted(name, NearMatch.remedy(names, name)));
    }
    return found;
  }
}
