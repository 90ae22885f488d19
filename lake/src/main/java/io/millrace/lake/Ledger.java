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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The ledger of commits: for each commit of each stream a sealed {@link LedgerEntry}, kept in the
 * metadata database beside the catalog. Only the stream job's committer adds entries; anyone may
 * read. For one thread.
 */
public final class Ledger implements AutoCloseable {

  private final Connection connection;

  private Ledger(Connection connection) {
    this.connection = connection;
  }

  /**
   * Opens the ledger, making it if there is none.
   *
   * @param metadata the metadata database
   */
  public static Ledger open(Path metadata) {
    try (InputStream script = Ledger.class.getResourceAsStream("ledger.sql")) {
      Connection connection = MetadataDatabase.open(metadata);
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate(new String(script.readAllBytes(), StandardCharsets.UTF_8));
      }
      return new Ledger(connection);
    } catch (SQLException | IOException e) {
      throw MillraceException.world("Cannot open " + metadata + ": " + e.getMessage(), e);
    }
  }

  /** The entry with the highest sequence. */
  public Optional<LedgerEntry> last(String stream) {
    List<LedgerEntry> last =
        entries(
            "stream = ? AND sequence = (SELECT max(sequence) FROM commits WHERE stream = ?)",
            stream,
            stream);
    return last.stream().findFirst();
  }

  /** All entries after a sequence, in order; from the first with 0. */
  public List<LedgerEntry> after(String stream, long sequence) {
    return entries("stream = ? AND sequence > ?", stream, sequence);
  }

  /** The entries after a sequence and up to another, in order. */
  public List<LedgerEntry> between(String stream, long after, long upTo) {
    return entries("stream = ? AND sequence > ? AND sequence <= ?", stream, after, upTo);
  }

  /** The first offset of each partition that no entry accounts for yet. */
  public Map<TopicPartition, Long> ends(String stream) {
    Map<TopicPartition, Long> ends = new HashMap<>();
    String sql =
        "SELECT topic, topic_partition, max(to_offset) FROM commit_ranges WHERE stream = ?"
            + " GROUP BY topic, topic_partition";
    try (PreparedStatement select = prepare(sql, stream);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        ends.put(new TopicPartition(rows.getString(1), rows.getInt(2)), rows.getLong(3));
      }
      return ends;
    } catch (SQLException e) {
      throw cannotRead(e);
    }
  }

  /** A partition of a topic. */
  public record TopicPartition(String topic, int partition) {}

  /** Adds an entry in one transaction. */
  public void add(LedgerEntry entry) {
    try (Transaction transaction = new Transaction(connection)) {
      insert(
          "INSERT INTO commits VALUES (?, ?, ?, ?, ?)",
          entry.stream(),
          entry.sequence(),
          entry.checkpoint(),
          entry.sealedAtMicros(),
          entry.seal());
      for (LedgerEntry.Range range : entry.ranges()) {
        insert(
            "INSERT INTO commit_ranges VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            entry.stream(),
            entry.sequence(),
            range.topic(),
            range.partition(),
            range.from(),
            range.to(),
            range.accepted(),
            range.rejected(),
            range.repeated(),
            range.late(),
            range.absent());
      }
      for (LedgerEntry.Part part : entry.parts()) {
        insert(
            "INSERT INTO commit_parts VALUES (?, ?, ?, ?, ?, ?)",
            entry.stream(),
            entry.sequence(),
            part.table().toString(),
            part.rows(),
            part.fingerprint(),
            part.snapshot());
      }
      transaction.commit();
    } catch (SQLException e) {
      throw MillraceException.unknown(
          "Cannot tell whether the ledger has commit %d of '%s': %s"
              .formatted(entry.sequence(), entry.stream(), e.getMessage()),
          e);
    }
  }

  private List<LedgerEntry> entries(String where, Object... values) {
    String order = " ORDER BY sequence, ";
    // One transaction, so that an entry being added is seen whole or not at all.
    try (Transaction transaction = new Transaction(connection)) {
      Map<Long, List<LedgerEntry.Range>> ranges =
          bySequence(
              "commit_ranges WHERE " + where + order + "topic, topic_partition",
              values,
              Ledger::range);
      Map<Long, List<LedgerEntry.Part>> parts =
          bySequence("commit_parts WHERE " + where + order + "table_name", values, Ledger::part);
      List<LedgerEntry> entries = new ArrayList<>();
      try (PreparedStatement select =
              prepare("SELECT * FROM commits WHERE " + where + " ORDER BY sequence", values);
          ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          long sequence = rows.getLong("sequence");
          entries.add(
              new LedgerEntry(
                  rows.getString("stream"),
                  sequence,
                  rows.getLong("checkpoint"),
                  rows.getLong("sealed_at_micros"),
                  ranges.getOrDefault(sequence, List.of()),
                  parts.getOrDefault(sequence, List.of()),
                  rows.getString("seal")));
        }
      }
      transaction.commit();
      return entries;
    } catch (SQLException e) {
      throw cannotRead(e);
    }
  }

  private interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private <T> Map<Long, List<T>> bySequence(String from, Object[] values, Reader<T> reader)
      throws SQLException {
    Map<Long, List<T>> read = new HashMap<>();
    try (PreparedStatement select = prepare("SELECT * FROM " + from, values);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        read.computeIfAbsent(rows.getLong("sequence"), key -> new ArrayList<>())
            .add(reader.read(rows));
      }
    }
    return read;
  }

  private static LedgerEntry.Range range(ResultSet row) throws SQLException {
    return new LedgerEntry.Range(
        row.getString("topic"),
        row.getInt("topic_partition"),
        row.getLong("from_offset"),
        row.getLong("to_offset"),
        row.getLong("accepted"),
        row.getLong("rejected"),
        row.getLong("repeated"),
        row.getLong("late"),
        row.getLong("absent"));
  }

  private static LedgerEntry.Part part(ResultSet row) throws SQLException {
    return new LedgerEntry.Part(
        TableName.parse(row.getString("table_name")),
        row.getLong("rows"),
        row.getLong("fingerprint"),
        row.getLong("snapshot"));
  }

  private void insert(String sql, Object... values) throws SQLException {
    try (PreparedStatement insert = prepare(sql, values)) {
      insert.executeUpdate();
    }
  }

  private PreparedStatement prepare(String sql, Object... values) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    return statement;
  }

  private static MillraceException cannotRead(SQLException e) {
    return MillraceException.world("Cannot read the ledger: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw MillraceException.world("Cannot close the ledger: " + e.getMessage(), e);
    }
  }
}
