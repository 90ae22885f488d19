package io.millrace.prove;

import io.millrace.core.MetadataDatabase;
import io.millrace.core.MillraceException;
import io.millrace.lake.Ledger.TopicPartition;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the collector has written down of the events that it answered for. */
final class Acknowledgements {

  /**
   * Of one partition.
   *
   * @param lastOffset the highest offset among the events
   */
  record Count(long events, long lastOffset) {}

  private Acknowledgements() {}

  /** Of the partitions of two topics; empty if the collector never took an event. */
  static SortedMap<TopicPartition, Count> read(Path metadata, String topic, String rejectedTopic) {
    SortedMap<TopicPartition, Count> counts = new TreeMap<>(Partitions.ORDER);
    String sql =
        "SELECT topic, partition, events, last_offset FROM acknowledged WHERE topic IN (?, ?)";
    try (Connection connection = MetadataDatabase.open(metadata)) {
      if (!hasTable(connection)) {
        return counts;
      }
      try (PreparedStatement select = connection.prepareStatement(sql)) {
        select.setString(1, topic);
        select.setString(2, rejectedTopic);
        try (ResultSet rows = select.executeQuery()) {
          while (rows.next()) {
            counts.put(
                new TopicPartition(rows.getString(1), rows.getInt(2)),
                new Count(rows.getLong(3), rows.getLong(4)));
          }
        }
      }
      return counts;
    } catch (SQLException e) {
      throw MillraceException.world("Cannot read " + metadata + ": " + e.getMessage(), e);
    }
  }

  private static boolean hasTable(Connection connection) throws SQLException {
    try (ResultSet tables = connection.getMetaData().getTables(null, null, "acknowledged", null)) {
      return tables.next();
    }
  }
}
