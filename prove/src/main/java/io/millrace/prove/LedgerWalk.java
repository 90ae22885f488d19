package io.millrace.prove;

import io.millrace.core.TableName;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.LedgerEntry;
import io.millrace.lake.LedgerEntry.Part;
import io.millrace.lake.LedgerEntry.Range;
import io.millrace.project.StreamContract;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The ledger of one stream, walked entry by entry from the first: what it adds up to, and what is
 * wrong with it. It goes on from where it stood, so an entry is walked once.
 */
final class LedgerWalk {

  private final StreamContract contract;
  private final Breaches breaches = new Breaches();

  /** The first offset of each partition that no entry accounts for. */
  private final SortedMap<TopicPartition, Long> ends = new TreeMap<>(Partitions.ORDER);

  /** How many of a partition's offsets held no record. */
  private final SortedMap<TopicPartition, Long> absences = new TreeMap<>(Partitions.ORDER);

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

  /** Walks the entries that came since the last time. */
  void goOn(LedgerPages ledger) {
    long last = ledger.last();
    requireWhereItStood(ledger, last);
    ledger.forEach(sequence, last, this::take);
  }

  /** What was walked before must still be there, or what follows proves nothing. */
  private void requireWhereItStood(LedgerPages ledger, long last) {
    if (sequence == 0) {
      return;
    }
    if (last < sequence) {
      breach(
          "the ledger ends with commit %d, and an earlier proof saw commit %d"
              .formatted(last, sequence));
    } else if (!ledger.find(sequence).map(LedgerEntry::seal).equals(Optional.of(seal))) {
      breach("commit %d is not the one that an earlier proof saw".formatted(sequence));
    }
  }

  private void take(LedgerEntry entry) {
    if (entry.sequence() != sequence + 1) {
      breach(
          "commit %d is followed by commit %d in the ledger".formatted(sequence, entry.sequence()));
    } else if (!entry.seal().equals(entry.sealOver(seal))) {
      breach(
          "the seal of commit %d does not fit: it was altered, or commit %d was (offsets %s)"
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
    TopicPartition key = Partitions.keyOf(range);
    long end = ends.getOrDefault(key, 0L);
    if (range.from() > end) {
      breach(
          "commit %d skips offsets %s"
              .formatted(entry.sequence(), Partitions.describe(key, end, range.from())));
    } else if (range.from() < end) {
      breach(
          "commit %d accounts a second time for offsets %s"
              .formatted(entry.sequence(), Partitions.describe(key, range.from(), end)));
    }
    if (!range.balances()) {
      breach(
          "commit %d does not account for all of offsets %s"
              .formatted(entry.sequence(), Partitions.describe(List.of(range))));
    }
    ends.put(key, range.to());
    absences.merge(key, range.absent(), Long::sum);
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
    breaches.add(Breach.Kind.LEDGER, sentence);
  }

  List<Breach> breaches() {
    return breaches.list();
  }

  SortedMap<TopicPartition, Long> ends() {
    return ends;
  }

  long absent(TopicPartition key) {
    return absences.getOrDefault(key, 0L);
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
