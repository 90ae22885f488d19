package io.millrace.prove;

import io.millrace.core.Row;
import io.millrace.core.TableName;
import io.millrace.lake.Fingerprint;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.LedgerEntry;
import io.millrace.lake.LedgerEntry.Part;
import io.millrace.lake.LedgerEntry.Range;
import io.millrace.lake.Schemas;
import io.millrace.lake.TableReader;
import io.millrace.project.Field;
import io.millrace.project.StreamContract;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * Every row of a stream's tables against the ledger, and every record its topics still hold against
 * the rows. A bit for each offset says that some table has it, so memory grows by a megabyte for
 * eight million events.
 */
final class Rescan {

  private static final int MAX_EXAMPLES = 20;

  private final StreamContract contract;
  private final Lake lake;
  private final LedgerWalk ledger;
  private final Map<TopicPartition, Offsets> offsets = new HashMap<>();
  private final Map<PartKey, Found> found = new HashMap<>();
  private final Examples twice = new Examples();
  private final Examples unaccounted = new Examples();
  private final List<Breach> breaches = new ArrayList<>();

  Rescan(StreamContract contract, Lake lake, LedgerWalk ledger) {
    this.contract = contract;
    this.lake = lake;
    this.ledger = ledger;
  }

  private record PartKey(TableName table, long sequence) {}

  private static final class Found {
    private long rows;
    private long fingerprint;
  }

  /** The offsets of one partition: which commit has them, and which were met in a table. */
  private static final class Offsets {
    private final NavigableMap<Long, LedgerEntry> byStart = new TreeMap<>();
    private final BitSet met = new BitSet();
    private long start = Long.MAX_VALUE;
    private long end;
    private long absent;

    void take(LedgerEntry entry, Range range) {
      byStart.put(range.from(), entry);
      start = Math.min(start, range.from());
      end = Math.max(end, range.to());
      absent += range.absent();
    }

    boolean covers(long offset) {
      return offset >= start && offset < end;
    }

    int bit(long offset) {
      return Math.toIntExact(offset - start);
    }
  }

  /** Offsets as far as they help: the first few, and how many more. */
  private static final class Examples {
    private final List<String> first = new ArrayList<>();
    private long count;

    void add(String offset) {
      count++;
      if (first.size() < MAX_EXAMPLES) {
        first.add(offset);
      }
    }

    @Override
    public String toString() {
      String more = count > first.size() ? " and %d more".formatted(count - first.size()) : "";
      return String.join(", ", first) + more;
    }
  }

  List<Breach> breaches(List<LedgerEntry> entries, Topics topics) {
    for (LedgerEntry entry : entries) {
      for (Range range : entry.ranges()) {
        offsets
            .computeIfAbsent(
                new TopicPartition(range.topic(), range.partition()), key -> new Offsets())
            .take(entry, range);
      }
    }
    Schemas.tables(contract).forEach(this::readTable);
    compareParts(entries);
    offsets.forEach((key, partition) -> compareOffsets(key, partition, topics));
    report(Breach.Kind.EXTRA, twice, "are in more than one row");
    report(Breach.Kind.EXTRA, unaccounted, "have rows that no commit accounts for");
    return breaches;
  }

  private void readTable(TableName name, List<Field> columns) {
    Table table = lake.load(name);
    Snapshot snapshot = TableCheck.snapshot(table, ledger.sequence()).orElse(null);
    if (snapshot == null) {
      return;
    }
    List<String> names = columns.stream().map(Field::name).toList();
    int topic = names.indexOf("topic");
    int partition = names.indexOf(StreamContract.TOPIC_PARTITION);
    int offset = names.indexOf(StreamContract.TOPIC_OFFSET);
    Fingerprint fingerprint = Fingerprint.over(columns);
    TableReader.forEach(
        table,
        snapshot.snapshotId(),
        columns,
        row -> {
          String of = topic < 0 ? contract.topic() : text(row, topic);
          TopicPartition key = new TopicPartition(of, (int) row.longAt(partition));
          meet(name, key, row.longAt(offset), fingerprint.of(row));
        });
  }

  private static String text(Row row, int position) {
    return new String(
        row.bytesAt(position),
        row.offsetAt(position),
        row.lengthAt(position),
        StandardCharsets.UTF_8);
  }

  private void meet(TableName table, TopicPartition key, long offset, long fingerprint) {
    Offsets partition = offsets.get(key);
    if (partition == null || !partition.covers(offset)) {
      unaccounted.add(Partitions.describe(key.topic(), key.partition(), offset, offset + 1));
      return;
    }
    if (partition.met.get(partition.bit(offset))) {
      twice.add(Partitions.describe(key.topic(), key.partition(), offset, offset + 1));
    }
    partition.met.set(partition.bit(offset));
    long sequence = partition.byStart.floorEntry(offset).getValue().sequence();
    Found sum = found.computeIfAbsent(new PartKey(table, sequence), part -> new Found());
    sum.rows++;
    sum.fingerprint += fingerprint;
  }

  private void compareParts(List<LedgerEntry> entries) {
    for (LedgerEntry entry : entries) {
      for (Part part : entry.parts()) {
        Found sum = found.getOrDefault(new PartKey(part.table(), entry.sequence()), new Found());
        if (sum.rows == part.rows() && sum.fingerprint != part.fingerprint()) {
          breaches.add(
              new Breach(
                  Breach.Kind.CHANGED,
                  "rows of commit %d in %s are not those that were written (among offsets %s)"
                      .formatted(
                          entry.sequence(), part.table(), Partitions.describe(entry.ranges()))));
        } else if (sum.rows != part.rows()) {
          breaches.add(
              new Breach(
                  sum.rows < part.rows() ? Breach.Kind.MISSING : Breach.Kind.EXTRA,
                  "%s has %d rows of commit %d, which wrote %d (offsets %s)"
                      .formatted(
                          part.table(),
                          sum.rows,
                          entry.sequence(),
                          part.rows(),
                          Partitions.describe(entry.ranges()))));
        }
      }
    }
  }

  private void compareOffsets(TopicPartition key, Offsets partition, Topics topics) {
    long missing = partition.end - partition.start - partition.met.cardinality();
    if (missing != partition.absent) {
      breaches.add(
          new Breach(
              Breach.Kind.MISSING,
              "%d offsets are in no table, where the ledger counts %d without a record: %s"
                  .formatted(missing, partition.absent, gaps(key, partition))));
    }
    Examples skipped = new Examples();
    Topics.Extent extent = topics.extents(List.of(key.topic())).get(key);
    if (extent != null) {
      long from = Math.max(partition.start, extent.begin());
      topics.forEach(
          key,
          from,
          Math.min(partition.end, extent.end()),
          record -> {
            if (!partition.met.get(partition.bit(record.offset()))) {
              skipped.add(
                  Partitions.describe(
                      key.topic(), key.partition(), record.offset(), record.offset() + 1));
            }
          });
    }
    report(Breach.Kind.MISSING, skipped, "hold a record and are in no table");
  }

  private static String gaps(TopicPartition key, Offsets partition) {
    Examples gaps = new Examples();
    int length = partition.bit(partition.end);
    for (int from = partition.met.nextClearBit(0);
        from < length;
        from = partition.met.nextClearBit(from)) {
      int next = partition.met.nextSetBit(from);
      int to = next < 0 ? length : next;
      gaps.add(
          Partitions.describe(
              key.topic(), key.partition(), partition.start + from, partition.start + to));
      from = to;
    }
    return gaps.toString();
  }

  private void report(Breach.Kind kind, Examples offsetsOfBreach, String what) {
    if (offsetsOfBreach.count > 0) {
      breaches.add(new Breach(kind, "offsets %s %s".formatted(offsetsOfBreach, what)));
    }
  }
}
