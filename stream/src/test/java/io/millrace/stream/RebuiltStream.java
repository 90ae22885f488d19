package io.millrace.stream;

import static org.awaitility.Awaitility.await;

import io.millrace.core.DataDirectory;
import io.millrace.core.Meters;
import io.millrace.event.EventHeaders;
import io.millrace.lake.Commits;
import io.millrace.lake.Correction;
import io.millrace.lake.Erasures;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.LedgerEntry;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.StreamContract;
import io.millrace.stream.RebuiltTable.Differences;
import io.millrace.stream.ReplayPlan.Source;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;

/** A stream on a real broker and real tables, which commits and is rebuilt as a test says. */
final class RebuiltStream implements AutoCloseable {

  private final String name = "pay_" + UUID.randomUUID().toString().substring(0, 8);
  private final String kafka;
  private final Path folder;
  private final DataDirectory data;
  private final Lake lake;
  private final Ledger ledger;
  private final Commits commits;
  private final KafkaProducer<byte[], byte[]> producer;
  private final ReplayTopics topics;
  private Project project;

  /** An event as it is sent, and when it was received if it says so. */
  record Sent(Bytes event, OptionalLong receivedMicros) {}

  /** What a rebuild came to. */
  record Outcome(List<Differences> differences, Correction correction) {

    /** {@code bronze.pay -0 +1 ~2 =0} of each table. */
    List<String> counts() {
      return differences.stream()
          .map(
              it ->
                  "%s -%d +%d ~%d =%d"
                      .formatted(
                          it.table().replaceAll("pay_[0-9a-f]{8}", "pay"),
                          it.onlyOld(),
                          it.onlyNew(),
                          it.changed(),
                          it.equal()))
          .toList();
    }

    List<String> examples() {
      return differences.stream().flatMap(it -> it.examples().stream()).toList();
    }

    boolean differs() {
      return differences.stream().anyMatch(it -> it.onlyOld() + it.onlyNew() + it.changed() > 0);
    }
  }

  RebuiltStream(Path folder, String kafka, String contract) throws Exception {
    this.folder = folder;
    this.kafka = kafka;
    data = DataDirectory.of(folder);
    lake = Lake.open(data);
    evolve(contract);
    ledger = Ledger.open(data.metadata());
    commits = new Commits(Lake.open(data), Ledger.open(data.metadata()), Clock.systemUTC());
    try (Admin admin = admin()) {
      admin.createTopics(List.of(topic(name), topic(name + ".rejected"))).all().get();
    }
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    topics = new ReplayTopics(kafka);
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", kafka));
  }

  private static NewTopic topic(String name) {
    return new NewTopic(name, 1, (short) 1)
        .configs(Map.of("message.timestamp.type", "LogAppendTime"));
  }

  /** Goes by another contract from now on. */
  void evolve(String contract) throws Exception {
    Files.createDirectories(folder.resolve("streams"));
    Files.writeString(
        folder.resolve("millrace.yaml"), "name: shop\nsettings:\n  max_event: 16KB\n");
    Files.writeString(folder.resolve("streams/" + name + ".yaml"), contract);
    project = ProjectReader.load(folder);
    lake.prepare(contract());
  }

  String name() {
    return name;
  }

  StreamContract contract() {
    return project.contract(name);
  }

  DataDirectory data() {
    return data;
  }

  Lake lake() {
    return lake;
  }

  Ledger ledger() {
    return ledger;
  }

  TopicPartition partition() {
    return new TopicPartition(name, 0);
  }

  /** Sends, and commits as the job does; the time at which the broker took the first. */
  Instant commit(String... events) throws Exception {
    return commit(
        Arrays.stream(events)
            .map(
                it ->
                    new Sent(Bytes.wrap(it.getBytes(StandardCharsets.UTF_8)), OptionalLong.empty()))
            .toList());
  }

  Instant commit(List<Sent> events) throws Exception {
    List<Future<RecordMetadata>> answers = new ArrayList<>();
    for (Sent sent : events) {
      ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(name, sent.event().get());
      sent.receivedMicros()
          .ifPresent(
              it ->
                  record
                      .headers()
                      .add(
                          EventHeaders.RECEIVED,
                          ByteBuffer.allocate(Long.BYTES).putLong(it).array()));
      answers.add(producer.send(record));
    }
    long taken = answers.get(0).get().timestamp();
    long end = answers.get(answers.size() - 1).get().offset() + 1;
    try (StreamIntake intake =
        new StreamIntake(
            contract(),
            project.settings().maxEventBytes(),
            lake,
            new Meters(),
            personal(),
            Optional.empty())) {
      long from = ledger.ends(name).getOrDefault(partition(), 0L);
      PartitionIntake of =
          new PartitionIntake(
              partition(),
              intake,
              new RepeatWindow(contract().repeatWindow()),
              SessionWindow.of(contract()),
              from);
      topics.forEach(partition(), topics.begin(partition()), end, of::take);
      commits.commit(name, 1, List.of(of.takeRange().orElseThrow()), intake.takeRows());
    }
    return Instant.ofEpochMilli(taken);
  }

  private Optional<PersonalData> personal() {
    Optional<PersonalData> personal = PersonalData.of(contract(), data);
    try (Erasures erasures = erasures()) {
      personal.ifPresent(it -> it.goBy(erasures.all()));
    }
    return personal;
  }

  Erasures erasures() {
    return Erasures.open(data.metadata(), InstantSource.system());
  }

  /** What Kafka does once the retention is over. */
  void dropBefore(long offset) throws Exception {
    try (Admin admin = admin()) {
      admin
          .deleteRecords(
              Map.of(
                  new org.apache.kafka.common.TopicPartition(name, 0),
                  RecordsToDelete.beforeOffset(offset)))
          .all()
          .get();
    }
  }

  /** Waits until the broker's clock is past a time. */
  static void awaitAfter(Instant time) {
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> Instant.now().truncatedTo(ChronoUnit.MILLIS).isAfter(time));
  }

  ReplayPlan plan(Instant from) {
    return plan(from, Optional.empty());
  }

  ReplayPlan plan(Instant from, Source only) {
    return plan(from, Optional.of(only));
  }

  private ReplayPlan plan(Instant from, Optional<Source> only) {
    return ReplayPlan.of(contract(), ledger, topics, from, Optional.empty(), only).orElseThrow();
  }

  Outcome rebuild(ReplayPlan plan) {
    try (Rebuild rebuild = begin(plan)) {
      Correction correction = rebuild.run();
      return new Outcome(rebuild.differences(), correction);
    }
  }

  Rebuild begin(ReplayPlan plan) {
    return new Rebuild(
        contract(),
        project.settings().maxEventBytes(),
        plan,
        topics,
        lake,
        personal(),
        table -> {
          try (Erasures erasures = erasures()) {
            return erasures.erased(table);
          }
        },
        read -> {});
  }

  /** Puts what was rebuilt in place, as the stream does. */
  LedgerEntry swap(Outcome outcome) {
    if (!ledger.propose(outcome.correction())) {
      throw new IllegalStateException("another waits");
    }
    return commits.correct(name).orElseThrow();
  }

  @Override
  public void close() {
    topics.close();
    producer.close();
    commits.close();
    ledger.close();
    lake.close();
  }
}
