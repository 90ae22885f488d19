package io.millrace.serve;

import io.millrace.core.MillraceException;
import io.millrace.core.NearMatch;
import io.millrace.core.TableName;
import io.millrace.core.Usage;
import io.millrace.core.Usage.Work;
import io.millrace.engine.Answer;
import io.millrace.engine.Engine;
import io.millrace.engine.Query;
import io.millrace.engine.Rows;
import io.millrace.lake.AsOf;
import io.millrace.lake.Release;
import io.millrace.lake.Releases;
import io.millrace.project.Project;
import io.millrace.project.Report;
import io.millrace.project.Sight;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Fills reports with rows. All tiles of a report read one release. A tile is asked for again when
 * the snapshots of what it reads are others, and not before. Threads may share it.
 */
final class Reports {

  /** More rows than a person looks at. */
  private static final int MOST_ROWS = 1_000;

  /**
   * A tile with its rows.
   *
   * @param snapshots of the tables behind it, as far as they have any
   * @param failure why there are no rows
   */
  record Filled(
      Report.Tile tile,
      SortedMap<TableName, Long> snapshots,
      Answer answer,
      Optional<String> failure) {}

  /** A report with the rows of a release. */
  record Edition(Report report, Release release, List<Filled> tiles) {}

  private record Shown(String report, int tile, Sight sight) {}

  private final Project project;
  private final Releases releases;
  private final Engine engine;
  private final Usage usage;
  private final Map<Shown, Filled> kept = new ConcurrentHashMap<>();

  Reports(Project project, Releases releases, Engine engine, Usage usage) {
    this.project = project;
    this.releases = releases;
    this.engine = engine;
    this.usage = usage;
  }

  List<Report> all() {
    return List.copyOf(project.reports().values());
  }

  /**
   * The report as of the newest release.
   *
   * @param sight of who looks at it
   */
  Edition edition(String name, Sight sight) {
    Report report = report(name);
    Release release = newest();
    List<Filled> tiles = new ArrayList<>();
    for (int i = 0; i < report.tiles().size(); i++) {
      Report.Tile tile = report.tiles().get(i);
      SortedMap<TableName, Long> snapshots = snapshots(tile, release);
      Shown shown = new Shown(name, i, sight);
      Filled filled = kept.get(shown);
      if (filled == null || !filled.snapshots().equals(snapshots) || !isOf(snapshots, tile)) {
        long began = System.nanoTime();
        filled = fill(tile, snapshots, release, sight);
        count(name, i + 1, began);
        if (filled.failure().isEmpty()) {
          kept.put(shown, filled);
        }
      }
      tiles.add(filled);
    }
    return new Edition(report, release, List.copyOf(tiles));
  }

  /**
   * All rows of a tile as of the newest release; the caller closes them.
   *
   * @param number from 1
   */
  Rows rows(String name, int number, Sight sight) {
    Report report = report(name);
    if (number < 1 || number > report.tiles().size()) {
      throw MillraceException.caller(
          "Cannot find tile %d: report '%s' has %d".formatted(number, name, report.tiles().size()));
    }
    return engine.query(query(report.tiles().get(number - 1), newest(), sight));
  }

  /**
   * Notes what a tile took.
   *
   * @param began by {@link System#nanoTime}
   */
  void count(String name, int number, long began) {
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    String what = "report %s, tile %d".formatted(name, number);
    usage.note(new Work(Usage.Kind.QUERY, what, 1, took, 0));
  }

  private Report report(String name) {
    Report report = project.reports().get(name);
    if (report == null) {
      throw MillraceException.caller(
          "Cannot find report '%s': %s"
              .formatted(name, NearMatch.remedy(project.reports().keySet(), name)));
    }
    return report;
  }

  private Release newest() {
    return releases
        .newest()
        .orElseThrow(
            () ->
                MillraceException.world(
                    "Cannot show the report: no model has been built yet; see 'millrace status'"));
  }

  private Filled fill(
      Report.Tile tile, SortedMap<TableName, Long> snapshots, Release release, Sight sight) {
    try (Rows rows = engine.query(query(tile, release, sight))) {
      return new Filled(tile, snapshots, Answer.read(rows, MOST_ROWS), Optional.empty());
    } catch (MillraceException e) {
      Answer none = new Answer(List.of(), List.of(), true);
      return new Filled(tile, snapshots, none, Optional.of(e.getMessage()));
    }
  }

  private static Query query(Report.Tile tile, Release release, Sight sight) {
    return Query.of(tile.sql()).asOf(new AsOf.Release(release.id())).seenWith(sight);
  }

  private SortedMap<TableName, Long> snapshots(Report.Tile tile, Release release) {
    SortedMap<TableName, Long> snapshots = new TreeMap<>();
    for (TableName read : tile.reads()) {
      for (TableName table : project.tablesBehind(read)) {
        Optional.ofNullable(release.models().get(table))
            .or(() -> Optional.ofNullable(release.inputs().get(table)))
            .ifPresent(snapshot -> snapshots.put(table, snapshot));
      }
    }
    return snapshots;
  }

  /** Whether they say all that the rows of a tile follow from. */
  private boolean isOf(Map<TableName, Long> snapshots, Report.Tile tile) {
    return !tile.reads().isEmpty()
        && tile.reads().stream()
            .flatMap(read -> project.tablesBehind(read).stream())
            .allMatch(snapshots::containsKey);
  }
}
