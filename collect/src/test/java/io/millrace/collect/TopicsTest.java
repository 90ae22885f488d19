package io.millrace.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.core.MillraceException;
import io.millrace.project.Project;
import io.millrace.project.StreamContract;
import io.millrace.testkit.Broker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicsTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String OTHER_NUMBER =
      "Cannot use the topics: topic 'clicks' has 1 partitions and its contract says 2; change the contract back, because another number would break the order of each key";

  @TempDir static Path kafka;
  static Broker broker;
  static Admin admin;

  private final Project project = Clicks.project(kafka, RunningCollector.settings(1, 0));

  @BeforeAll
  static void startBroker() {
    broker = Broker.start(kafka);
    admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  @BeforeEach
  void removeTopics() throws Exception {
    admin.deleteTopics(admin.listTopics().names().get()).all().get();
    await("the broker knows of no topic")
        .atMost(SOON)
        .until(() -> admin.listTopics().names().get().isEmpty());
  }

  /** Makes a topic, and waits until the broker knows of what the controller has made. */
  private static void create(NewTopic topic) throws Exception {
    admin.createTopics(List.of(topic)).all().get();
    await("the broker knows of " + topic.name())
        .atMost(SOON)
        .until(() -> admin.listTopics().names().get().contains(topic.name()));
  }

  @AfterAll
  static void stopBroker() {
    admin.close();
    broker.close();
  }

  @Test
  void makesTwoTopicsForEachStreamAndMakingThemAgainChangesNothing() throws Exception {
    Topics topics = new Topics(broker.bootstrapServers(), project);
    topics.make(SOON);
    topics.make(SOON);
    Map<String, TopicDescription> made =
        admin.describeTopics(admin.listTopics().names().get()).allTopicNames().get();
    assertThat(made).containsOnlyKeys("clicks", "clicks.rejected");
    assertThat(made.get("clicks").partitions()).hasSize(2);
    assertThat(made.get("clicks.rejected").partitions()).hasSize(1);
    assertThat(setting("clicks", "message.timestamp.type")).isEqualTo("LogAppendTime");
    assertThat(setting("clicks", "retention.ms")).isEqualTo("604800000");
  }

  @Test
  void eachPartitionTakesRecordsAtOnce() throws Exception {
    int partitions = 64;
    StreamContract wide = Clicks.contract(partitions);
    Project many = project.withStreams(new TreeMap<>(Map.of(wide.name(), wide)));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "enable.idempotence",
                false,
                "retries",
                0),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      new Topics(broker.bootstrapServers(), many).make(SOON);
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int partition = 0; partition < partitions; partition++) {
        sent.add(
            producer.send(new ProducerRecord<>("clicks", partition, new byte[0], new byte[0])));
      }
      for (Future<RecordMetadata> it : sent) {
        assertThat(it.get().offset()).isZero();
      }
    }
  }

  @Test
  void waitsForTopicsThatTheBrokerHasNotHeardOf() throws Exception {
    NewTopic clicks = new NewTopic("clicks", Optional.of(2), Optional.empty());
    FutureTask<Void> waiting =
        new FutureTask<>(
            () -> {
              Topics.awaitLeaders(admin, List.of(clicks), SOON);
              return null;
            });
    Thread thread = new Thread(waiting, "waiting");
    thread.start();
    await("it rests between two looks")
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    create(clicks);
    assertThat(waiting.get(SOON.toSeconds(), TimeUnit.SECONDS)).isNull();
  }

  @Test
  void doesNotWaitForTopicsLongerThanItsTime() {
    NewTopic never = new NewTopic("never", Optional.of(2), Optional.empty());
    assertThatThrownBy(() -> Topics.awaitLeaders(admin, List.of(never), Duration.ofMillis(200)))
        .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
  }

  @Test
  void keepsPersonalDataForAShorterTime() throws Exception {
    new Topics(broker.bootstrapServers(), Clicks.personal(project)).make(SOON);
    assertThat(setting("clicks", "retention.ms")).isEqualTo("86400000");
    assertThat(setting("clicks", "segment.ms")).isEqualTo("21600000");
    assertThat(setting("clicks.rejected", "retention.ms")).isEqualTo("86400000");
  }

  @Test
  void theMarkersThatTransactionsLeaveAreNoRecords() throws Exception {
    Topics topics = new Topics(broker.bootstrapServers(), project);
    topics.make(SOON);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers", broker.bootstrapServers(), "transactional.id", "two in one"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.initTransactions();
      send(producer, 0, 3);
      producer.commitTransaction();
      for (int i = 0; i < 20; i++) {
        send(producer, 0, 1);
        send(producer, 1, 1);
        producer.abortTransaction();
      }
    }
    assertThat(topics.ends("clicks", SOON)).isEqualTo(Map.of(0, 3L, 1, 0L));
  }

  private static void send(KafkaProducer<byte[], byte[]> producer, int partition, int records)
      throws Exception {
    if (partition == 0) {
      producer.beginTransaction();
    }
    for (int i = 0; i < records; i++) {
      producer.send(new ProducerRecord<>("clicks", partition, new byte[0], new byte[0])).get();
    }
  }

  @Test
  void bringsTheSettingsOfATopicUpToDate() throws Exception {
    NewTopic old = new NewTopic("clicks", Optional.of(2), Optional.empty());
    create(old.configs(Map.of("retention.ms", "1000")));
    new Topics(broker.bootstrapServers(), project).make(SOON);
    assertThat(setting("clicks", "retention.ms")).isEqualTo("604800000");
  }

  @Test
  void neverChangesTheNumberOfPartitions() throws Exception {
    NewTopic old = new NewTopic("clicks", Optional.of(1), Optional.empty());
    create(old);
    Topics topics = new Topics(broker.bootstrapServers(), project);
    assertThatThrownBy(() -> topics.make(SOON)).hasMessage(OTHER_NUMBER);
    assertThatThrownBy(() -> topics.make(admin, Set.of(), SOON))
        .as("by a broker that has not heard of the topic")
        .isInstanceOf(MillraceException.class)
        .hasMessage(OTHER_NUMBER);
  }

  @Test
  void saysWhichBrokerDidNotAnswer() {
    assertThatThrownBy(() -> new Topics("127.0.0.1:1", project).make(Duration.ofMillis(300)))
        .isInstanceOf(MillraceException.class)
        .hasMessageStartingWith("Cannot make the topics on Kafka at 127.0.0.1:1: ");
  }

  /** The controller has made a topic a moment before the broker knows of it. */
  private static String setting(String topic, String name) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    Config config =
        await()
            .atMost(SOON)
            .ignoreExceptionsMatching(
                it -> it.getCause() instanceof UnknownTopicOrPartitionException)
            .until(
                () -> admin.describeConfigs(List.of(resource)).all().get().get(resource),
                Objects::nonNull);
    return config.get(name).value();
  }
}
