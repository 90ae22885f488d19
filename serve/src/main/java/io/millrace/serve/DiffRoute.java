package io.millrace.serve;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpStatus;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.lake.AsOf;
import io.millrace.lake.Lake;
import io.millrace.lake.PinnedTable;
import io.millrace.models.Differences;
import io.millrace.models.Differences.Difference;
import io.millrace.project.Project;
import io.millrace.project.Sight;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** {@code GET /api/diff}: how tables differ between two states of the lake. */
final class DiffRoute implements Handler {

  /** Each is read whole, twice. */
  private static final int MAX_TABLES = 50;

  private final Project project;
  private final Lake lake;
  private final Differences differences;

  DiffRoute(Parts parts) {
    this.project = parts.project();
    this.lake = parts.lake();
    this.differences = parts.warehouse().differences();
  }

  /**
   * What differs.
   *
   * @param same how many tables were found to be the same
   * @param onlyA tables that only the first state has
   */
  private record Answer(
      List<Difference> differences,
      long same,
      SortedSet<TableName> onlyA,
      SortedSet<TableName> onlyB) {}

  @Override
  public void handle(Context request) {
    AsOf a = state(request, "a");
    AsOf b = state(request, "b");
    Optional<TableName> table = Optional.ofNullable(request.queryParam("table")).map(this::table);
    Json.answer(request, HttpStatus.OK, compare(a, b, table, Access.of(request)));
  }

  private static AsOf state(Context request, String name) {
    String text = request.queryParam(name);
    if (text == null || text.isEmpty()) {
      throw MillraceException.caller(
          "Cannot compare: '%s' is missing; name a release, a time, a branch or now"
              .formatted(name));
    }
    return StateName.parseOrBranch(text);
  }

  private TableName table(String name) {
    TableName table = TableName.parse(name);
    return project.model(table).name();
  }

  private Answer compare(AsOf a, AsOf b, Optional<TableName> table, Sight sight) {
    Map<TableName, PinnedTable> before = lake.pin(a);
    Map<TableName, PinnedTable> after = lake.pin(b);
    Set<TableName> models =
        table.<Set<TableName>>map(Set::of).orElseGet(() -> project.models().keySet());
    SortedSet<TableName> onlyA = without(before, after, models);
    SortedSet<TableName> onlyB = without(after, before, models);
    List<TableName> moved = moved(before, after, models);
    List<Difference> found =
        moved.stream()
            .map(name -> differences.of(name, a, b, sight))
            .filter(it -> !it.none())
            .toList();
    long both = before.keySet().stream().filter(models::contains).count() - onlyA.size();
    return new Answer(found, both - found.size(), onlyA, onlyB);
  }

  private static SortedSet<TableName> without(
      Map<TableName, PinnedTable> these, Map<TableName, PinnedTable> those, Set<TableName> models) {
    SortedSet<TableName> only = new TreeSet<>(these.keySet());
    only.retainAll(models);
    only.removeAll(those.keySet());
    return only;
  }

  private static List<TableName> moved(
      Map<TableName, PinnedTable> a, Map<TableName, PinnedTable> b, Set<TableName> models) {
    List<TableName> moved =
        a.keySet().stream()
            .filter(models::contains)
            .filter(b::containsKey)
            .filter(name -> !a.get(name).snapshotId().equals(b.get(name).snapshotId()))
            .toList();
    if (moved.size() > MAX_TABLES) {
      throw MillraceException.caller(
          "Cannot compare %d tables at once: name one with 'table'".formatted(moved.size()));
    }
    return moved;
  }
}
