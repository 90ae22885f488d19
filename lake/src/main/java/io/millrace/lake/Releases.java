package io.millrace.lake;

import io.millrace.core.MetadataDatabase;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
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
  private static final String MODEL = "model";
  private static final String INPUT = "input";

  private final Connection connection;
  private final InstantSource clock;

  private Releases(Connection connection, InstantSource clock) {
    this.connection = connection;
    this.clock = clock;
  }

  /**
   * Opens the releases, making their tables if there are none.
   *
   * @param metadata the metadata database
   */
  public static Releases open(Path metadata, InstantSource clock) {
    try {
      Connection connection = MetadataDatabase.open(metadata);
      prepare(connection);
      return new Releases(connection, clock);
    } catch (SQLException e) {
      throw MillraceException.world("Cannot open " + metadata + ": " + e.getMessage(), e);
    }
  }

  static void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(script("releases.sql"));
    }
  }

  private static String script(String name) {
    try (InputStream script = Releases.class.getResourceAsStream(name)) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw MillraceException.us("Cannot read " + name + ": " + e.getMessage(), e);
    }
  }

  /** What readers see; empty until something has been published. */
  public Optional<Release> newest() {
    return read(Releases::newest);
  }

  public Optional<Release> find(long id) {
    return read(connection -> select(connection, "id = ?", id).stream().findFirst());
  }

  /**
   * Loads a release.
   *
   * @throws MillraceException which names the releases there are, if there is none of this id
   */
  public Release load(long id) {
    return read(connection -> load(connection, id));
  }

  /** The newest first. */
  public List<Release> recent(int limit) {
    return read(connection -> select(connection, "true ORDER BY id DESC LIMIT ?", limit));
  }

  /**
   * The release that readers saw at an instant; empty if there was none yet.
   *
   * @throws MillraceException if it has been forgotten
   */
  public Optional<Release> at(Instant instant) {
    return read(connection -> at(connection, instant));
  }

  /** The snapshots of a table that releases name, which must stay readable. */
  public Set<Long> kept(TableName table) {
    return read(
        connection -> {
          Set<Long> snapshots = new HashSet<>();
          try (PreparedStatement select =
                  prepare(
                      connection,
                      "SELECT DISTINCT snapshot FROM release_tables WHERE table_name = ?",
                      table.toString());
              ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
              snapshots.add(rows.getLong(1));
            }
          }
          return Set.copyOf(snapshots);
        });
  }

  /**
   * Forgets what nobody will ask for. Kept are all releases for as long as snapshots are, the last
   * of each hour for as long as hourly ones are, and always the newest few.
   *
   * @return how many were forgotten
   */
  public synchronized int forget(UpkeepLimits limits) {
    Instant now = clock.instant();
    try (Transaction transaction = new Transaction(connection)) {
      int forgotten;
      try (PreparedStatement releases =
              prepare(
                  connection,
                  script("forget.sql"),
                  micros(now.minus(limits.snapshotRetention())),
                  micros(now.minus(limits.hourlySnapshots())),
                  ALWAYS_KEPT);
          PreparedStatement tables =
              prepare(
                  connection,
                  "DELETE FROM release_tables WHERE release NOT IN (SELECT id FROM releases)")) {
        forgotten = releases.executeUpdate();
        tables.executeUpdate();
      }
      transaction.commit();
      return forgotten;
    } catch (SQLException e) {
      throw MillraceException.world("Cannot forget releases: " + e.getMessage(), e);
    }
  }

  /**
   * Names snapshots as one release, for all readers at once. Tables that are not named stay as the
   * release before has them. A run that does it again gets the release it has made.
   *
   * @param models the new snapshot of each model that was built
   * @param inputs the snapshot of each stream's table that was read
   */
  public synchronized Release publish(
      long run, String why, Map<TableName, Long> models, Map<TableName, Long> inputs) {
    try (Transaction transaction = new Transaction(connection)) {
      // Written before anything is read, so that no other process publishes in between.
      long id = insert(run, why);
      List<Release> before = select(connection, "id < ? ORDER BY id DESC LIMIT ?", id, ALWAYS_KEPT);
      Optional<Release> made =
          before.stream()
              .limit(run == Release.BY_HAND ? 1 : ALWAYS_KEPT)
              .filter(it -> it.run() == run && it.names(models, inputs))
              .findFirst();
      if (made.isPresent()) {
        return made.get();
      }
      add(id, MODEL, before.isEmpty() ? Map.of() : before.get(0).models(), models);
      add(id, INPUT, before.isEmpty() ? Map.of() : before.get(0).inputs(), inputs);
      Release release = load(connection, id);
      transaction.commit();
      return release;
    } catch (SQLException e) {
      throw MillraceException.unknown(
          "Cannot tell whether run %d has made a release: %s".formatted(run, e.getMessage()), e);
    }
  }

  private long insert(long run, String why) throws SQLException {
    String sql = "INSERT INTO releases (at_micros, run, why) VALUES (?, ?, ?) RETURNING id";
    try (PreparedStatement insert = prepare(connection, sql, micros(clock.instant()), run, why);
        ResultSet row = insert.executeQuery()) {
      return row.getLong(1);
    }
  }

  private void add(long id, String role, Map<TableName, Long> before, Map<TableName, Long> now)
      throws SQLException {
    Map<TableName, Long> tables = new TreeMap<>(before);
    tables.putAll(now);
    for (Map.Entry<TableName, Long> table : tables.entrySet()) {
      String sql = "INSERT INTO release_tables VALUES (?, ?, ?, ?)";
      try (PreparedStatement insert =
          prepare(connection, sql, id, table.getKey().toString(), table.getValue(), role)) {
        insert.executeUpdate();
      }
    }
  }

  static Optional<Release> newest(Connection connection) throws SQLException {
    return select(connection, "true ORDER BY id DESC LIMIT 1").stream().findFirst();
  }

  static Release load(Connection connection, long id) throws SQLException {
    Optional<Release> found = select(connection, "id = ?", id).stream().findFirst();
    if (found.isPresent()) {
      return found.get();
    }
    List<Release> some = select(connection, "true ORDER BY id DESC LIMIT ?", SUGGESTED);
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

  static Optional<Release> at(Connection connection, Instant instant) throws SQLException {
    List<Release> at =
        select(connection, "at_micros <= ? ORDER BY id DESC LIMIT 1", micros(instant));
    if (!at.isEmpty()) {
      return Optional.of(at.get(0));
    }
    List<Release> first = select(connection, "true ORDER BY id LIMIT 1");
    if (!first.isEmpty() && first.get(0).id() > FIRST) {
      throw MillraceException.caller(
          "Cannot read the lake as of %s: releases before %s have been forgotten"
              .formatted(instant, first.get(0).at()));
    }
    return Optional.empty();
  }

  private static List<Release> select(Connection connection, String where, Object... values)
      throws SQLException {
    List<Release> releases = new ArrayList<>();
    try (PreparedStatement select =
            prepare(connection, "SELECT * FROM releases WHERE " + where, values);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        long id = rows.getLong("id");
        releases.add(
            new Release(
                id,
                Instant.EPOCH.plus(rows.getLong("at_micros"), ChronoUnit.MICROS),
                rows.getLong("run"),
                rows.getString("why"),
                tables(connection, id, MODEL),
                tables(connection, id, INPUT)));
      }
    }
    return List.copyOf(releases);
  }

  private static SortedMap<TableName, Long> tables(Connection connection, long id, String role)
      throws SQLException {
    SortedMap<TableName, Long> tables = new TreeMap<>();
    String sql = "SELECT table_name, snapshot FROM release_tables WHERE release = ? AND role = ?";
    try (PreparedStatement select = prepare(connection, sql, id, role);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        tables.put(TableName.parse(rows.getString(1)), rows.getLong(2));
      }
    }
    return tables;
  }

  private interface Reading<T> {
    T from(Connection connection) throws SQLException;
  }

  /** In one transaction, so that a release is seen whole. */
  private synchronized <T> T read(Reading<T> reading) {
    try (Transaction transaction = new Transaction(connection)) {
      T read = reading.from(connection);
      transaction.commit();
      return read;
    } catch (SQLException e) {
      throw MillraceException.world("Cannot read the releases: " + e.getMessage(), e);
    }
  }

  private static PreparedStatement prepare(Connection connection, String sql, Object... values)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    return statement;
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  @Override
  public synchronized void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw MillraceException.world("Cannot close the releases: " + e.getMessage(), e);
    }
  }
}
