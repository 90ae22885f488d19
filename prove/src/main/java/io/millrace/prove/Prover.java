package io.millrace.prove;

import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.LedgerEntry;
import io.millrace.lake.Schemas;
import io.millrace.project.Project;
import io.millrace.project.StreamContract;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Proves the balance of a project's streams, while they run.
 *
 * <p>The ledger is read before the tables and Kafka's ends after it, so that a commit or an event
 * that comes in between is in flight, never a breach. Safe for several threads, one proof at a
 * time.
 */
public final class Prover {

  private final Project project;
  private final DataDirectory data;
  private final Lake lake;
  private final String kafka;
  private final InstantSource clock;

  /** How far each ledger was walked; a full proof walks it again from the first entry. */
  private final Map<String, LedgerWalk> walks = new HashMap<>();

  /**
   * @param kafka bootstrap servers
   */
  public Prover(Project project, DataDirectory data, Lake lake, String kafka, InstantSource clock) {
    this.project = project;
    this.data = data;
    this.lake = lake;
    this.kafka = kafka;
    this.clock = clock;
  }

  /** Proves every stream. */
  public Proof prove(Depth depth) {
    return prove(List.copyOf(project.streams().values()), depth);
  }

  /**
   * Proves one stream.
   *
   * @throws MillraceException if the project has no such stream, or Kafka or the lake cannot be
   *     read
   */
  public Proof prove(String stream, Depth depth) {
    return prove(List.of(project.contract(stream)), depth);
  }

  private synchronized Proof prove(List<StreamContract> contracts, Depth depth) {
    List<StreamProof> proofs = new ArrayList<>();
    try (Ledger ledger = Ledger.open(data.metadata());
        Topics topics = new Topics(kafka)) {
      for (StreamContract contract : contracts) {
        proofs.add(prove(contract, depth, ledger, topics));
      }
    }
    return new Proof(clock.instant(), depth, proofs);
  }

  private StreamProof prove(StreamContract contract, Depth depth, Ledger ledger, Topics topics) {
    if (depth == Depth.FULL) {
      walks.remove(contract.name());
    }
    LedgerWalk walk = walks.computeIfAbsent(contract.name(), name -> new LedgerWalk(contract));
    List<LedgerEntry> entries = ledger.after(contract.name(), walk.sequence());
    walk.take(entries);
    List<Breach> breaches = new ArrayList<>(walk.breaches());
    for (TableName table : Schemas.tables(contract).keySet()) {
      breaches.addAll(new TableCheck(lake.load(table), table, walk).breaches());
    }
    if (depth == Depth.FULL) {
      breaches.addAll(new Rescan(contract, lake, walk).breaches(entries, topics));
    }
    List<String> names = List.of(contract.topic(), contract.rejectedTopic());
    Map<TopicPartition, Count> acknowledged = acknowledged(names);
    Map<TopicPartition, Topics.Extent> extents = topics.extents(names);
    breaches.addAll(againstTopics(walk, extents, acknowledged));
    long inFlight = 0;
    for (Map.Entry<TopicPartition, Topics.Extent> extent : extents.entrySet()) {
      long end = walk.ends().getOrDefault(extent.getKey(), 0L);
      inFlight += Math.max(0, extent.getValue().end() - end);
    }
    long settled =
        walk.accepted() + walk.rejected() + walk.repeated() + walk.late() + walk.absent();
    return new StreamProof(
        contract.name(),
        acknowledged.values().stream().mapToLong(Count::events).sum(),
        settled + inFlight,
        walk.accepted(),
        walk.rejected(),
        walk.repeated(),
        walk.late(),
        walk.absent(),
        inFlight,
        breaches);
  }

  private static List<Breach> againstTopics(
      LedgerWalk walk,
      Map<TopicPartition, Topics.Extent> extents,
      Map<TopicPartition, Count> acknowledged) {
    List<Breach> breaches = new ArrayList<>();
    walk.ends()
        .forEach(
            (key, end) -> {
              Topics.Extent extent = extents.get(key);
              if (extent == null || extent.end() < end) {
                breaches.add(
                    new Breach(
                        Breach.Kind.TOPIC,
                        "%s/%d ends at offset %d in Kafka, and the lake has offsets up to %d"
                            .formatted(
                                key.topic(),
                                key.partition(),
                                extent == null ? 0 : extent.end(),
                                end - 1)));
              }
            });
    acknowledged.forEach(
        (key, count) -> {
          Topics.Extent extent = extents.get(key);
          long end = extent == null ? 0 : extent.end();
          if (count.lastOffset() >= end || count.events() > end) {
            breaches.add(
                new Breach(
                    Breach.Kind.TOPIC,
                    "%d events up to offset %d of %s/%d were acknowledged, and Kafka's end is %d"
                        .formatted(
                            count.events(),
                            count.lastOffset(),
                            key.topic(),
                            key.partition(),
                            end)));
          }
        });
    return breaches;
  }

  private record Count(long events, long lastOffset) {}

  /** What the collector has written down; nothing if it never took an event. */
  private Map<TopicPartition, Count> acknowledged(List<String> topics) {
    Map<TopicPartition, Count> counts = new HashMap<>();
    String sql =
        "SELECT topic, partition, events, last_offset FROM acknowledged WHERE topic IN (?, ?)";
    try (Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + data.metadata() + "?busy_timeout=20000")) {
      Optional<String> table = tableOfCounts(connection);
      if (table.isEmpty()) {
        return counts;
      }
      try (PreparedStatement select = connection.prepareStatement(sql)) {
        select.setString(1, topics.get(0));
        select.setString(2, topics.get(1));
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
      throw MillraceException.world("Cannot read " + data.metadata() + ": " + e.getMessage(), e);
    }
  }

  private static Optional<String> tableOfCounts(Connection connection) throws SQLException {
    try (ResultSet tables = connection.getMetaData().getTables(null, null, "acknowledged", null)) {
      return tables.next() ? Optional.of(tables.getString("TABLE_NAME")) : Optional.empty();
    }
  }
}
