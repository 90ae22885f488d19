package io.millrace.stream;

import io.millrace.event.EventHeaders;
import io.millrace.event.LiveRow;
import io.millrace.event.LiveRow.Version;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What a topic of live rows has been told of, each row once. */
final class ToldRows {

  private ToldRows() {}

  static Set<LiveRow> on(String kafka, String topic) {
    Set<LiveRow> rows = new HashSet<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(it -> new TopicPartition(topic, it.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(it -> consumer.position(it) < ends.get(it))) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(
                record -> {
                  byte[] version = record.headers().lastHeader(EventHeaders.LIVE_VERSION).value();
                  rows.add(
                      LiveRow.of(
                          new String(record.key(), StandardCharsets.UTF_8),
                          Version.read(ByteBuffer.wrap(version)),
                          new String(record.value(), StandardCharsets.UTF_8)));
                });
      }
    }
    return rows;
  }
}
