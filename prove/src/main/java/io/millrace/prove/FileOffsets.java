package io.millrace.prove;

import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.project.StreamContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;

/** Between which offsets the rows of a data file lie, by the bounds that its manifest keeps. */
final class FileOffsets {

  private static final String TOPIC = "topic";

  private final Table table;
  private final StreamContract contract;

  FileOffsets(Table table, StreamContract contract) {
    this.table = table;
    this.contract = contract;
  }

  /** By location; files that a snapshot does not have are left out. */
  Map<String, String> describe(long snapshot, Set<String> locations) {
    Map<String, String> described = new HashMap<>();
    try (CloseableIterable<FileScanTask> tasks =
        table.newScan().useSnapshot(snapshot).includeColumnStats(columns()).planFiles()) {
      for (FileScanTask task : tasks) {
        if (locations.contains(task.file().location())) {
          described.put(task.file().location(), describe(task.file()));
        }
      }
      return described;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> columns() {
    return Stream.of(TOPIC, StreamContract.TOPIC_PARTITION, StreamContract.TOPIC_OFFSET)
        .filter(column -> table.schema().findField(column) != null)
        .toList();
  }

  private String describe(DataFile file) {
    Optional<Integer> partition = lower(file, StreamContract.TOPIC_PARTITION);
    Optional<Integer> lastPartition = upper(file, StreamContract.TOPIC_PARTITION);
    Optional<Long> from = lower(file, StreamContract.TOPIC_OFFSET);
    Optional<Long> last = upper(file, StreamContract.TOPIC_OFFSET);
    if (partition.isEmpty() || lastPartition.isEmpty() || from.isEmpty() || last.isEmpty()) {
      return "unknown offsets";
    }
    if (partition.equals(lastPartition)) {
      TopicPartition key = new TopicPartition(topic(file), partition.get());
      return "offsets " + Partitions.describe(key, from.get(), last.get() + 1);
    }
    return "offsets from %d to %d of %s/%d to %d"
        .formatted(from.get(), last.get(), topic(file), partition.get(), lastPartition.get());
  }

  private String topic(DataFile file) {
    if (table.schema().findField(TOPIC) == null) {
      return contract.topic();
    }
    Optional<CharSequence> first = lower(file, TOPIC);
    Optional<CharSequence> last = upper(file, TOPIC);
    return first.isPresent() && last.isPresent() && first.get().toString().contentEquals(last.get())
        ? first.get().toString()
        : contract.topic() + "|" + contract.rejectedTopic();
  }

  private <T> Optional<T> lower(DataFile file, String column) {
    return bound(file.lowerBounds(), column);
  }

  private <T> Optional<T> upper(DataFile file, String column) {
    return bound(file.upperBounds(), column);
  }

  private <T> Optional<T> bound(Map<Integer, ByteBuffer> bounds, String column) {
    Types.NestedField field = table.schema().findField(column);
    return Optional.ofNullable(bounds)
        .map(all -> all.get(field.fieldId()))
        .map(bound -> Conversions.fromByteBuffer(field.type(), bound));
  }
}
