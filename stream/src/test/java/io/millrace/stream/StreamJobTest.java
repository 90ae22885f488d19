package io.millrace.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.DataDirectory;
import io.millrace.core.Incident;
import io.millrace.core.Incidents;
import io.millrace.core.MetadataDatabase;
import io.millrace.core.Row;
import io.millrace.core.TableName;
import io.millrace.event.LiveRows;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger;
import io.millrace.lake.LedgerEntry;
import io.millrace.lake.Schemas;
import io.millrace.lake.TableReader;
import io.millrace.project.Field;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.testkit.Broker;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.iceberg.Table;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job on a real broker and real tables. */
class StreamJobTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int CHECKPOINT_INTERVAL_MS = 200;
  private static final int ID = 0;
  private static final int USER = 2;
  private static final String CONTRACT =
      """
      key: user
      live: user
      event_id: id
      event_time: at
      lateness: 10m
      session_gap: 5m
      topic_partitions: 2
      fields:
        id: {type: uuid, required: true}
        at: {type: timestamp, required: true}
        user: {type: string, required: true}
        amount: decimal(12,2)
      """;

  @TempDir static Path brokerFolder;
  private static Broker broker;

  @TempDir Path folder;
  private Project project;
  private DataDirectory data;
  private Lake lake;
  private KafkaProducer<byte[], byte[]> producer;
  private Optional<JobClient> job = Optional.empty();

  @BeforeAll
  static void startBroker() {
    broker = Broker.start(brokerFolder);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void makeProject() throws Exception {
    // A topic of its own for each test: the broker is shared.
    String stream = "pay_" + UUID.randomUUID().toString().substring(0, 8);
    Files.createDirectories(folder.resolve("streams"));
    Files.writeString(folder.resolve("millrace.yaml"), "name: shop\n");
    Files.writeString(folder.resolve("streams/" + stream + ".yaml"), CONTRACT);
    project = ProjectReader.load(folder);
    data = DataDirectory.of(folder);
    lake = Lake.open(data);
    lake.prepare(project.streams().get(stream));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin
          .createTopics(
              List.of(topic(stream, 2), topic(stream + ".rejected", 1), topic(stream + ".live", 2)))
          .all()
          .get();
    }
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  private static NewTopic topic(String name, int partitions) {
    return new NewTopic(name, partitions, (short) 1)
        .configs(Map.of("message.timestamp.type", "LogAppendTime"));
  }

  @AfterEach
  void stop() throws Exception {
    kill();
    producer.close();
    lake.close();
  }

  private String stream() {
    return project.streams().firstKey();
  }

  private void start() throws Exception {
    StreamExecutionEnvironment environment =
        StreamMain.environment(project, data, broker.bootstrapServers());
    environment.enableCheckpointing(CHECKPOINT_INTERVAL_MS);
    job = Optional.of(environment.executeAsync("test"));
  }

  /** Cancels without a last checkpoint: what a crash leaves behind. */
  private void kill() throws Exception {
    if (job.isPresent()) {
      job.get().cancel().get();
      await().atMost(LIMIT).until(() -> job.get().getJobExecutionResult().isDone());
      job = Optional.empty();
    }
  }

  private void send(String... events) throws Exception {
    List<Future<?>> sent = new ArrayList<>();
    for (String event : events) {
      byte[] value = event.getBytes(StandardCharsets.UTF_8);
      byte[] key = event.contains("ann") ? new byte[] {1} : new byte[] {2};
      sent.add(producer.send(new ProducerRecord<>(stream(), key, value)));
    }
    for (Future<?> future : sent) {
      future.get();
    }
  }

  private static String payment(UUID id, String user, Instant at) {
    return "{\"id\":\"%s\",\"at\":\"%s\",\"user\":\"%s\",\"amount\":12.50}"
        .formatted(id, at.truncatedTo(ChronoUnit.MICROS), user);
  }

  private static String payment(String user) {
    return payment(UUID.randomUUID(), user, Instant.now());
  }

  private List<Row> rows(TableName name) {
    List<Field> columns = Schemas.tables(project.streams().get(stream())).get(name);
    Table table = lake.load(name);
    List<Row> read = new ArrayList<>();
    if (table.currentSnapshot() != null) {
      TableReader.forEach(table, table.currentSnapshot().snapshotId(), columns, read::add);
    }
    return read;
  }

  private static String text(Row row, int position) {
    return new String(row.bytesAt(position), StandardCharsets.UTF_8);
  }

  private static UUID id(Row row) {
    ByteBuffer bytes = ByteBuffer.wrap(row.bytesAt(ID));
    return new UUID(bytes.getLong(), bytes.getLong());
  }

  private void awaitTaken(long records) {
    await().atMost(LIMIT).until(() -> taken() >= records);
  }

  private long taken() {
    return entries().stream()
        .flatMap(entry -> entry.ranges().stream())
        .mapToLong(range -> range.to() - range.from())
        .sum();
  }

  private List<LedgerEntry> entries() {
    try (Ledger ledger = Ledger.open(data.metadata())) {
      return ledger.after(stream(), 0);
    }
  }

  @Test
  void eachRecordGoesToOneTable() throws Exception {
    UUID twice = UUID.randomUUID();
    start();
    send(
        payment("ann"),
        payment("bob"),
        payment(twice, "bob", Instant.now()),
        payment(twice, "bob", Instant.now()),
        payment(UUID.randomUUID(), "ann", Instant.now().minus(Duration.ofHours(1))),
        "{\"id\":12}",
        "half a {");
    awaitTaken(7);

    assertThat(rows(TableName.bronze(stream())))
        .extracting(row -> text(row, USER))
        .containsExactlyInAnyOrder("ann", "bob", "bob");
    assertThat(rows(TableName.repeated(stream())))
        .singleElement()
        .satisfies(row -> assertThat(id(row)).isEqualTo(twice))
        .satisfies(row -> assertThat(text(row, row.size() - 1)).isEqualTo("repeated"));
    assertThat(rows(TableName.late(stream())))
        .singleElement()
        .satisfies(row -> assertThat(text(row, USER)).isEqualTo("ann"));
    assertThat(rows(TableName.rejected(stream())))
        .extracting(row -> text(row, 0))
        .containsExactlyInAnyOrder("wrong_type", "bad_json");
    assertThat(entries())
        .allSatisfy(entry -> assertThat(entry.ranges()).allMatch(LedgerEntry.Range::balances));
    requireToldRowsAreThoseOfBronze();
  }

  private void requireToldRowsAreThoseOfBronze() {
    LiveRows rows =
        new LiveRows(project.contract(stream()), Schemas.bronze(project.contract(stream())));
    assertThat(ToldRows.on(broker.bootstrapServers(), stream() + ".live"))
        .containsExactlyInAnyOrderElementsOf(
            rows(TableName.bronze(stream())).stream().map(rows::of).toList());
  }

  @Test
  void aCrashLosesNothingAndRepeatsNothing() throws Exception {
    UUID beforeCrash = UUID.randomUUID();
    start();
    send(payment(beforeCrash, "ann", Instant.now()), payment("bob"));
    awaitTaken(2);
    for (int crash = 0; crash < 3; crash++) {
      send(payment("ann"), payment("bob"));
      kill();
      send(payment("ann"));
      start();
    }
    send(payment(beforeCrash, "ann", Instant.now()));
    awaitTaken(12);

    assertThat(rows(TableName.bronze(stream())))
        .extracting(StreamJobTest::id)
        .hasSize(11)
        .doesNotHaveDuplicates();
    assertThat(rows(TableName.repeated(stream()))).hasSize(1);
    assertThat(taken()).isEqualTo(12);
    requireToldRowsAreThoseOfBronze();
  }

  @Test
  void anEventKnowsItsSessionAlsoAfterACrash() throws Exception {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    Instant first = now.minus(Duration.ofMinutes(9));
    Instant bobs = now.minus(Duration.ofMinutes(6));
    start();
    send(payment(UUID.randomUUID(), "ann", first), payment(UUID.randomUUID(), "bob", bobs));
    awaitTaken(2);
    kill();
    start();
    // Out of order: the one in between is no more than the gap away from the first.
    Instant second = first.plus(Duration.ofMinutes(4));
    send(payment(UUID.randomUUID(), "ann", second), payment(UUID.randomUUID(), "ann", bobs));
    awaitTaken(4);
    kill();
    RestorePoint.forget(data.checkpoints());
    start();
    send(payment(UUID.randomUUID(), "ann", now.plusSeconds(60)));
    send(payment(UUID.randomUUID(), "bob", now.minusSeconds(90)));
    awaitTaken(6);

    assertThat(rows(TableName.bronze(stream())))
        .extracting(row -> text(row, USER) + " " + micros(row.longAt(row.size() - 1)))
        .containsExactlyInAnyOrder(
            "ann " + first,
            "ann " + first,
            "ann " + first,
            "ann " + now.plusSeconds(60),
            "bob " + bobs,
            "bob " + bobs);
  }

  private static Instant micros(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  @Test
  void withoutItsCheckpointsTheJobGoesOnWhereTheLedgerEnds() throws Exception {
    UUID before = UUID.randomUUID();
    start();
    send(payment("ann"), payment(before, "bob", Instant.now()));
    awaitTaken(2);
    kill();
    RestorePoint.forget(data.checkpoints());
    send(payment("ann"), payment(before, "bob", Instant.now()));
    start();
    awaitTaken(4);

    assertThat(rows(TableName.bronze(stream()))).hasSize(3);
    assertThat(rows(TableName.repeated(stream()))).extracting(StreamJobTest::id).contains(before);
    assertThat(entries()).extracting(LedgerEntry::sequence).startsWith(1L, 2L);
  }

  @Test
  void anOlderCheckpointThanTheTablesIsCaughtUpWith() throws Exception {
    UUID twice = UUID.randomUUID();
    start();
    send(payment("ann"), payment("bob"));
    awaitTaken(2);
    kill();
    Path savepoint = folder.resolve("savepoint");
    copy(data.checkpoints(), savepoint);
    start();
    send(payment(twice, "ann", Instant.now()), payment("bob"));
    awaitTaken(4);
    kill();

    RestorePoint.forget(data.checkpoints());
    copy(savepoint, data.checkpoints());
    send(payment("ann"), payment(twice, "ann", Instant.now()));
    start();
    awaitTaken(6);

    assertThat(rows(TableName.bronze(stream())))
        .extracting(StreamJobTest::id)
        .hasSize(5)
        .doesNotHaveDuplicates();
    assertThat(rows(TableName.repeated(stream()))).extracting(StreamJobTest::id).contains(twice);
    assertThat(taken()).isEqualTo(6);
  }

  @Test
  void olderTablesThanTheCheckpointAreFilledFromWhereTheyEnd() throws Exception {
    UUID twice = UUID.randomUUID();
    start();
    send(payment("ann"), payment(twice, "bob", Instant.now()));
    awaitTaken(2);
    kill();
    Path backup = folder.resolve("backup.db");
    try (Connection connection = MetadataDatabase.open(data.metadata());
        Statement statement = connection.createStatement()) {
      statement.execute("VACUUM INTO '" + backup + "'");
    }
    start();
    send(payment("ann"), payment("bob"));
    awaitTaken(4);
    // One that still held their files would bring them back by itself.
    long committed = entries().get(entries().size() - 1).checkpoint();
    await()
        .atMost(LIMIT)
        .until(
            () -> RestorePoint.newest(data.checkpoints()).orElseThrow().checkpoint() > committed);
    kill();

    lake.close();
    for (String file : List.of("", "-wal", "-shm")) {
      Files.deleteIfExists(Path.of(data.metadata() + file));
    }
    Files.copy(backup, data.metadata());
    lake = Lake.open(data);
    send(payment(twice, "bob", Instant.now()));
    start();
    assertThat(failure()).get().asString().contains("they were put back to an earlier state");

    RestorePoint.forget(data.checkpoints());
    start();
    awaitTaken(5);
    assertThat(rows(TableName.bronze(stream())))
        .extracting(StreamJobTest::id)
        .hasSize(4)
        .doesNotHaveDuplicates();
    assertThat(rows(TableName.repeated(stream()))).extracting(StreamJobTest::id).contains(twice);
  }

  /** Why the job has ended by itself. */
  private Optional<Throwable> failure() throws Exception {
    try {
      var unused = job.orElseThrow().getJobExecutionResult().get(60, TimeUnit.SECONDS);
      return Optional.empty();
    } catch (ExecutionException e) {
      job = Optional.empty();
      return StreamMain.putBack(e);
    }
  }

  @Test
  void waitsWhileTheLakeTakesNothingAndSaysSo() throws Exception {
    start();
    send(payment("ann"));
    awaitTaken(1);
    Path metadata = Path.of(lake.load(TableName.bronze(stream())).location()).resolve("metadata");
    Path away = metadata.resolveSibling("away");
    try (Incidents incidents = Incidents.open(data.metadata(), InstantSource.system())) {
      Files.move(metadata, away);
      send(payment("bob"), payment("bob"));
      await().atMost(LIMIT).until(() -> !incidents.goingOn().isEmpty());
      Incident incident = incidents.goingOn().get(0);
      assertThat(incident.asset()).isEqualTo("bronze." + stream());
      assertThat(incident.cause()).startsWith("the lake does not take a commit: ");
      send(payment("ann"));

      Files.move(away, metadata);
      awaitTaken(4);
      assertThat(incidents.goingOn()).isEmpty();
      assertThat(incidents.recent(10)).hasSize(1);
    }
    assertThat(rows(TableName.bronze(stream())))
        .extracting(StreamJobTest::id)
        .hasSize(4)
        .doesNotHaveDuplicates();
  }

  @Test
  void sealsChainFromTheFirstEntry() throws Exception {
    start();
    for (int i = 1; i <= 3; i++) {
      send(payment("ann"));
      awaitTaken(i);
    }

    String previous = LedgerEntry.NO_SEAL;
    for (LedgerEntry entry : entries()) {
      assertThat(entry.seal()).isEqualTo(entry.sealOver(previous));
      previous = entry.seal();
    }
  }

  private static void copy(Path from, Path to) throws Exception {
    try (var paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }
}
