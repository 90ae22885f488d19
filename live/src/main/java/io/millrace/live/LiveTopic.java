package io.millrace.live;

import io.millrace.core.MillraceException;
import io.millrace.event.EventHeaders;
import io.millrace.event.LiveRow;
import io.millrace.event.LiveRow.Version;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topic of a stream's live rows, as one reader follows it. For one thread. */
final class LiveTopic implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LiveTopic.class);
  private static final Duration POLL = Duration.ofMillis(200);

  /** Rows that came, and behind them the offsets to go on from. */
  record Told(List<LiveRow> rows, Map<Integer, Long> next) {}

  private final String topic;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions = new ArrayList<>();

  /**
   * @throws MillraceException if there is no such topic
   */
  LiveTopic(String kafka, String topic) {
    this.topic = topic;
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "1000"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    try {
      List<PartitionInfo> found = consumer.partitionsFor(topic);
      if (found == null || found.isEmpty()) {
        throw MillraceException.world(
            "Cannot follow topic '%s': it is not there yet".formatted(topic));
      }
      found.forEach(it -> partitions.add(new TopicPartition(topic, it.partition())));
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  /**
   * Goes to offsets; to the beginning of a partition that none is known of.
   *
   * @return false if records between them and what the topic still has are lost
   */
  boolean goTo(Map<Integer, Long> next) {
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    consumer.assign(partitions);
    for (TopicPartition partition : partitions) {
      long begin = begins.get(partition);
      long from = next.getOrDefault(partition.partition(), begin);
      if (from < begin || from > ends.get(partition)) {
        return false;
      }
      consumer.seek(partition, from);
    }
    return true;
  }

  /**
   * What comes, after a moment if nothing does.
   *
   * @throws InvalidOffsetException if the topic no longer has what comes next
   */
  Told poll() {
    List<LiveRow> rows = new ArrayList<>();
    consumer.poll(POLL).forEach(record -> row(record).ifPresent(rows::add));
    Map<Integer, Long> next = new HashMap<>();
    partitions.forEach(it -> next.put(it.partition(), consumer.position(it)));
    return new Told(rows, next);
  }

  /** What somebody else has written there is passed over; bronze does not have it either. */
  private Optional<LiveRow> row(ConsumerRecord<byte[], byte[]> record) {
    Header version = record.headers().lastHeader(EventHeaders.LIVE_VERSION);
    if (record.key() == null || version == null || version.value().length != Version.BYTES) {
      log.warn("Offset {} of {}/{} is no live row", record.offset(), topic, record.partition());
      return Optional.empty();
    }
    String key = new String(record.key(), StandardCharsets.UTF_8);
    Version read = Version.read(ByteBuffer.wrap(version.value()));
    return Optional.of(
        record.value() == null
            ? LiveRow.gone(key, read)
            : LiveRow.of(key, read, new String(record.value(), StandardCharsets.UTF_8)));
  }

  @Override
  public void close() {
    consumer.close();
  }
}
