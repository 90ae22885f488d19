package io.millrace.prove;

import io.millrace.core.TableName;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.LedgerEntry;
import io.millrace.lake.LedgerEntry.Part;
import io.millrace.lake.LedgerEntry.Range;
import io.millrace.project.StreamContract;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The ledger of one stream, walked entry by entry from the first: what it adds up to, and what is
 * wrong with it. It goes on from where it stood, so an entry is walked once.
 */
final class LedgerWalk {

  private final StreamContract contract;
  private final List<Breach> breaches = new ArrayList<>();

  /** The first offset of each partition that no entry accounts for. */
  private final SortedMap<TopicPartition, Long> ends = new TreeMap<>(Partitions.ORDER);

  private final SortedMap<TopicPartition, Long> starts = new TreeMap<>(Partitions.ORDER);

  private final SortedMap<TableName, TableTotal> tables = new TreeMap<>();
  private long sequence;
  private String seal = LedgerEntry.NO_SEAL;
  private long accepted;
  private long rejected;
  private long repeated;
  private long late;
  private long absent;

  LedgerWalk(StreamContract contract) {
    this.contract = contract;
  }

  /**
   * What the ledger says of a table.
   *
   * @param sequence of the newest entry with rows for it
   * @param snapshot that entry's
   */
  record TableTotal(long rows, long sequence, long snapshot) {}

  void take(List<LedgerEntry> entries) {
    entries.forEach(this::take);
  }

  private void take(LedgerEntry entry) {
    if (entry.sequence() != sequence + 1) {
      breach(
          "commit %d is followed by commit %d in the ledger".formatted(sequence, entry.sequence()));
    }
    if (!entry.seal().equals(entry.sealOver(seal))) {
      breach(
          "the seal of commit %d does not fit: it or commit %d was altered (offsets %s)"
              .formatted(
                  entry.sequence(), entry.sequence() - 1, Partitions.describe(entry.ranges())));
    }
    sequence = entry.sequence();
    seal = entry.seal();
    entry.ranges().forEach(range -> take(entry, range));
    entry.parts().forEach(part -> take(entry, part));
    requireRowsForOutcomes(entry);
  }

  private void take(LedgerEntry entry, Range range) {
    TopicPartition key = new TopicPartition(range.topic(), range.partition());
    starts.putIfAbsent(key, range.from());
    long end = ends.getOrDefault(key, range.from());
    if (range.from() != end) {
      breach(
          "commit %d goes on at offset %d of %s/%d, where the one before ended at %d"
              .formatted(entry.sequence(), range.from(), range.topic(), range.partition(), end));
    }
    if (!range.balances()) {
      breach(
          "commit %d does not account for all of offsets %s"
              .formatted(entry.sequence(), Partitions.describe(List.of(range))));
    }
    ends.put(key, range.to());
    accepted += range.accepted();
    rejected += range.rejected();
    repeated += range.repeated();
    late += range.late();
    absent += range.absent();
  }

  private void take(LedgerEntry entry, Part part) {
    tables.merge(
        part.table(),
        new TableTotal(part.rows(), entry.sequence(), part.snapshot()),
        (old, now) -> new TableTotal(old.rows() + now.rows(), now.sequence(), now.snapshot()));
  }

  private void requireRowsForOutcomes(LedgerEntry entry) {
    String name = contract.name();
    requireRows(entry, contract.bronze(), entry.ranges().stream().mapToLong(Range::accepted).sum());
    requireRows(
        entry, TableName.rejected(name), entry.ranges().stream().mapToLong(Range::rejected).sum());
    requireRows(
        entry, TableName.repeated(name), entry.ranges().stream().mapToLong(Range::repeated).sum());
    requireRows(entry, TableName.late(name), entry.ranges().stream().mapToLong(Range::late).sum());
  }

  private void requireRows(LedgerEntry entry, TableName table, long expected) {
    long rows =
        entry.parts().stream()
            .filter(part -> part.table().equals(table))
            .mapToLong(Part::rows)
            .sum();
    if (rows != expected) {
      breach(
          "commit %d counts %d events for %s and wrote %d rows (offsets %s)"
              .formatted(
                  entry.sequence(), expected, table, rows, Partitions.describe(entry.ranges())));
    }
  }

  private void breach(String sentence) {
    breaches.add(new Breach(Breach.Kind.LEDGER, sentence));
  }

  List<Breach> breaches() {
    return List.copyOf(breaches);
  }

  SortedMap<TopicPartition, Long> starts() {
    return starts;
  }

  SortedMap<TopicPartition, Long> ends() {
    return ends;
  }

  TableTotal total(TableName table) {
    return tables.getOrDefault(table, new TableTotal(0, 0, 0));
  }

  long sequence() {
    return sequence;
  }

  long accepted() {
    return accepted;
  }

  long rejected() {
    return rejected;
  }

  long repeated() {
    return repeated;
  }

  long late() {
    return late;
  }

  long absent() {
    return absent;
  }
}
