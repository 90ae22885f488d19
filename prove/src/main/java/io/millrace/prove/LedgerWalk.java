package io.millrace.prove;

import static io.millrace.prove.Partitions.keyOf;

import io.millrace.core.TableName;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.LedgerEntry;
import io.millrace.lake.LedgerEntry.Corrected;
import io.millrace.lake.LedgerEntry.Part;
import io.millrace.lake.LedgerEntry.Range;
import io.millrace.lake.LoadedFile;
import io.millrace.project.StreamContract;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  /** Those whose rows count, by their own sequence. */
  private final SortedMap<Long, Corrected> corrections = new TreeMap<>();

  private final Set<Made> correctionSnapshots = new HashSet<>();

  /** The bytes of files that were loaded, by their digests. */
  private final Set<String> files = new HashSet<>();

  private long loaded;
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

  private record Made(long sequence, TableName table, long snapshot) {}

  /** Walks the entries that came since the last time. */
  void goOn(LedgerPages ledger) {
    long last = ledger.last();
    requireWhereItStood(ledger, last);
    ledger.forEach(sequence, last, entry -> take(entry, ledger));
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

  private void take(LedgerEntry entry, LedgerPages ledger) {
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
    if (entry.corrects().isPresent()) {
      takeBack(entry, entry.corrects().get(), ledger);
    } else {
      entry.ranges().forEach(range -> requireNext(entry, range));
    }
    entry.ranges().forEach(range -> requireBalance(entry, range));
    entry.ranges().forEach(range -> count(range, 1));
    entry.parts().forEach(part -> take(entry, part));
    requireRowsForOutcomes(entry);
    takeFiles(entry);
  }

  /** Each file has the lines of its own partition, and no bytes come twice. */
  private void takeFiles(LedgerEntry entry) {
    Map<Integer, Long> lines = new HashMap<>();
    if (entry.corrects().isEmpty()) {
      entry.ranges().stream()
          .filter(range -> LoadedFile.isPartition(range.partition()))
          .forEach(range -> lines.put(range.partition(), range.to()));
    }
    for (LoadedFile file : entry.files()) {
      if (!files.add(file.sha256())) {
        breach(
            "commit %d loads the bytes of %s a second time"
                .formatted(entry.sequence(), file.location()));
      }
      Long of = lines.remove(file.partition());
      if (of == null) {
        breach(
            "commit %d does not account for the lines of %s"
                .formatted(entry.sequence(), file.location()));
      } else {
        loaded += of;
      }
    }
    if (!lines.isEmpty()) {
      breach(
          "commit %d accounts for lines of files that it does not name: %s"
              .formatted(entry.sequence(), Partitions.describe(entry.ranges())));
    }
  }

  /** What a correction takes the place of counts no longer, and must be of the same offsets. */
  private void takeBack(LedgerEntry entry, Corrected commits, LedgerPages ledger) {
    OffsetSpan replaced = new OffsetSpan();
    ledger.forEach(
        commits.first() - 1,
        commits.last(),
        old -> {
          if (old.isFromTopics()) {
            replaced.add(old);
            if (counts(old)) {
              count(old, -1);
            }
          }
        });
    OffsetSpan given = new OffsetSpan();
    given.add(entry);
    if (!given.toString().equals(replaced.toString())) {
      breach(
          "commit %d corrects commits %d to %d, which are of offsets %s, and is of %s"
              .formatted(entry.sequence(), commits.first(), commits.last(), replaced, given));
    }
    for (Map.Entry<Long, Corrected> older : Map.copyOf(corrections).entrySet()) {
      if (commits.contains(older.getValue())) {
        ledger.find(older.getKey()).ifPresent(it -> count(it, -1));
        corrections.remove(older.getKey());
      } else if (commits.overlaps(older.getValue())) {
        breach(
            "commit %d corrects a part of what commit %d has corrected"
                .formatted(entry.sequence(), older.getKey()));
      }
    }
    corrections.put(entry.sequence(), commits);
  }

  /** Whether the tables have what an entry says: no later one has corrected it. */
  boolean counts(LedgerEntry entry) {
    if (entry.corrects().isPresent()) {
      return corrections.containsKey(entry.sequence());
    }
    return !entry.isFromTopics()
        || corrections.values().stream().noneMatch(it -> it.contains(entry.sequence()));
  }

  private void count(LedgerEntry entry, int sign) {
    entry.ranges().forEach(range -> count(range, sign));
    entry
        .parts()
        .forEach(
            part ->
                tables.computeIfPresent(
                    part.table(),
                    (name, total) ->
                        new TableTotal(
                            total.rows() + sign * part.rows(),
                            total.sequence(),
                            total.snapshot())));
  }

  private void count(Range range, int sign) {
    absences.merge(keyOf(range), sign * range.absent(), Long::sum);
    accepted += sign * range.accepted();
    rejected += sign * range.rejected();
    repeated += sign * range.repeated();
    late += sign * range.late();
    absent += sign * range.absent();
  }

  private void requireNext(LedgerEntry entry, Range range) {
    TopicPartition key = keyOf(range);
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
    ends.put(key, range.to());
  }

  private void requireBalance(LedgerEntry entry, Range range) {
    if (!range.balances()) {
      breach(
          "commit %d does not account for all of offsets %s"
              .formatted(entry.sequence(), Partitions.describe(List.of(range))));
    }
  }

  private void take(LedgerEntry entry, Part part) {
    if (entry.corrects().isPresent()) {
      correctionSnapshots.add(new Made(entry.sequence(), part.table(), part.snapshot()));
    }
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

  /** Whether a snapshot of a table is the one with which a correction was made. */
  boolean isCorrection(long sequence, TableName table, long snapshot) {
    return correctionSnapshots.contains(new Made(sequence, table, snapshot));
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

  /** Lines of files that were loaded without a topic. */
  long loaded() {
    return loaded;
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
