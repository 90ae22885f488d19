package io.millrace.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.core.DataDirectory;
import io.millrace.core.Meters;
import io.millrace.lake.Commits;
import io.millrace.lake.Correction;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.LedgerEntry;
import io.millrace.lake.LedgerEntry.Corrected;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.StreamContract;
import io.millrace.stream.RebuiltTable.Differences;
import io.millrace.testkit.Broker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commits of a stream, rebuilt from a real topic under another contract. */
class RebuildTest {

  private static final String CONTRACT =
      """
      key: user
      event_id: id
      event_time: at
      lateness: 10m
      topic_partitions: 1
      fields:
        id: {type: uuid, required: true}
        at: {type: timestamp, required: true}
        user: {type: string, required: true}
        amount: {type: "decimal(12,2)", max: 10}
      """;

  @TempDir static Path brokerFolder;
  private static Broker broker;

  @TempDir Path folder;
  private final String stream = "pay_" + UUID.randomUUID().toString().substring(0, 8);
  private Project project;
  private DataDirectory data;
  private Lake lake;
  private Ledger ledger;
  private Commits commits;
  private KafkaProducer<byte[], byte[]> producer;
  private ReplayTopics topics;

  @BeforeAll
  static void startBroker() {
    broker = Broker.start(brokerFolder);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void makeStream() throws Exception {
    data = DataDirectory.of(folder);
    lake = Lake.open(data);
    evolve(CONTRACT);
    ledger = Ledger.open(data.metadata());
    commits = new Commits(Lake.open(data), Ledger.open(data.metadata()), Clock.systemUTC());
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin.createTopics(List.of(topic(stream), topic(stream + ".rejected"))).all().get();
    }
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    topics = new ReplayTopics(broker.bootstrapServers());
  }

  private static NewTopic topic(String name) {
    return new NewTopic(name, 1, (short) 1)
        .configs(Map.of("message.timestamp.type", "LogAppendTime"));
  }

  @AfterEach
  void close() {
    topics.close();
    producer.close();
    commits.close();
    ledger.close();
    lake.close();
  }

  private void evolve(String contract) throws Exception {
    Files.createDirectories(folder.resolve("streams"));
    Files.writeString(folder.resolve("millrace.yaml"), "name: shop\n");
    Files.writeString(folder.resolve("streams/" + stream + ".yaml"), contract);
    project = ProjectReader.load(folder);
    lake.prepare(contract());
  }

  private StreamContract contract() {
    return project.contract(stream);
  }

  /** Sends, and commits as the job does; the time at which the broker took the first. */
  private Instant commit(String... events) throws Exception {
    long taken = 0;
    for (String event : events) {
      byte[] value = event.getBytes(StandardCharsets.UTF_8);
      long at = producer.send(new ProducerRecord<>(stream, value)).get().timestamp();
      taken = taken == 0 ? at : taken;
    }
    try (StreamIntake intake =
        new StreamIntake(
            contract(),
            project.settings().maxEventBytes(),
            lake,
            new Meters(),
            PersonalData.of(contract(), data),
            Optional.empty())) {
      TopicPartition key = new TopicPartition(stream, 0);
      long from = ledger.ends(stream).getOrDefault(key, 0L);
      PartitionIntake partition =
          new PartitionIntake(key, intake, new RepeatWindow(contract().repeatWindow()), from);
      topics.forEach(key, 0, from + events.length, partition::take);
      commits.commit(stream, 1, List.of(partition.takeRange().orElseThrow()), intake.takeRows());
    }
    return Instant.ofEpochMilli(taken);
  }

  private static void awaitAfter(Instant time) {
    await().until(() -> Instant.now().truncatedTo(ChronoUnit.MILLIS).isAfter(time));
  }

  private static String payment(int number, int amount) {
    return "{\"id\":\"%s\",\"at\":\"%s\",\"user\":\"ann\",\"amount\":%d,\"channel\":\"web\"}"
        .formatted(new UUID(0, number), Instant.now(), amount);
  }

  private ReplayPlan plan(Instant from) {
    return ReplayPlan.of(contract(), ledger, topics, from, Optional.empty()).orElseThrow();
  }

  private record Outcome(List<Differences> differences, Correction correction) {}

  private Outcome rebuild(ReplayPlan plan) {
    try (Rebuild rebuild =
        new Rebuild(
            contract(),
            project.settings().maxEventBytes(),
            plan,
            topics,
            lake,
            PersonalData.of(contract(), data),
            read -> {})) {
      Correction correction = rebuild.run();
      return new Outcome(rebuild.differences(), correction);
    }
  }

  private static String counts(Differences it) {
    return "%s -%d +%d ~%d =%d"
        .formatted(
            it.table().replaceAll("pay_[0-9a-f]{8}", "pay"),
            it.onlyOld(),
            it.onlyNew(),
            it.changed(),
            it.equal());
  }

  @Test
  void whatTheContractAcceptsNowGoesFromQuarantineToBronze() throws Exception {
    Instant began = commit(payment(1, 5), payment(2, 50), payment(1, 5), "half a {");
    commit(payment(3, 6), payment(2, 50));
    evolve(CONTRACT.replace(", max: 10", "") + "  channel: string\n");

    Outcome outcome = rebuild(plan(began));

    // The second of the events that were rejected twice is a repeat now.
    assertThat(outcome.differences())
        .extracting(RebuildTest::counts)
        .containsExactly(
            "bronze.pay -0 +1 ~2 =0",
            "quarantine.pay_rejected -2 +0 ~0 =1",
            "quarantine.pay_repeated -0 +1 ~1 =0");
    assertThat(outcome.differences().get(0).examples())
        .anyMatch(it -> it.endsWith("/0/0: channel was null, is web"))
        .anyMatch(it -> it.contains("/0/1: was in quarantine.pay_"));
    assertThat(outcome.correction().corrects()).isEqualTo(new Corrected(1, 2));

    assertThat(ledger.propose(outcome.correction())).isTrue();
    LedgerEntry entry = commits.correct(stream).orElseThrow();
    assertThat(entry.ranges().get(0).balances()).isTrue();
    assertThat(entry.ranges().get(0).accepted()).isEqualTo(3);
    Outcome again = rebuild(plan(began));
    assertThat(again.differences())
        .extracting(RebuildTest::counts)
        .containsExactly(
            "bronze.pay -0 +0 ~0 =3",
            "quarantine.pay_rejected -0 +0 ~0 =1",
            "quarantine.pay_repeated -0 +0 ~0 =2");
  }

  @Test
  void anIdFromBeforeItBeginsStillMakesARepeat() throws Exception {
    Instant first = commit(payment(1, 5));
    awaitAfter(first);
    Instant began = commit(payment(2, 5), payment(1, 5));

    ReplayPlan plan = plan(began);

    assertThat(plan.commits()).isEqualTo(new Corrected(2, 2));
    assertThat(plan.reads())
        .containsExactly(new ReplayPlan.Read(new TopicPartition(stream, 0), 0, 1, 3));
    assertThat(rebuild(plan).differences())
        .extracting(RebuildTest::counts)
        .containsExactly("bronze.pay -0 +0 ~0 =1", "quarantine.pay_repeated -0 +0 ~0 =1");
  }

  @Test
  void anEventThatWasRejectedBeforeItBeginsMakesNoRepeat() throws Exception {
    Instant first = commit(payment(1, 50));
    awaitAfter(first);
    Instant began = commit(payment(1, 5));
    evolve(CONTRACT.replace(", max: 10", ""));

    assertThat(rebuild(plan(began)).differences())
        .extracting(RebuildTest::counts)
        .containsExactly("bronze.pay -0 +0 ~0 =1");
  }

  @Test
  void whatWasCorrectedTogetherIsReplayedTogether() throws Exception {
    Instant began = commit(payment(1, 5));
    awaitAfter(began);
    commit(payment(2, 5));
    evolve(CONTRACT + "  channel: string\n");
    ledger.propose(rebuild(plan(began)).correction());
    assertThat(commits.correct(stream)).isPresent();
    awaitAfter(Instant.now().truncatedTo(ChronoUnit.MILLIS));
    Instant later = commit(payment(3, 5));

    assertThat(plan(later).commits()).isEqualTo(new Corrected(4, 4));
    assertThat(plan(began.plusMillis(1)).commits()).isEqualTo(new Corrected(1, 4));
  }

  @Test
  void saysSinceWhenItCanIfKafkaHasDroppedRecords() throws Exception {
    Instant began = commit(payment(1, 5));
    commit(payment(2, 5));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin
          .deleteRecords(
              Map.of(
                  new org.apache.kafka.common.TopicPartition(stream, 0),
                  RecordsToDelete.beforeOffset(1)))
          .all()
          .get();
    }

    assertThatThrownBy(() -> plan(began))
        .hasMessageStartingWith("Cannot replay '" + stream + "' from " + began)
        .hasMessageContaining("Kafka has dropped records of " + stream + "/0 that it needs")
        .hasMessageEndingWith("no commit can be replayed");
  }
}
