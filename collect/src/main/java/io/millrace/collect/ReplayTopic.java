package io.millrace.collect;

import io.millrace.collect.ReplayLog.Sent;
import io.millrace.core.MillraceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The topic of a stream as its replay writes it: in transactions, one replay at a time. Whoever
 * opens it ends the transaction of the one before and fences it, so that what the topic holds from
 * then on is all that ever comes of that one. For one thread.
 */
final class ReplayTopic implements AutoCloseable {

  private static final int PATIENCE_MS = 30_000;

  /** Readers see nothing behind an open transaction; one whose sender died must end soon. */
  static final int TRANSACTION_MS = 30_000;

  private static final Duration POLL = Duration.ofMillis(500);

  private final String stream;
  private final String topic;
  private final String kafka;
  private final KafkaProducer<byte[], byte[]> producer;

  private ReplayTopic(
      String stream, String topic, String kafka, KafkaProducer<byte[], byte[]> producer) {
    this.stream = stream;
    this.topic = topic;
    this.kafka = kafka;
    this.producer = producer;
  }

  /**
   * Takes the topic over from any replay before.
   *
   * @param id the same for all replays of this topic, and for nothing else on this Kafka
   */
  static ReplayTopic open(
      String stream, String topic, String kafka, String id, int maxRecordBytes) {
    ReplayTopic opened = new ReplayTopic(stream, topic, kafka, producer(kafka, id, maxRecordBytes));
    try {
      opened.producer.initTransactions();
      return opened;
    } catch (KafkaException e) {
      opened.close();
      throw MillraceException.world(
          "Cannot replay '%s': Kafka does not take a transaction: %s"
              .formatted(stream, e.getMessage()),
          e);
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(
      String kafka, String id, int maxRecordBytes) {
    Map<String, Object> config =
        Map.ofEntries(
            Map.entry(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka),
            Map.entry(ProducerConfig.CLIENT_ID_CONFIG, id),
            Map.entry(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id),
            Map.entry(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MS),
            Map.entry(ProducerConfig.ACKS_CONFIG, "all"),
            Map.entry(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4"),
            Map.entry(ProducerConfig.LINGER_MS_CONFIG, 5),
            Map.entry(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10),
            Map.entry(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, maxRecordBytes),
            Map.entry(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE_MS),
            Map.entry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 20_000),
            Map.entry(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000));
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Where each partition ends, open transactions of others included. */
  SortedMap<Integer, Long> ends() {
    return offsets(OffsetSpec.latest());
  }

  private SortedMap<Integer, Long> offsets(OffsetSpec wanted) {
    Map<TopicPartition, OffsetSpec> question = new LinkedHashMap<>();
    producer
        .partitionsFor(topic)
        .forEach(it -> question.put(new TopicPartition(topic, it.partition()), wanted));
    Map<String, Object> config =
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka,
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MS / 3,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MS);
    try (Admin admin = Admin.create(config)) {
      SortedMap<Integer, Long> offsets = new TreeMap<>();
      Map<TopicPartition, ListOffsetsResultInfo> answer = admin.listOffsets(question).all().get();
      answer.forEach((partition, at) -> offsets.put(partition.partition(), at.offset()));
      return offsets;
    } catch (ExecutionException e) {
      throw MillraceException.world(
          "Cannot replay '%s': Kafka does not tell where its topic ends: %s"
              .formatted(stream, e.getCause().getMessage()),
          e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw MillraceException.world("Cannot replay '%s': interrupted".formatted(stream), e);
    }
  }

  /**
   * Sends these in one transaction: all of them, or none.
   *
   * @return where they are
   */
  List<Sent> send(Map<Origin, ProducerRecord<byte[], byte[]>> records) {
    return confirmed(
        () -> {
          producer.beginTransaction();
          Map<Origin, Future<RecordMetadata>> sent = new LinkedHashMap<>();
          records.forEach((origin, record) -> sent.put(origin, producer.send(record)));
          producer.commitTransaction();
          List<Sent> kept = new ArrayList<>();
          sent.forEach((origin, where) -> kept.add(sent(origin, where)));
          return kept;
        });
  }

  private static Sent sent(Origin origin, Future<RecordMetadata> where) {
    try {
      RecordMetadata record = where.get();
      return new Sent(origin, record.partition(), record.offset(), record.timestamp());
    } catch (ExecutionException e) {
      throw new KafkaException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException(e);
    }
  }

  private <T> T confirmed(Supplier<T> work) {
    try {
      return work.get();
    } catch (ProducerFencedException | InvalidProducerEpochException e) {
      throw MillraceException.world(
          "Cannot go on with this replay of '%s': another one has begun".formatted(stream), e);
    } catch (KafkaException e) {
      throw MillraceException.unknown(
          "Cannot say whether the last events of '%s' were sent: Kafka did not confirm it (%s); replay again, none is sent twice"
              .formatted(stream, e.getMessage()),
          e);
    }
  }

  /**
   * What replays have sent since these offsets, as far as it was committed.
   *
   * @throws MillraceException if Kafka has dropped some of it by now
   */
  List<Sent> sentSince(SortedMap<Integer, Long> marks) {
    requireKept(marks);
    SortedMap<Integer, Long> ends = ends();
    List<Sent> sent = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      consumer.assign(marks.keySet().stream().map(it -> new TopicPartition(topic, it)).toList());
      marks.forEach((partition, from) -> consumer.seek(new TopicPartition(topic, partition), from));
      long giveUp = System.nanoTime() + Duration.ofMillis(PATIENCE_MS).toNanos();
      while (!reached(consumer, ends)) {
        int before = sent.size();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          giveUp = System.nanoTime() + Duration.ofMillis(PATIENCE_MS).toNanos();
          Origin.of(record.headers())
              .ifPresent(
                  it ->
                      sent.add(
                          new Sent(it, record.partition(), record.offset(), record.timestamp())));
        }
        if (sent.size() == before && System.nanoTime() > giveUp) {
          throw MillraceException.world(
              "Cannot replay '%s': the end of its topic cannot be read; another writer has left a transaction open"
                  .formatted(stream));
        }
      }
      return sent;
    } catch (KafkaException e) {
      throw MillraceException.world(
          "Cannot replay '%s': its topic cannot be read: %s".formatted(stream, e.getMessage()), e);
    }
  }

  private boolean reached(KafkaConsumer<byte[], byte[]> consumer, SortedMap<Integer, Long> ends) {
    return consumer.assignment().stream()
        .allMatch(it -> consumer.position(it) >= ends.getOrDefault(it.partition(), 0L));
  }

  private void requireKept(SortedMap<Integer, Long> marks) {
    SortedMap<Integer, Long> begins = offsets(OffsetSpec.earliest());
    marks.forEach(
        (partition, from) -> {
          long begin = begins.getOrDefault(partition, 0L);
          if (begin > from) {
            throw MillraceException.world(
                "Cannot replay '%s': Kafka no longer has offsets %d to %d of %s/%d, where a replay was interrupted; to go on all the same, and have at most %d events twice, delete the rows of '%s' from replay_marks in metadata.db"
                    .formatted(
                        stream, from, begin - 1, topic, partition, Replays.BATCH_EVENTS, stream));
          }
        });
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false",
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  /** Takes back what was sent and not committed. */
  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
  }
}
