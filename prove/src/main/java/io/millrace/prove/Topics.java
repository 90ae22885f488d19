package io.millrace.prove;

import io.millrace.core.MillraceException;
import io.millrace.lake.Ledger.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What Kafka holds of a stream's topics. For one thread. */
final class Topics implements AutoCloseable {

  private static final int PATIENCE_MS = 10_000;
  private static final int MAX_SILENT_POLLS = 3;

  /** An open transaction hides what is behind it, and may last. */
  private static final Duration MARKER_PATIENCE = Duration.ofSeconds(1);

  private final String bootstrapServers;
  private final Admin admin;

  /** Made when records are read: by a full proof, and where something is in flight. */
  private Optional<KafkaConsumer<byte[], byte[]>> consumer = Optional.empty();

  Topics(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    this.admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MS,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MS));
  }

  /** Offsets {@code [begin, end)} that a partition has now, those of open transactions included. */
  record Extent(long begin, long end) {}

  /** Of each partition of these topics; a topic that does not exist has none. */
  Map<TopicPartition, Extent> extents(List<String> topics) {
    Map<org.apache.kafka.common.TopicPartition, OffsetSpec> earliest = new HashMap<>();
    Map<org.apache.kafka.common.TopicPartition, OffsetSpec> latest = new HashMap<>();
    for (org.apache.kafka.common.TopicPartition partition : partitions(topics)) {
      earliest.put(partition, OffsetSpec.earliest());
      latest.put(partition, OffsetSpec.latest());
    }
    Map<TopicPartition, Extent> extents = new HashMap<>();
    var begins = answer(admin.listOffsets(earliest).all());
    var ends = answer(admin.listOffsets(latest).all());
    begins.forEach(
        (partition, begin) ->
            extents.put(
                new TopicPartition(partition.topic(), partition.partition()),
                new Extent(begin.offset(), ends.get(partition).offset())));
    return extents;
  }

  private List<org.apache.kafka.common.TopicPartition> partitions(List<String> topics) {
    List<org.apache.kafka.common.TopicPartition> partitions = new ArrayList<>();
    admin
        .describeTopics(topics)
        .topicNameValues()
        .forEach(
            (topic, description) -> {
              for (TopicPartitionInfo partition : partitions(description)) {
                partitions.add(
                    new org.apache.kafka.common.TopicPartition(topic, partition.partition()));
              }
            });
    return partitions;
  }

  private static List<TopicPartitionInfo> partitions(KafkaFuture<TopicDescription> description) {
    try {
      return description.get().partitions();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return List.of();
      }
      throw cannotAsk(e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static <T> T answer(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw cannotAsk(e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static MillraceException cannotAsk(Throwable cause) {
    return MillraceException.world(
        "Cannot ask Kafka for its offsets: " + cause.getMessage(), cause);
  }

  private static MillraceException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return MillraceException.world("Cannot ask Kafka for its offsets: interrupted", e);
  }

  /** Hands over the committed records of a partition that are still there, up to an offset. */
  void forEach(
      TopicPartition key, long from, long to, Consumer<ConsumerRecord<byte[], byte[]>> taker) {
    org.apache.kafka.common.TopicPartition partition =
        new org.apache.kafka.common.TopicPartition(key.topic(), key.partition());
    Duration patience = Duration.ofMillis(PATIENCE_MS);
    try {
      KafkaConsumer<byte[], byte[]> reading = consumer();
      reading.assign(List.of(partition));
      reading.seek(partition, from);
      long at = from;
      int silent = 0;
      while (at < to) {
        ConsumerRecords<byte[], byte[]> records = reading.poll(patience);
        for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
          if (record.offset() < to) {
            taker.accept(record);
          }
        }
        long position = reading.position(partition, patience);
        silent = position == at ? silent + 1 : 0;
        at = position;
        if (silent == MAX_SILENT_POLLS) {
          throw MillraceException.world(
              "Cannot read %s/%d from Kafka: it gives nothing after offset %d"
                  .formatted(key.topic(), key.partition(), at));
        }
      }
    } catch (KafkaException e) {
      throw MillraceException.world(
          "Cannot read %s/%d from Kafka: %s"
              .formatted(key.topic(), key.partition(), e.getMessage()),
          e);
    }
  }

  /**
   * Those of some partitions that hold no committed record from an offset to their end: what is
   * there are markers of transactions, and nobody will read it.
   */
  Set<TopicPartition> withoutRecords(
      Map<TopicPartition, Long> from, Map<TopicPartition, Extent> extents) {
    Map<org.apache.kafka.common.TopicPartition, TopicPartition> open = new HashMap<>();
    from.keySet()
        .forEach(
            key ->
                open.put(
                    new org.apache.kafka.common.TopicPartition(key.topic(), key.partition()), key));
    Set<TopicPartition> empty = new HashSet<>();
    try {
      KafkaConsumer<byte[], byte[]> reading = consumer();
      reading.assign(open.keySet());
      open.forEach((partition, key) -> reading.seek(partition, from.get(key)));
      long giveUp = System.nanoTime() + MARKER_PATIENCE.toNanos();
      while (!open.isEmpty() && System.nanoTime() < giveUp) {
        ConsumerRecords<byte[], byte[]> records = reading.poll(MARKER_PATIENCE.dividedBy(10));
        open.keySet().removeAll(records.partitions());
        for (org.apache.kafka.common.TopicPartition partition : List.copyOf(open.keySet())) {
          if (reading.position(partition) >= extents.get(open.get(partition)).end()) {
            empty.add(open.remove(partition));
          }
        }
      }
      return empty;
    } catch (KafkaException e) {
      throw cannotAsk(e);
    }
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    if (consumer.isEmpty()) {
      consumer =
          Optional.of(
              new KafkaConsumer<>(
                  Map.of(
                      ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                      ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                      ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                      ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false",
                      ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                      ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "5000"),
                  new ByteArrayDeserializer(),
                  new ByteArrayDeserializer()));
    }
    return consumer.get();
  }

  @Override
  public void close() {
    consumer.ifPresent(KafkaConsumer::close);
    admin.close();
  }
}
