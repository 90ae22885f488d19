package io.millrace.prove;

import io.millrace.core.Row;
import io.millrace.core.TableName;
import io.millrace.core.ValueRow;
import io.millrace.event.EventDecoder;
import io.millrace.event.EventHeaders;
import io.millrace.event.Protection;
import io.millrace.event.StoredRow;
import io.millrace.event.Verdict;
import io.millrace.lake.Fingerprint;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.LedgerEntry;
import io.millrace.lake.LedgerEntry.Part;
import io.millrace.lake.LedgerEntry.Range;
import io.millrace.lake.RowReader;
import io.millrace.lake.Schemas;
import io.millrace.project.StreamContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Finds which rows of a commit are not what they were, by decoding the records they came from once
 * more. That needs the records, and a contract that reads them as it did then: the ledger's own
 * fingerprint says whether it does. A session is not in the record that belongs to it.
 */
final class ChangedRows {

  private static final long MAX_OFFSETS = 500_000;
  private static final byte[] NOTHING = new byte[0];

  private final StreamContract contract;
  private final Topics topics;
  private final EventDecoder decoder;
  private final StoredRow decoded;

  ChangedRows(StreamContract contract, int maxEventBytes, Topics topics, Protection protection) {
    this.contract = contract;
    this.topics = topics;
    this.decoder = new EventDecoder(contract, maxEventBytes);
    this.decoded = new StoredRow(decoder.row(), protection);
  }

  /** The offsets of changed rows, or none if that cannot be told. */
  Optional<String> find(Table table, long snapshot, LedgerEntry entry, Part part) {
    long offsets = entry.ranges().stream().mapToLong(range -> range.to() - range.from()).sum();
    boolean hasSessions =
        part.table().equals(contract.bronze()) && contract.sessionGap().isPresent();
    if (part.table().equals(TableName.rejected(contract.name()))
        || hasSessions
        || offsets > MAX_OFFSETS) {
      return Optional.empty();
    }
    Map<TopicPartition, Map<Long, Long>> stored = stored(table, snapshot, entry);
    Fingerprint fingerprint = Fingerprint.over(table, Schemas.tables(contract).get(part.table()));
    byte[] reason = reason(part.table());
    Examples changed = new Examples();
    long[] sum = {0};
    for (Range range : entry.ranges()) {
      TopicPartition key = Partitions.keyOf(range);
      Map<Long, Long> rows = stored.getOrDefault(key, Map.of());
      topics.forEach(
          key,
          range.from(),
          range.to(),
          record -> {
            Long found = rows.get(record.offset());
            if (found != null) {
              long expected = decode(record, reason).map(fingerprint::of).orElse(0L);
              sum[0] += expected;
              if (expected != found) {
                changed.add(Partitions.describe(key, record.offset(), record.offset() + 1));
              }
            }
          });
    }
    return sum[0] == part.fingerprint() ? Optional.of(changed.toString()) : Optional.empty();
  }

  private byte[] reason(TableName table) {
    return ValueRow.utf8(table.equals(TableName.late(contract.name())) ? "late" : "repeated");
  }

  private Optional<Row> decode(ConsumerRecord<byte[], byte[]> record, byte[] reason) {
    byte[] value = record.value() == null ? NOTHING : record.value();
    long received = receivedMicros(record);
    return decoder.decode(value, 0, value.length, received) == Verdict.ACCEPTED
        ? Optional.of(decoded.at(received, record.partition(), record.offset()).because(reason))
        : Optional.empty();
  }

  private static long receivedMicros(ConsumerRecord<byte[], byte[]> record) {
    Header header = record.headers().lastHeader(EventHeaders.RECEIVED);
    return header != null && header.value() != null && header.value().length == Long.BYTES
        ? ByteBuffer.wrap(header.value()).getLong()
        : record.timestamp() * 1000;
  }

  /** Fingerprints of the rows that lie in the ranges of a commit, by partition and offset. */
  private Map<TopicPartition, Map<Long, Long>> stored(
      Table table, long snapshot, LedgerEntry entry) {
    Map<TopicPartition, Map<Long, Long>> rows = new HashMap<>();
    Map<TopicPartition, Range> ranges = new HashMap<>();
    entry.ranges().forEach(range -> ranges.put(Partitions.keyOf(range), range));
    RowReader reader = new RowReader(table, contract.topic());
    long from = entry.ranges().stream().mapToLong(Range::from).min().orElse(0);
    long to = entry.ranges().stream().mapToLong(Range::to).max().orElse(0);
    try (CloseableIterable<FileScanTask> tasks =
        table
            .newScan()
            .useSnapshot(snapshot)
            .filter(
                Expressions.and(
                    Expressions.greaterThanOrEqual(StreamContract.TOPIC_OFFSET, from),
                    Expressions.lessThan(StreamContract.TOPIC_OFFSET, to)))
            .planFiles()) {
      for (FileScanTask task : tasks) {
        reader.forEach(
            task.file(),
            (key, offset, fingerprint) -> {
              Range range = ranges.get(key);
              if (range != null && offset >= range.from() && offset < range.to()) {
                rows.computeIfAbsent(key, it -> new HashMap<>()).put(offset, fingerprint);
              }
            });
      }
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
