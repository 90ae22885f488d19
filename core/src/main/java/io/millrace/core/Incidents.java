package io.millrace.core;

import io.millrace.core.Incident.Kind;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What has gone wrong, kept in the metadata database. Of one kind there is at most one at a time
 * for an asset; any process may report it again, end it, or acknowledge it.
 */
public final class Incidents implements AutoCloseable {

  private static final String GOING_ON =
      "SELECT * FROM incidents WHERE kind = ? AND asset = ? AND ended_micros IS NULL";

  private final MetadataTables tables;
  private final InstantSource clock;

  private Incidents(MetadataTables tables, InstantSource clock) {
    this.tables = tables;
    this.clock = clock;
  }

  /**
   * Opens them, making their table if there is none.
   *
   * @param metadata the metadata database
   */
  public static Incidents open(Path metadata, InstantSource clock) {
    return new Incidents(
        MetadataTables.open(metadata, "the incidents", Incidents.class, "incidents.sql"), clock);
  }

  /** Begins an incident, or says the latest of the one that is going on. */
  public Incident report(
      Kind kind, String asset, String upstream, String cause, long rows, String done) {
    return tables.write(
        it -> {
          int known =
              it.update(
                  "UPDATE incidents SET cause = ?, done = ?, affected = max(affected, ?)"
                      + " WHERE kind = ? AND asset = ? AND ended_micros IS NULL",
                  cause,
                  done,
                  rows,
                  word(kind),
                  asset);
          if (known == 0) {
            it.update(
                "INSERT INTO incidents (kind, asset, upstream, cause, affected, done, since_micros)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                word(kind),
                asset,
                upstream,
                cause,
                rows,
                done,
                MetadataTables.micros(clock.instant()));
          }
          return it.first(Incidents::incident, GOING_ON, word(kind), asset).orElseThrow();
        });
  }

  /** The one that is going on. */
  public Optional<Incident> find(Kind kind, String asset) {
    return tables.first(Incidents::incident, GOING_ON, word(kind), asset);
  }

  public Optional<Incident> find(long id) {
    return tables.first(Incidents::incident, "SELECT * FROM incidents WHERE id = ?", id);
  }

  /** Says that it is over; nothing if there is none. */
  public void end(Kind kind, String asset) {
    if (find(kind, asset).isPresent()) {
      tables.write(
          "UPDATE incidents SET ended_micros = ?"
              + " WHERE kind = ? AND asset = ? AND ended_micros IS NULL",
          MetadataTables.micros(clock.instant()),
          word(kind),
          asset);
    }
  }

  /** Says that a person knows of it; the first time counts. */
  public void acknowledge(long id) {
    tables.write(
        "UPDATE incidents SET acknowledged_micros = ? WHERE id = ? AND acknowledged_micros IS NULL",
        MetadataTables.micros(clock.instant()),
        id);
  }

  /** Those that are going on, oldest first. */
  public List<Incident> goingOn() {
    return tables.select(
        Incidents::incident, "SELECT * FROM incidents WHERE ended_micros IS NULL ORDER BY id");
  }

  /** The newest, newest first. */
  public List<Incident> recent(int limit) {
    return tables.select(
        Incidents::incident, "SELECT * FROM incidents ORDER BY id DESC LIMIT ?", limit);
  }

  private static Incident incident(ResultSet row) throws SQLException {
    return new Incident(
        row.getLong("id"),
        Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
        row.getString("asset"),
        row.getString("upstream"),
        row.getString("cause"),
        row.getLong("affected"),
        row.getString("done"),
        MetadataTables.instant(row.getLong("since_micros")),
        MetadataTables.time(row, "acknowledged_micros"),
        MetadataTables.time(row, "ended_micros"));
  }

  private static String word(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void close() {
    tables.close();
  }
}
