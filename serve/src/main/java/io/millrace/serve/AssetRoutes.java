package io.millrace.serve;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.millrace.core.MillraceException;
import io.millrace.core.NearMatch;
import io.millrace.core.TableName;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code /api/assets}: what the project is made of, and what is made of what. */
final class AssetRoutes {

  private static final int MAX_STEPS = 5;
  private static final int DEFAULT_STEPS = 2;

  private final Assets assets;

  AssetRoutes(Assets assets) {
    this.assets = assets;
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
      Json.answer(request, HttpStatus.OK, new Lineage(nodes, found.edges(), List.of()));
    }
  }

  private record Lineage(
      List<Node> tables, Collection<Neighbours.Edge> edges, List<String> columns) {}

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
