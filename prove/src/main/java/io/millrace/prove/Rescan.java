package io.millrace.prove;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.lake.Erasures.ErasedRow;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.LedgerEntry;
import io.millrace.lake.LedgerEntry.Part;
import io.millrace.lake.LedgerEntry.Range;
import io.millrace.lake.RowReader;
import io.millrace.project.StreamContract;
import io.millrace.prove.Topics.Extent;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;

/**
 * Every row of a stream's tables, those that were erased too, against the ledger, and the records
 * of its topics against the rows: each offset that some table has is one bit, and of what is left
 * Kafka is asked.
 */
final class Rescan {

  private static final int MAX_DECODED_AGAIN = 5;

  private final StreamContract contract;
  private final Map<TableName, Table> tables;
  private final LedgerWalk walk;
  private final LedgerPages ledger;
  private final Topics topics;
  private final ChangedRows changedRows;
  private final Function<TableName, List<ErasedRow>> erased;
  private final Map<TopicPartition, Partition> partitions = new TreeMap<>(Partitions.ORDER);
  private final Map<PartKey, Found> found = new HashMap<>();
  private final Examples twice = new Examples();
  private final Examples unaccounted = new Examples();
  private final Breaches breaches = new Breaches();
  private int decodedAgain;

  Rescan(
      StreamContract contract,
      Map<TableName, Table> tables,
      LedgerWalk walk,
      LedgerPages ledger,
      Topics topics,
      ChangedRows changedRows,
      Function<TableName, List<ErasedRow>> erased) {
    this.contract = contract;
    this.tables = tables;
    this.walk = walk;
    this.ledger = ledger;
    this.topics = topics;
    this.changedRows = changedRows;
    this.erased = erased;
  }

  private record PartKey(TableName table, long sequence) {}

  private static final class Found {
    private long rows;
    private long fingerprint;
  }

  private record Claim(long sequence, long to) {}

  /** The offsets of one partition: which commit accounts for them, and which are in a table. */
  private static final class Partition {
    private final NavigableMap<Long, Claim> claims = new TreeMap<>();
    private final OffsetSet met = new OffsetSet();

    /** The commit that accounts for an offset; 0 if none does. */
    long sequence(long offset) {
      Map.Entry<Long, Claim> claim = claims.floorEntry(offset);
      return claim == null || offset >= claim.getValue().to() ? 0 : claim.getValue().sequence();
    }
  }

  List<Breach> breaches() {
    ledger.forEach(0, walk.sequence(), this::claim);
    tables.forEach(this::readTable);
    tables.keySet().forEach(this::readErased);
    ledger.forEach(0, walk.sequence(), this::compareParts);
    Map<TopicPartition, Extent> extents =
        topics.extents(List.of(contract.topic(), contract.rejectedTopic()));
    partitions.forEach((key, partition) -> compareOffsets(key, partition, extents.get(key)));
    report(Breach.Kind.EXTRA, twice, "are in more than one row");
    report(Breach.Kind.EXTRA, unaccounted, "have rows that no commit accounts for");
    return breaches.list();
  }

  private void claim(LedgerEntry entry) {
    for (Range range : entry.ranges()) {
      NavigableMap<Long, Claim> claims =
          partitions.computeIfAbsent(Partitions.keyOf(range), key -> new Partition()).claims;
      // A correction claims what the commits before it have claimed.
      claims.subMap(range.from(), range.to()).clear();
      claims.put(range.from(), new Claim(entry.sequence(), range.to()));
    }
  }

  private void readTable(TableName name, Table table) {
    Snapshot snapshot = TableCheck.provenSnapshot(table, walk).orElse(null);
    if (snapshot == null) {
      return;
    }
    RowReader reader = new RowReader(table, contract.topic());
    try (CloseableIterable<FileScanTask> tasks =
        table.newScan().useSnapshot(snapshot.snapshotId()).planFiles()) {
      for (FileScanTask task : tasks) {
        try {
          reader.forEach(
              task.file(), (key, offset, fingerprint) -> meet(name, key, offset, fingerprint));
        } catch (MillraceException e) {
          breaches.add(Breach.Kind.FILE, e.getMessage());
        }
      }
    } catch (IOException | RuntimeException e) {
      breaches.add(
          Breach.Kind.FILE,
          "the metadata of %s cannot be read: %s".formatted(name, e.getMessage()));
    }
  }

  /** They were in the table, by the book of erasures, which has their fingerprints. */
  private void readErased(TableName table) {
    erased.apply(table).forEach(row -> meet(table, row.key(), row.offset(), row.fingerprint()));
  }

  private void meet(TableName table, TopicPartition key, long offset, long fingerprint) {
    Partition partition = partitions.get(key);
    long sequence = partition == null ? 0 : partition.sequence(offset);
    if (sequence == 0) {
      unaccounted.add(Partitions.describe(key, offset, offset + 1));
      return;
    }
    if (!partition.met.add(offset)) {
      twice.add(Partitions.describe(key, offset, offset + 1));
    }
    Found sum = found.computeIfAbsent(new PartKey(table, sequence), part -> new Found());
    sum.rows++;
    sum.fingerprint += fingerprint;
  }

  private void compareParts(LedgerEntry entry) {
    if (!walk.counts(entry)) {
      return;
    }
    for (Part part : entry.parts()) {
      Found sum = found.remove(new PartKey(part.table(), entry.sequence()));
      long rows = sum == null ? 0 : sum.rows;
      if (rows != part.rows()) {
        breaches.add(
            rows < part.rows() ? Breach.Kind.MISSING : Breach.Kind.EXTRA,
            "%s has %d rows of commit %d, which wrote %d (offsets %s)"
                .formatted(
                    part.table(),
                    rows,
                    entry.sequence(),
                    part.rows(),
                    Partitions.describe(entry.ranges())));
      } else if (sum != null && sum.fingerprint != part.fingerprint()) {
        breaches.add(
            Breach.Kind.CHANGED,
            "rows of commit %d in %s are not those that were written: %s"
                .formatted(entry.sequence(), part.table(), changed(entry, part)));
      }
    }
  }

  private String changed(LedgerEntry entry, Part part) {
    Table table = tables.get(part.table());
    long snapshot = TableCheck.provenSnapshot(table, walk).orElseThrow().snapshotId();
    String among = "among offsets " + Partitions.describe(entry.ranges());
    return ++decodedAgain > MAX_DECODED_AGAIN
        ? among
        : changedRows
            .find(table, snapshot, entry, part)
            .map(offsets -> "offsets " + offsets)
            .orElse(among);
  }

  private void compareOffsets(TopicPartition key, Partition partition, Extent extent) {
    Examples gaps = new Examples();
    long missing = 0;
    long first = Long.MAX_VALUE;
    long last = 0;
    for (Map.Entry<Long, Claim> claim : partition.claims.entrySet()) {
      long end = claim.getValue().to();
      long from = partition.met.nextAbsent(claim.getKey());
      while (from < end) {
        long to = partition.met.nextPresent(from, end);
        gaps.add(Partitions.describe(key, from, to));
        missing += to - from;
        first = Math.min(first, from);
        last = to;
        from = partition.met.nextAbsent(to);
      }
    }
    if (missing != walk.absent(key)) {
      breaches.add(
          Breach.Kind.MISSING,
          "%d offsets are in no table, where the ledger counts %d without a record: %s"
              .formatted(missing, walk.absent(key), gaps));
    }
    if (extent != null && first < Math.min(last, extent.end())) {
      requireNoRecords(key, partition, Math.max(first, extent.begin()), last);
    }
  }

  /** Whoever calls an offset absent must not find a record there. */
  private void requireNoRecords(TopicPartition key, Partition partition, long from, long to) {
    Examples skipped = new Examples();
    topics.forEach(
        key,
        from,
        to,
        record -> {
          if (!partition.met.contains(record.offset())) {
            skipped.add(Partitions.describe(key, record.offset(), record.offset() + 1));
          }
        });
    report(Breach.Kind.MISSING, skipped, "hold a record and are in no table");
  }

  private void report(Breach.Kind kind, Examples offsets, String what) {
    if (!offsets.isEmpty()) {
      breaches.add(kind, "offsets %s %s".formatted(offsets, what));
    }
  }
}
