package io.millrace.stream;

import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import io.millrace.lake.Ledger;
import io.millrace.project.Project;
import io.millrace.project.StreamContract;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Where a job without a checkpoint begins to read: before the end of the ledger, by as much as ids
 * and sessions are remembered for, which is all that {@link PartitionIntake} takes from below it. A
 * partition that the ledger does not know begins at its beginning. The connector's own initializer
 * of given offsets calls a method that Kafka 4 no longer has.
 */
final class LedgerOffsets implements OffsetsInitializer {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(200);

  private final HashMap<TopicPartition, Long> begins = new HashMap<>();

  LedgerOffsets(Project project, DataDirectory data, String kafka) {
    try (Ledger ledger = Ledger.open(data.metadata());
        KafkaConsumer<byte[], byte[]> consumer = consumer(kafka)) {
      for (StreamContract contract : project.streams().values()) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        ledger
            .ends(contract.name())
            .forEach((key, end) -> ends.put(new TopicPartition(key.topic(), key.partition()), end));
        begins.putAll(ends);
        // Nobody compares the ids of what was rejected at the door.
        ends.keySet().removeIf(partition -> !partition.topic().equals(contract.topic()));
        begins.putAll(before(ends, remembered(contract), consumer));
      }
    } catch (KafkaException e) {
      throw MillraceException.world(
          "Cannot find where to begin on the topics: " + e.getMessage(), e);
    }
  }

  private static Duration remembered(StreamContract contract) {
    Duration sessions = SessionWindow.memory(contract);
    return sessions.compareTo(contract.repeatWindow()) > 0 ? sessions : contract.repeatWindow();
  }

  /** From where on ids and sessions matter to the first record at or behind these offsets. */
  private static Map<TopicPartition, Long> before(
      Map<TopicPartition, Long> ends, Duration window, KafkaConsumer<byte[], byte[]> consumer) {
    Map<TopicPartition, Long> times = nextTimes(ends, consumer);
    times.replaceAll((partition, at) -> at - window.toMillis());
    Map<TopicPartition, Long> begins = new HashMap<>(ends);
    consumer
        .offsetsForTimes(times)
        .forEach(
            (partition, found) -> {
              if (found != null) {
                begins.merge(partition, found.offset(), Math::min);
              }
            });
    return begins;
  }

  /** When the broker appended the first record from these offsets on; now, where there is none. */
  private static Map<TopicPartition, Long> nextTimes(
      Map<TopicPartition, Long> from, KafkaConsumer<byte[], byte[]> consumer) {
    Map<TopicPartition, Long> times = new HashMap<>();
    Map<TopicPartition, Long> ends = consumer.endOffsets(from.keySet());
    Set<TopicPartition> open = new HashSet<>(from.keySet());
    consumer.assign(open);
    from.forEach(consumer::seek);
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      open.removeIf(partition -> consumer.position(partition) >= ends.get(partition));
      if (open.isEmpty()) {
        break;
      }
      consumer.assign(open);
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        times.putIfAbsent(partition, record.timestamp());
        open.remove(partition);
      }
      if (System.nanoTime() > giveUp) {
        throw new KafkaException("nothing comes from " + open);
      }
    }
    from.keySet().forEach(it -> times.putIfAbsent(it, System.currentTimeMillis()));
    return times;
  }

  /** It sees records that are not committed yet: only when they were appended matters. */
  private static KafkaConsumer<byte[], byte[]> consumer(String kafka) {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "1",
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  @Override
  public Map<TopicPartition, Long> getPartitionOffsets(
      Collection<TopicPartition> partitions, PartitionOffsetsRetriever retriever) {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (TopicPartition partition : partitions) {
      offsets.put(partition, begins.getOrDefault(partition, KafkaPartitionSplit.EARLIEST_OFFSET));
    }
    return offsets;
  }

  @Override
  @SuppressWarnings("deprecation") // the connector asks for Kafka's older enum
  public OffsetResetStrategy getAutoOffsetResetStrategy() {
    return OffsetResetStrategy.EARLIEST;
  }
}
