package io.millrace.collect;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.core.DataDirectory;
import io.millrace.core.MetadataDatabase;
import io.millrace.event.EventHeaders;
import io.millrace.project.Project;
import io.millrace.project.Settings;
import io.millrace.testkit.Broker;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The topic of a stream whose rejected events are replayed, as those see it who read it. */
record ReplayedTopic(Project project, DataDirectory data, String kafka) {

  static final long RECEIVED_MICROS = 1_770_000_000_000_000L;

  /** Makes it anew, with a project below the folder. */
  static ReplayedTopic make(Path folder, Broker broker) throws Exception {
    Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (Admin admin = Admin.create(kafka)) {
      admin.deleteTopics(admin.listTopics().names().get()).all().get();
    }
    ReplayedTopic topic = in(folder, broker.bootstrapServers());
    new Topics(topic.kafka, topic.project).make(Duration.ofSeconds(30));
    return topic;
  }

  /** As it is. */
  static ReplayedTopic in(Path folder, String kafka) {
    return new ReplayedTopic(
        Clicks.project(folder, Settings.DEFAULTS), DataDirectory.of(folder), kafka);
  }

  Replays replays() {
    return new Replays(project, data, kafka);
  }

  static RejectedEvent rejected(int number, String reason, String event) {
    return new RejectedEvent(
        new Origin("clicks.rejected", 0, number), reason, RECEIVED_MICROS, event.getBytes(UTF_8));
  }

  /** Events that the contract did not allow once, and does now. */
  static List<RejectedEvent> rejected(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(number -> rejected(number, "not_allowed", Clicks.good(number)))
        .toList();
  }

  /** As if the process had died after Kafka had events, and before it wrote them down. */
  void forgetFrom(int number) {
    try (Connection database = MetadataDatabase.open(data.metadata());
        Statement statement = database.createStatement()) {
      statement.execute(
          "INSERT INTO replay_marks SELECT stream, 'dead', to_partition, min(to_offset) FROM replays WHERE topic_offset >= "
              + number
              + " GROUP BY stream, to_partition");
      statement.execute("DELETE FROM replays WHERE topic_offset >= " + number);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where the committed records say they come from. */
  List<String> origins() {
    return records().stream()
        .map(it -> new String(it.headers().lastHeader(EventHeaders.REPLAYED_FROM).value(), UTF_8))
        .toList();
  }

  /** What a reader of committed records sees, up to the end of the topic. */
  List<ConsumerRecord<byte[], byte[]>> records() {
    Map<String, Object> config =
        Map.of("bootstrap.servers", kafka, "isolation.level", "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor("clicks").stream()
              .map(it -> new TopicPartition("clicks", it.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      while (partitions.stream().anyMatch(it -> consumer.position(it) < ends.get(it))) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
      return records;
    }
  }
}
