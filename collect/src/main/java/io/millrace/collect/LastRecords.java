package io.millrace.collect;

import io.millrace.core.MillraceException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Finds the last record of partitions. A transaction leaves a marker behind its records: an offset
 * that nobody reads, so who waits for all offsets to be committed would wait for ever.
 */
final class LastRecords implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final int FIRST_LOOK_BACK = 8;

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Duration within;

  LastRecords(String kafka, Duration within) {
    this.within = within;
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
  }

  /**
   * The offset after the last committed record; {@code begin} if there is none.
   *
   * @param begin the first offset that Kafka still has
   * @param end the offset that the next record gets
   * @throws MillraceException if a transaction is left open before {@code end}
   */
  long end(TopicPartition partition, long begin, long end) {
    for (long back = FIRST_LOOK_BACK; ; back *= FIRST_LOOK_BACK) {
      long from = Math.max(begin, end - back);
      OptionalLong last = last(partition, from, end);
      if (last.isPresent() || from == begin) {
        return last.isPresent() ? last.getAsLong() + 1 : begin;
      }
    }
  }

  private OptionalLong last(TopicPartition partition, long from, long end) {
    OptionalLong last = OptionalLong.empty();
    try {
      consumer.assign(List.of(partition));
      consumer.seek(partition, from);
      long giveUp = System.nanoTime() + within.toNanos();
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          if (record.offset() < end) {
            last = OptionalLong.of(record.offset());
          }
        }
        if (System.nanoTime() > giveUp) {
          throw MillraceException.world(
              "Cannot read the end of %s: another writer has left a transaction open"
                  .formatted(partition));
        }
      }
      return last;
    } catch (KafkaException e) {
      throw MillraceException.world(
          "Cannot read the end of %s: %s".formatted(partition, e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
