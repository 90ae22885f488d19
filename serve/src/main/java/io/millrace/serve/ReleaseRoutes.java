package io.millrace.serve;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.millrace.core.TableName;
import io.millrace.lake.Release;
import io.millrace.lake.Releases;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** {@code /api/releases}: the states of the warehouse that readers have seen. */
final class ReleaseRoutes {

  private static final int SHOWN = 100;

  private final Releases releases;
  private final Rollback rollback;

  ReleaseRoutes(Releases releases, Rollback rollback) {
    this.releases = releases;
    this.rollback = rollback;
  }

  /**
   * A release as the list has it.
   *
   * @param run 0 if a person made it
   * @param models how many tables it names
   * @param changed those whose snapshot the release before it does not name
   */
  private record Line(
      long id, Instant at, long run, String why, int models, SortedSet<TableName> changed) {}

  void recent(Context request) {
    List<Release> newest = releases.recent(SHOWN + 1);
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < Math.min(SHOWN, newest.size()); i++) {
      Map<TableName, Long> before = i + 1 < newest.size() ? newest.get(i + 1).models() : Map.of();
      lines.add(line(newest.get(i), before));
    }
    Json.answer(request, HttpStatus.OK, lines);
  }

  void rollBack(Context request) throws IOException {
    if (JsonBody.read(request, "the request", Object.class).isPresent()) {
      Optional<Release> wanted = ById.find(request, "release", releases::find);
      if (wanted.isPresent()) {
        Map<TableName, Long> before = releases.newest().orElseThrow().models();
        Release now = rollback.to(wanted.get().id());
        Json.answer(request, HttpStatus.OK, line(now, before));
      }
    }
  }

  private static Line line(Release release, Map<TableName, Long> before) {
    SortedSet<TableName> changed = new TreeSet<>();
    release
        .models()
        .forEach(
            (table, snapshot) -> {
              if (!snapshot.equals(before.get(table))) {
                changed.add(table);
              }
            });
    return new Line(
        release.id(), release.at(), release.run(), release.why(), release.models().size(), changed);
  }
}
