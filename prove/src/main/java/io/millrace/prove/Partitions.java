package io.millrace.prove;

import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.LedgerEntry.Range;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** How topic partitions and their offsets are ordered and spelled. */
final class Partitions {

  static final Comparator<TopicPartition> ORDER =
      Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);

  private Partitions() {}

  /** {@code clicks/0: 10-19}; both ends are part of it. */
  static String describe(List<Range> ranges) {
    return ranges.stream()
        .map(range -> describe(keyOf(range), range.from(), range.to()))
        .collect(Collectors.joining(", "));
  }

  /** Offsets {@code [from, to)} of a partition. */
  static String describe(TopicPartition key, long from, long to) {
    return to - from == 1
        ? "%s/%d: %d".formatted(key.topic(), key.partition(), from)
        : "%s/%d: %d-%d".formatted(key.topic(), key.partition(), from, to - 1);
  }

  static TopicPartition keyOf(Range range) {
    return new TopicPartition(range.topic(), range.partition());
  }
}
