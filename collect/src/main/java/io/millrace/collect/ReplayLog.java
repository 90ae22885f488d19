package io.millrace.collect;

import io.millrace.core.MetadataTables;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Which rejected events have been sent again. It is written after Kafka has them, so it may lack
 * the last: marks say from which offsets on the topic has to be looked through for these.
 */
final class ReplayLog implements AutoCloseable {

  private final MetadataTables tables;

  /** Marks are kept apart by it, since one that was thought dead may still write its own. */
  private final String replay = UUID.randomUUID().toString();

  private ReplayLog(MetadataTables tables) {
    this.tables = tables;
  }

  /**
   * An event that was sent again.
   *
   * @param at when the broker appended it, milliseconds since 1970
   */
  record Sent(Origin origin, int partition, long offset, long at) {}

  static ReplayLog open(Path metadata) {
    return new ReplayLog(
        MetadataTables.open(metadata, "the replayed events", ReplayLog.class, "replays.sql"));
  }

  boolean has(Origin origin) {
    return tables
        .first(
            row -> true,
            "SELECT 1 FROM replays WHERE topic = ? AND topic_partition = ? AND topic_offset = ?",
            origin.topic(),
            origin.partition(),
            origin.offset())
        .isPresent();
  }

  /** From where on each partition may hold what is missing here; empty if nothing is. */
  SortedMap<Integer, Long> marks(String stream) {
    SortedMap<Integer, Long> marks = new TreeMap<>();
    tables.select(
        row -> marks.put(row.getInt(1), row.getLong(2)),
        "SELECT to_partition, min(from_offset) FROM replay_marks WHERE stream = ? GROUP BY 1",
        stream);
    return marks;
  }

  /** Adds what Kafka has, and moves this replay's marks of partitions. */
  void add(String stream, Collection<Sent> sent, Map<Integer, Long> marks) {
    tables.together(
        all -> {
          add(all, stream, sent);
          for (Map.Entry<Integer, Long> mark : marks.entrySet()) {
            all.update(
                "INSERT OR REPLACE INTO replay_marks VALUES (?, ?, ?, ?)",
                stream,
                replay,
                mark.getKey(),
                mark.getValue());
          }
        });
  }

  private static void add(MetadataTables.Statements all, String stream, Collection<Sent> sent)
      throws SQLException {
    for (Sent event : sent) {
      all.update(
          "INSERT OR IGNORE INTO replays VALUES (?, ?, ?, ?, ?, ?, ?)",
          stream,
          event.origin().topic(),
          event.origin().partition(),
          event.origin().offset(),
          event.partition(),
          event.offset(),
          event.at() * 1000);
    }
  }

  /** Adds what was missing of replays before, which are over with that. */
  void settle(String stream, Collection<Sent> sent) {
    tables.together(
        all -> {
          add(all, stream, sent);
          all.update("DELETE FROM replay_marks WHERE stream = ? AND replay <> ?", stream, replay);
        });
  }

  /** Says that nothing of this replay is missing. */
  void complete(String stream) {
    tables.write("DELETE FROM replay_marks WHERE stream = ? AND replay = ?", stream, replay);
  }

  @Override
  public void close() {
    tables.close();
  }
}
