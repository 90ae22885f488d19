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
        .map(range -> describe(range.topic(), range.partition(), range.from(), range.to()))
        .collect(Collectors.joining(", "));
  }

  static String describe(String topic, int partition, long from, long to) {
    return to - from == 1
        ? "%s/%d: %d".formatted(topic, partition, from)
        : "%s/%d: %d-%d".formatted(topic, partition, from, to - 1);
  }
}
