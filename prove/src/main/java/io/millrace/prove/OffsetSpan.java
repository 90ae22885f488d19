package io.millrace.prove;

import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.LedgerEntry;
import io.millrace.lake.LedgerEntry.Range;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The offsets from the first to the last of several commits, by partition. */
final class OffsetSpan {

  private record Ends(long from, long to) {
    Ends plus(Ends other) {
      return new Ends(Math.min(from, other.from), Math.max(to, other.to));
    }
  }

  private final SortedMap<TopicPartition, Ends> ends = new TreeMap<>(Partitions.ORDER);

  void add(LedgerEntry entry) {
    for (Range range : entry.ranges()) {
      ends.merge(Partitions.keyOf(range), new Ends(range.from(), range.to()), Ends::plus);
    }
  }

  @Override
  public String toString() {
    return ends.entrySet().stream()
        .map(end -> Partitions.describe(end.getKey(), end.getValue().from(), end.getValue().to()))
        .collect(Collectors.joining(", "));
  }
}
