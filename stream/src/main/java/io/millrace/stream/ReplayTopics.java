package io.millrace.stream;

import io.millrace.core.MillraceException;
import io.millrace.lake.Ledger.TopicPartition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Records of the past, as Kafka still has them. For one thread. */
final class ReplayTopics implements AutoCloseable {

  private static final Duration POLL = Duration.ofSeconds(10);
  private static final int MAX_SILENT_POLLS = 3;

  private final KafkaConsumer<byte[], byte[]> consumer;

  ReplayTopics(String kafka) {
    consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "5000"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
  }

  /** The first offset that Kafka has of a partition. */
  long begin(TopicPartition key) {
    return asked(() -> consumer.beginningOffsets(List.of(kafka(key))).get(kafka(key)));
  }

  /** The offset after the last that Kafka has of a partition. */
  long end(TopicPartition key) {
    return asked(() -> consumer.endOffsets(List.of(kafka(key))).get(kafka(key)));
  }

  /** The first record that the broker appended at a time or later; none is the end of a long. */
  long offsetAt(TopicPartition key, long appendMillis) {
    OffsetAndTimestamp found =
        asked(
            () ->
                consumer
                    .offsetsForTimes(Map.of(kafka(key), Math.max(0, appendMillis)))
                    .get(kafka(key)));
    return found == null ? Long.MAX_VALUE : found.offset();
  }

  /** When the broker appended the first record of some offsets; none is the end of a long. */
  long appendMillis(TopicPartition key, long from, long to) {
    long[] first = {Long.MAX_VALUE};
    poll(
        key,
        from,
        to,
        records -> {
          if (!records.isEmpty()) {
            first[0] = records.get(0).timestamp();
          }
          return records.isEmpty();
        });
    return first[0];
  }

  /** Hands over the committed records of offsets {@code [from, to)}. */
  void forEach(
      TopicPartition key, long from, long to, Consumer<ConsumerRecord<byte[], byte[]>> taker) {
    poll(
        key,
        from,
        to,
        records -> {
          records.forEach(
              record -> {
                if (record.offset() < to) {
                  taker.accept(record);
                }
              });
          return true;
        });
  }

  private interface Batch {
    /** Whether there should be more. */
    boolean take(List<ConsumerRecord<byte[], byte[]>> records);
  }

  private void poll(TopicPartition key, long from, long to, Batch batch) {
    org.apache.kafka.common.TopicPartition partition = kafka(key);
    asked(
        () -> {
          consumer.assign(List.of(partition));
          consumer.seek(partition, from);
          long at = from;
          int silent = 0;
          boolean more = true;
          while (more && at < to) {
            more = batch.take(consumer.poll(POLL).records(partition));
            long position = consumer.position(partition, POLL);
            silent = position == at ? silent + 1 : 0;
            at = position;
            if (silent == MAX_SILENT_POLLS) {
              throw new KafkaException("nothing comes after offset " + at + " of " + partition);
            }
          }
          return at;
        });
  }

  private interface Question<T> {
    T ask();
  }

  private static <T> T asked(Question<T> question) {
    try {
      return question.ask();
    } catch (KafkaException e) {
      throw MillraceException.world("Cannot replay: Kafka does not answer: " + e.getMessage(), e);
    }
  }

  /** The partitions of a topic. */
  List<TopicPartition> partitions(String topic) {
    return asked(() -> consumer.partitionsFor(topic)).stream()
        .map(it -> new TopicPartition(topic, it.partition()))
        .toList();
  }

  private static org.apache.kafka.common.TopicPartition kafka(TopicPartition key) {
    return new org.apache.kafka.common.TopicPartition(key.topic(), key.partition());
  }

  @Override
  public void close() {
    consumer.close();
  }
}
