package io.millrace.prove;

import io.millrace.core.MillraceException;
import io.millrace.lake.Ledger.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What Kafka holds of a stream's topics. For one thread. */
final class Topics implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final KafkaConsumer<byte[], byte[]> consumer;

  Topics(String bootstrapServers) {
    consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "5000"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
  }

  /** Offsets {@code [begin, end)} that a partition has now. */
  record Extent(long begin, long end) {}

  Map<TopicPartition, Extent> extents(List<String> topics) {
    try {
      List<org.apache.kafka.common.TopicPartition> partitions = new ArrayList<>();
      for (String topic : topics) {
        for (PartitionInfo partition : consumer.partitionsFor(topic, PATIENCE)) {
          partitions.add(new org.apache.kafka.common.TopicPartition(topic, partition.partition()));
        }
      }
      Map<org.apache.kafka.common.TopicPartition, Long> begins =
          consumer.beginningOffsets(partitions, PATIENCE);
      Map<org.apache.kafka.common.TopicPartition, Long> ends =
          consumer.endOffsets(partitions, PATIENCE);
      Map<TopicPartition, Extent> extents = new HashMap<>();
      for (org.apache.kafka.common.TopicPartition partition : partitions) {
        extents.put(
            new TopicPartition(partition.topic(), partition.partition()),
            new Extent(begins.get(partition), ends.get(partition)));
      }
      return extents;
    } catch (KafkaException e) {
      throw MillraceException.world("Cannot ask Kafka for offsets: " + e.getMessage(), e);
    }
  }

  /** Hands over the records of a partition that are still there, up to an offset. */
  void forEach(
      TopicPartition key, long from, long to, Consumer<ConsumerRecord<byte[], byte[]>> taker) {
    org.apache.kafka.common.TopicPartition partition =
        new org.apache.kafka.common.TopicPartition(key.topic(), key.partition());
    try {
      consumer.assign(List.of(partition));
      consumer.seek(partition, from);
      long position = from;
      while (position < to) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(PATIENCE).records(partition)) {
          if (record.offset() < to) {
            taker.accept(record);
          }
        }
        long reached = consumer.position(partition, PATIENCE);
        if (reached == position) {
          throw MillraceException.world(
              "Cannot read %s/%d from Kafka beyond offset %d: nothing came for %d seconds"
                  .formatted(key.topic(), key.partition(), position, PATIENCE.toSeconds()));
        }
        position = reached;
      }
    } catch (KafkaException e) {
      throw MillraceException.world(
          "Cannot read %s/%d from Kafka: %s"
              .formatted(key.topic(), key.partition(), e.getMessage()),
          e);
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
