package io.millrace.stream;

import io.millrace.event.EventHeaders;
import io.millrace.event.LiveRow;
import io.millrace.event.LiveRow.Version;
import io.millrace.project.StreamContract;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Tells the topics of live rows what one subtask accepts. A record that is read again after a
 * restart is told again, with the same version, so readers come to the same; what they must not
 * miss is on the topic before the checkpoint is complete that would not have it read again.
 */
final class LiveSink implements Closeable {

  private static final long BUFFER_BYTES = 16L << 20;

  private final KafkaProducer<byte[], byte[]> producer;

  /** The first that was not taken since the last checkpoint. */
  private volatile Exception failure;

  /**
   * @param maxRecordBytes the largest row there is
   */
  LiveSink(String kafka, int maxRecordBytes) {
    producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "lz4",
                ProducerConfig.LINGER_MS_CONFIG,
                "5",
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                Math.max(BUFFER_BYTES, maxRecordBytes),
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                Integer.toString(maxRecordBytes)),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  void tell(StreamContract contract, LiveRow row) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            contract.liveTopic(),
            row.key().getBytes(StandardCharsets.UTF_8),
            row.json().map(json -> json.getBytes(StandardCharsets.UTF_8)).orElse(null));
    ByteBuffer version = ByteBuffer.allocate(Version.BYTES);
    row.version().write(version);
    record.headers().add(EventHeaders.LIVE_VERSION, version.array());
    var unused = producer.send(record, (done, e) -> failed(e));
  }

  private void failed(Exception e) {
    if (e != null && failure == null) {
      failure = e;
    }
  }

  /** Waits until all that was told is on the topics. */
  void flush() {
    producer.flush();
    if (failure != null) {
      throw new KafkaException("A topic of live rows does not take them", failure);
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
