package io.millrace.collect;

import io.millrace.core.Daemons;
import io.millrace.core.MetadataTables;
import io.millrace.core.MillraceException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private static final String ADD =
      """
      INSERT INTO acknowledged VALUES (?, ?, ?, ?) ON CONFLICT (topic, partition) DO UPDATE SET
        events = events + excluded.events, last_offset = max(last_offset, excluded.last_offset)
      """;

  private static final String ALL =
      "SELECT topic, partition, events, last_offset FROM acknowledged";

  private final MetadataTables table;
  private final ScheduledExecutorService clock = Daemons.timer("acknowledged");
  private Map<Place, Count> unwritten = new HashMap<>();

  private Acknowledged(MetadataTables table) {
    this.table = table;
  }

  /** Counts into the table {@code acknowledged} of this SQLite file. */
  public static Acknowledged open(Path metadata) {
    Acknowledged acknowledged = new Acknowledged(table(metadata));
    var unused =
        acknowledged.clock.scheduleWithFixedDelay(acknowledged::tryFlush, 1, 1, TimeUnit.SECONDS);
    return acknowledged;
  }

  private static MetadataTables table(Path metadata) {
    return MetadataTables.open(metadata, "the counts", Acknowledged.class, "acknowledged.sql");
  }

  /** What has been written, by place. */
  public static SortedMap<Place, Count> read(Path metadata) {
    SortedMap<Place, Count> counts = new TreeMap<>();
    if (!Files.exists(metadata)) {
      return counts;
    }
    try (MetadataTables table = table(metadata)) {
      table
          .select(
              row ->
                  Map.entry(
                      new Place(row.getString(1), row.getInt(2)),
                      new Count(row.getLong(3), row.getLong(4))),
              ALL)
          .forEach(it -> counts.put(it.getKey(), it.getValue()));
    }
    return counts;
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
    if (counts.isEmpty()) {
      return;
    }
    try {
      table.together(
          it -> {
            for (Map.Entry<Place, Count> entry : counts.entrySet()) {
              Place place = entry.getKey();
              Count count = entry.getValue();
              it.update(ADD, place.topic(), place.partition(), count.events(), count.lastOffset());
            }
          });
    } catch (MillraceException e) {
      add(counts);
      throw e;
    }
  }

  @Override
  public void close() {
    clock.shutdown();
    try (table) {
      // What the clock has taken to write must be written before the file is closed.
      clock.awaitTermination(LAST_FLUSH_MS, TimeUnit.MILLISECONDS);
      flush();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw MillraceException.world("Cannot close the counts: interrupted", e);
    }
  }
}
