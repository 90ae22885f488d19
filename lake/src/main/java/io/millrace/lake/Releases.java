package io.millrace.lake;

import io.millrace.core.MetadataTables;
import io.millrace.core.MetadataTables.Statements;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The releases of the warehouse, kept in the metadata database beside the catalog. Safe for several
 * threads.
 */
public final class Releases implements AutoCloseable {

  private static final int ALWAYS_KEPT = 10;
  private static final int SUGGESTED = 5;
  private static final long FIRST = 1;
  private static final String FORGET = MetadataTables.script(Releases.class, "forget.sql");
  private static final SortedMap<TableName, Long> NONE = Collections.emptySortedMap();
  private static final String MODEL = "model";
  private static final String INPUT = "input";

  private final MetadataTables tables;
  private final InstantSource clock;

  private Releases(MetadataTables tables, InstantSource clock) {
    this.tables = tables;
    this.clock = clock;
  }

  /**
   * Opens the releases, making their tables if there are none.
   *
   * @param metadata the metadata database
   */
  public static Releases open(Path metadata, InstantSource clock) {
    return new Releases(tables(metadata, "the releases"), clock);
  }

  /** For others who read releases together with something else. */
  static MetadataTables tables(Path metadata, String what) {
    return MetadataTables.open(metadata, what, Releases.class, "releases.sql");
  }

  /** What readers see; empty until something has been published. */
  public Optional<Release> newest() {
    return tables.read(Releases::newest);
  }

  public Optional<Release> find(long id) {
    return tables.read(statements -> select(statements, "id = ?", id).stream().findFirst());
  }

  /**
   * Loads a release.
   *
   * @throws MillraceException which names the releases there are, if there is none of this id
   */
  public Release load(long id) {
    return tables.read(statements -> load(statements, id));
  }

  /** The newest first. */
  public List<Release> recent(int limit) {
    return tables.read(statements -> select(statements, "true ORDER BY id DESC LIMIT ?", limit));
  }

  /**
   * The release that readers saw at an instant; empty if there was none yet.
   *
   * @throws MillraceException if it has been forgotten
   */
  public Optional<Release> at(Instant instant) {
    return tables.read(statements -> at(statements, instant));
  }

  /** The snapshots of a table that releases name, which must stay readable. */
  public Set<Long> kept(TableName table) {
    return Set.copyOf(
        tables.select(
            row -> row.getLong(1),
            "SELECT DISTINCT snapshot FROM release_tables WHERE table_name = ?",
            table.toString()));
  }

  /**
   * Forgets what nobody will ask for. Kept are all releases for as long as snapshots are, the last
   * of each hour for as long as hourly ones are, and always the newest few.
   *
   * @return how many were forgotten
   */
  public int forget(UpkeepLimits limits) {
    Instant now = clock.instant();
    return tables.write(
        statements -> {
          int forgotten =
              statements.update(
                  FORGET,
                  MetadataTables.micros(now.minus(limits.snapshotRetention())),
                  MetadataTables.micros(now.minus(limits.hourlySnapshots())),
                  ALWAYS_KEPT);
          forgetBeside(statements);
          return forgotten;
        });
  }

  /** Forgets all but the newest, because what they name is about to go. */
  public void forgetAllButNewest() {
    tables.together(
        statements -> {
          statements.update("DELETE FROM releases WHERE id < (SELECT max(id) FROM releases)");
          forgetBeside(statements);
        });
  }

  private static void forgetBeside(Statements statements) throws SQLException {
    for (String beside : List.of("release_tables", "release_behind")) {
      statements.update(
          "DELETE FROM " + beside + " WHERE release NOT IN (SELECT id FROM releases)");
    }
  }

  /**
   * Names snapshots as one release, for all readers at once. Tables that are not named stay as the
   * release before has them. A run that does it again gets the release it has made.
   *
   * @param models the new snapshot of each model that was built
   * @param inputs the snapshots of streams' tables that go with them
   * @param behind {@link Release#behind()}, of all models that it names
   */
  public Release publish(
      long run,
      String why,
      Map<TableName, Long> models,
      Map<TableName, Long> inputs,
      Map<TableName, SortedMap<TableName, String>> behind) {
    return tables.write(
        statements -> {
          List<Release> before = select(statements, "true ORDER BY id DESC LIMIT ?", ALWAYS_KEPT);
          Optional<Release> made =
              before.stream()
                  .limit(run == Release.BY_HAND ? 1 : ALWAYS_KEPT)
                  .filter(it -> it.run() == run && it.names(models, inputs))
                  .findFirst();
          if (made.isPresent()) {
            return made.get();
          }
          long id =
              statements.insert(
                  "INSERT INTO releases (at_micros, run, why) VALUES (?, ?, ?)",
                  MetadataTables.micros(clock.instant()),
                  run,
                  why);
          Optional<Release> last = before.stream().findFirst();
          add(statements, id, MODEL, last.map(Release::models).orElse(NONE), models);
          add(statements, id, INPUT, last.map(Release::inputs).orElse(NONE), inputs);
          addBehind(statements, id, behind);
          return load(statements, id);
        });
  }

  /** {@link #publish} where no model is behind. */
  public Release publish(
      long run, String why, Map<TableName, Long> models, Map<TableName, Long> inputs) {
    return publish(run, why, models, inputs, Map.of());
  }

  private static void addBehind(
      Statements statements, long id, Map<TableName, SortedMap<TableName, String>> behind)
      throws SQLException {
    for (Map.Entry<TableName, SortedMap<TableName, String>> model : behind.entrySet()) {
      for (Map.Entry<TableName, String> input : model.getValue().entrySet()) {
        statements.update(
            "INSERT INTO release_behind VALUES (?, ?, ?, ?)",
            id,
            model.getKey().toString(),
            input.getKey().toString(),
            input.getValue());
      }
    }
  }

  private static void add(
      Statements statements,
      long id,
      String role,
      SortedMap<TableName, Long> before,
      Map<TableName, Long> now)
      throws SQLException {
    SortedMap<TableName, Long> snapshots = new TreeMap<>(before);
    snapshots.putAll(now);
    for (Map.Entry<TableName, Long> table : snapshots.entrySet()) {
      statements.update(
          "INSERT INTO release_tables VALUES (?, ?, ?, ?)",
          id,
          table.getKey().toString(),
          table.getValue(),
          role);
    }
  }

  static Optional<Release> newest(Statements statements) throws SQLException {
    return select(statements, "true ORDER BY id DESC LIMIT 1").stream().findFirst();
  }

  static Release load(Statements statements, long id) throws SQLException {
    Optional<Release> found = select(statements, "id = ?", id).stream().findFirst();
    if (found.isPresent()) {
      return found.get();
    }
    List<Release> some = select(statements, "true ORDER BY id DESC LIMIT ?", SUGGESTED);
    throw MillraceException.caller(
        "Cannot find release %d: %s"
            .formatted(
                id,
                some.isEmpty()
                    ? "there is none yet"
                    : some.stream()
                        .map(it -> Long.toString(it.id()))
                        .collect(Collectors.joining(", ", "the newest are ", ""))));
  }

  static Optional<Release> at(Statements statements, Instant instant) throws SQLException {
    List<Release> at =
        select(
            statements, "at_micros <= ? ORDER BY id DESC LIMIT 1", MetadataTables.micros(instant));
    if (!at.isEmpty()) {
      return Optional.of(at.get(0));
    }
    List<Release> first = select(statements, "true ORDER BY id LIMIT 1");
    if (!first.isEmpty() && first.get(0).id() > FIRST) {
      throw MillraceException.caller(
          "Cannot read the lake as of %s: releases before %s have been forgotten"
              .formatted(instant, first.get(0).at()));
    }
    return Optional.empty();
  }

  private static List<Release> select(Statements statements, String where, Object... values)
      throws SQLException {
    return statements.select(
        row -> {
          long id = row.getLong("id");
          return new Release(
              id,
              MetadataTables.instant(row.getLong("at_micros")),
              row.getLong("run"),
              row.getString("why"),
              snapshots(statements, id, MODEL),
              snapshots(statements, id, INPUT),
              behind(statements, id));
        },
        "SELECT * FROM releases WHERE " + where,
        values);
  }

  private static SortedMap<TableName, Long> snapshots(Statements statements, long id, String role)
      throws SQLException {
    SortedMap<TableName, Long> snapshots = new TreeMap<>();
    statements.select(
        row -> snapshots.put(TableName.parse(row.getString(1)), row.getLong(2)),
        "SELECT table_name, snapshot FROM release_tables WHERE release = ? AND role = ?",
        id,
        role);
    return snapshots;
  }

  private static SortedMap<TableName, SortedMap<TableName, String>> behind(
      Statements statements, long id) throws SQLException {
    SortedMap<TableName, SortedMap<TableName, String>> behind = new TreeMap<>();
    statements.select(
        row ->
            behind
                .computeIfAbsent(TableName.parse(row.getString(1)), key -> new TreeMap<>())
                .put(TableName.parse(row.getString(2)), row.getString(3)),
        "SELECT table_name, input, why FROM release_behind WHERE release = ?",
        id);
    return behind;
  }

  @Override
  public void close() {
    tables.close();
  }
}
