package io.millrace.stream;

import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.LedgerEntry.Range;
import io.millrace.project.StreamContract;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Kafka has of a stream's topics, in offsets of their partitions.
 *
 * @param begins the first that it has
 * @param wholes from here on it has also what came a repeat window before
 * @param starts the first of the time that is replayed
 * @param ends the first after it
 */
record KeptOffsets(
    Map<TopicPartition, Long> begins,
    Map<TopicPartition, Long> wholes,
    Map<TopicPartition, Long> starts,
    Map<TopicPartition, Long> ends) {

  /** As if it had dropped everything. */
  static final KeptOffsets NOTHING = new KeptOffsets(Map.of(), Map.of(), Map.of(), Map.of());

  static KeptOffsets of(
      StreamContract contract, ReplayTopics topics, Instant from, Optional<Instant> to) {
    Map<TopicPartition, Long> begins = new HashMap<>();
    Map<TopicPartition, Long> wholes = new HashMap<>();
    Map<TopicPartition, Long> starts = new HashMap<>();
    Map<TopicPartition, Long> ends = new HashMap<>();
    for (String topic : List.of(contract.topic(), contract.rejectedTopic())) {
      for (TopicPartition key : topics.partitions(topic)) {
        long begin = topics.begin(key);
        begins.put(key, begin);
        wholes.put(key, whole(contract, topics, key, begin));
        starts.put(key, topics.offsetAt(key, from.toEpochMilli()));
        ends.put(key, to.map(it -> topics.offsetAt(key, it.toEpochMilli())).orElse(Long.MAX_VALUE));
      }
    }
    return new KeptOffsets(begins, wholes, starts, ends);
  }

  /** What came before the first record that is kept may have had an id that was repeated. */
  private static long whole(
      StreamContract contract, ReplayTopics topics, TopicPartition key, long begin) {
    if (begin == 0 || !key.topic().equals(contract.topic())) {
      return begin;
    }
    long first = topics.appendMillis(key, begin, topics.end(key));
    return first == Long.MAX_VALUE
        ? Long.MAX_VALUE
        : topics.offsetAt(key, first + ReplayPlan.remembered(contract) + 1);
  }

  private long first(Map<TopicPartition, Long> offsets, Range range) {
    return offsets.isEmpty() ? Long.MAX_VALUE : offsets.getOrDefault(keyOf(range), 0L);
  }

  /** Whether some of it is gone: then only the ledger knows when it came. */
  boolean hasDropped(Range range) {
    return range.from() < first(begins, range);
  }

  /** Whether all is there by which these offsets are decided. */
  boolean hasWhole(Range range) {
    return range.from() >= first(wholes, range);
  }

  boolean isAfterStart(Range range) {
    return range.to() > starts.getOrDefault(keyOf(range), Long.MAX_VALUE);
  }

  boolean isBeforeEnd(Range range) {
    return range.from() < ends.getOrDefault(keyOf(range), Long.MAX_VALUE);
  }

  static TopicPartition keyOf(Range range) {
    return new TopicPartition(range.topic(), range.partition());
  }
}
