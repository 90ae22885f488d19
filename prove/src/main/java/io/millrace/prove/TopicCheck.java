package io.millrace.prove;

import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.LoadedFile;
import io.millrace.prove.Acknowledgements.Count;
import io.millrace.prove.Topics.Extent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/** What Kafka holds against what was acknowledged before it and what was committed behind it. */
final class TopicCheck {

  private static final Extent NOTHING = new Extent(0, 0);

  private final LedgerWalk walk;
  private final SortedMap<TopicPartition, Count> acknowledged;
  private final Map<TopicPartition, Extent> extents;
  private final Breaches breaches = new Breaches();

  /**
   * @param acknowledged read before the extents, so that no event is newer than these
   */
  TopicCheck(
      LedgerWalk walk,
      SortedMap<TopicPartition, Count> acknowledged,
      Map<TopicPartition, Extent> extents) {
    this.walk = walk;
    this.acknowledged = acknowledged;
    this.extents = extents;
  }

  /** Offsets of all partitions, from the first that there ever was. */
  long offsets() {
    return extents.values().stream().mapToLong(Extent::end).sum();
  }

  /** Where the offsets begin that no commit accounts for yet, of each partition that has some. */
  Map<TopicPartition, Long> uncommitted() {
    Map<TopicPartition, Long> begins = new HashMap<>();
    extents.forEach(
        (key, extent) -> {
          if (extent.end() > committed(key)) {
            begins.put(key, Math.max(extent.begin(), committed(key)));
          }
        });
    return begins;
  }

  /** How many offsets of these partitions no commit accounts for yet. */
  long uncommitted(Set<TopicPartition> keys) {
    return keys.stream().mapToLong(key -> extents.get(key).end() - committed(key)).sum();
  }

  private long committed(TopicPartition key) {
    return walk.ends().getOrDefault(key, 0L);
  }

  List<Breach> breaches() {
    walk.ends().forEach(this::requireCommitted);
    acknowledged.forEach(this::requireAcknowledged);
    return breaches.list();
  }

  private void requireCommitted(TopicPartition key, long committed) {
    if (LoadedFile.isPartition(key.partition())) {
      return; // Kafka never had it
    }
    long end = extents.getOrDefault(key, NOTHING).end();
    if (end < committed) {
      breaches.add(
          Breach.Kind.TOPIC,
          "%s/%d ends at %d in Kafka, and the tables have more: offsets %s"
              .formatted(
                  key.topic(), key.partition(), end, Partitions.describe(key, end, committed)));
    }
  }

  private void requireAcknowledged(TopicPartition key, Count count) {
    long end = extents.getOrDefault(key, NOTHING).end();
    long records = end - walk.absent(key);
    if (count.lastOffset() >= end) {
      breaches.add(
          Breach.Kind.TOPIC,
          "%s/%d ends at %d in Kafka, and events were acknowledged up to offset %d"
              .formatted(key.topic(), key.partition(), end, count.lastOffset()));
    } else if (count.events() > records) {
      breaches.add(
          Breach.Kind.MISSING,
          "%s/%d: %d events were acknowledged, and at most %d are accounted for (%d offsets, %d counted as absent)"
              .formatted(
                  key.topic(), key.partition(), count.events(), records, end, walk.absent(key)));
    }
  }
}
