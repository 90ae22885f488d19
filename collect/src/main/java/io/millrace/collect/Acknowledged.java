package io.millrace.collect;

import io.millrace.core.Daemons;
import io.millrace.core.MetadataDatabase;
import io.millrace.core.MillraceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many events of each topic partition the collector has answered for, since the project began.
 * They are counted before the answer is sent and written every second and at close, so the count is
 * never below what producers were told, but for one case: after a kill -9 the counts of the last
 * second may be missing. It is never above what Kafka acknowledged.
 */
public final class Acknowledged implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Acknowledged.class);

  /** A partition of a topic of events or of rejected ones. */
  public record Place(String topic, int partition) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int byTopic = topic.compareTo(other.topic);
      return byTopic == 0 ? Integer.compare(partition, other.partition) : byTopic;
    }
  }

  /**
   * What was answered for.
   *
   * @param lastOffset the highest offset among them
   */
  public record Count(long events, long lastOffset) {
    Count plus(Count other) {
      return new Count(events + other.events, Math.max(lastOffset, other.lastOffset));
    }
  }

  private static final int LAST_FLUSH_MS = 20_000;

  private static final String TABLE =
      """
      CREATE TABLE IF NOT EXISTS acknowledged (
        topic TEXT NOT NULL, partition INTEGER NOT NULL, events INTEGER NOT NULL,
        last_offset INTEGER NOT NULL, PRIMARY KEY (topic, partition))
      """;

  private static final String ADD =
      """
      INSERT INTO acknowledged VALUES (?, ?, ?, ?) ON CONFLICT (topic, partition) DO UPDATE SET
        events = events + excluded.events, last_offset = max(last_offset, excluded.last_offset)
      """;

  private final Connection database;
  private final ScheduledExecutorService clock = Daemons.timer("acknowledged");
  private Map<Place, Count> unwritten = new HashMap<>();

  private Acknowledged(Connection database) {
    this.database = database;
  }

  /** Counts into the table {@code acknowledged} of this SQLite file. */
  public static Acknowledged open(Path metadata) {
    try {
      Connection database = MetadataDatabase.open(metadata);
      try (Statement statement = database.createStatement()) {
        statement.execute(TABLE);
      }
      database.setAutoCommit(false);
      Acknowledged acknowledged = new Acknowledged(database);
      var unused =
          acknowledged.clock.scheduleWithFixedDelay(acknowledged::tryFlush, 1, 1, TimeUnit.SECONDS);
      return acknowledged;
    } catch (SQLException e) {
      throw MillraceException.world(
          "Cannot open the counts in %s: %s".formatted(metadata, e.getMessage()), e);
    }
  }

  /** What has been written, by place. */
  public static SortedMap<Place, Count> read(Path metadata) {
    SortedMap<Place, Count> counts = new TreeMap<>();
    if (!Files.exists(metadata)) {
      return counts;
    }
    try (Connection database = MetadataDatabase.open(metadata);
        Statement statement = database.createStatement()) {
      statement.execute(TABLE);
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT topic, partition, events, last_offset FROM acknowledged")) {
        while (rows.next()) {
          counts.put(
              new Place(rows.getString(1), rows.getInt(2)),
              new Count(rows.getLong(3), rows.getLong(4)));
        }
      }
      return counts;
    } catch (SQLException e) {
      throw MillraceException.world(
          "Cannot read the counts in %s: %s".formatted(metadata, e.getMessage()), e);
    }
  }

  /** Counts what is about to be answered. */
  synchronized void add(Map<Place, Count> counts) {
    counts.forEach((place, count) -> unwritten.merge(place, count, Count::plus));
  }

  private void tryFlush() {
    try {
      flush();
    } catch (MillraceException e) {
      log.warn("{}; trying again in a second", e.getMessage());
    }
  }

  /** Writes what has been counted since the last time; on failure it stays to be written. */
  void flush() {
    Map<Place, Count> counts;
    synchronized (this) {
      counts = unwritten;
      unwritten = new HashMap<>();
    }
    try {
      write(counts);
    } catch (SQLException e) {
      add(counts);
      throw MillraceException.world("Cannot write the counts: " + e.getMessage(), e);
    }
  }

  private void write(Map<Place, Count> counts) throws SQLException {
    if (counts.isEmpty()) {
      return;
    }
    // One connection, and two who may call: the clock and close.
    synchronized (database) {
      try (PreparedStatement add = database.prepareStatement(ADD)) {
        for (Map.Entry<Place, Count> entry : counts.entrySet()) {
          add.setString(1, entry.getKey().topic());
          add.setInt(2, entry.getKey().partition());
          add.setLong(3, entry.getValue().events());
          add.setLong(4, entry.getValue().lastOffset());
          add.executeUpdate();
        }
        database.commit();
      } catch (SQLException e) {
        database.rollback();
        throw e;
      }
    }
  }

  @Override
  public void close() {
    clock.shutdown();
    try (database) {
      // What the clock has taken to write must be written before the file is closed.
      clock.awaitTermination(LAST_FLUSH_MS, TimeUnit.MILLISECONDS);
      flush();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw MillraceException.world("Cannot close the counts: interrupted", e);
    } catch (SQLException e) {
      throw MillraceException.world("Cannot close the counts: " + e.getMessage(), e);
    }
  }
}
