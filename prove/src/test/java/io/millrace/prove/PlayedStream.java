package io.millrace.prove;

import io.millrace.core.DataDirectory;
import io.millrace.core.Row;
import io.millrace.core.TableName;
import io.millrace.core.ValueRow;
import io.millrace.engine.DuckDbEngine;
import io.millrace.engine.DuckDbSqlReader;
import io.millrace.engine.Limits;
import io.millrace.event.EventDecoder;
import io.millrace.event.EventHeaders;
import io.millrace.event.Protection;
import io.millrace.event.StoredRow;
import io.millrace.event.Verdict;
import io.millrace.lake.Commits;
import io.millrace.lake.Erasures;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger;
import io.millrace.lake.LedgerEntry;
import io.millrace.lake.LedgerEntry.Corrected;
import io.millrace.lake.LedgerEntry.Range;
import io.millrace.lake.Load;
import io.millrace.lake.LoadedFile;
import io.millrace.lake.RowEraser;
import io.millrace.lake.Schemas;
import io.millrace.lake.TableWriter;
import io.millrace.live.LiveValues;
import io.millrace.project.Field;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.Settings;
import io.millrace.project.StreamContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.LongPredicate;
import org.apache.iceberg.DataFile;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A stream of payments on a real broker, with this in the place of the collector and of the stream
 * job: it counts what it sent, and commits what it reads, one entry of the ledger at a time.
 */
final class PlayedStream implements AutoCloseable {

  static final String CONTRACT =
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
        amount: decimal(12,2)
        until: timestamp
        items: int
        tags: {type: list, element: string}
      """;

  private static final Instant RECEIVED = Instant.parse("2026-03-01T12:00:00Z");

  private final Path folder;
  private final String bootstrapServers;
  private final String name;
  private final DataDirectory data;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Set<UUID> ids = new HashSet<>();
  private final Map<String, Long> next = new TreeMap<>();
  private final Commits commits;
  private final Lake lake;
  private final DuckDbSqlReader sql = new DuckDbSqlReader();
  private final DuckDbEngine engine;
  private Project project;
  private Prover prover;

  PlayedStream(Path folder, String bootstrapServers) {
    this.folder = folder;
    this.bootstrapServers = bootstrapServers;
    this.name = "pay_" + UUID.randomUUID().toString().substring(0, 8);
    this.data = DataDirectory.of(folder);
    this.lake = Lake.open(data);
    this.commits = new Commits(Lake.open(data), Ledger.open(data.metadata()), Clock.systemUTC());
    this.engine =
        new DuckDbEngine(
            lake,
            data,
            Collections.emptySortedMap(),
            Limits.of(Settings.DEFAULTS),
            data.temporary("test"));
    evolve(CONTRACT);
    makeTopics();
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** From now on the stream has this contract, and a new prover with it. */
  void evolve(String contract) {
    try {
      Files.createDirectories(folder.resolve("streams"));
      Files.writeString(folder.resolve("millrace.yaml"), "name: shop\n");
      Files.writeString(folder.resolve("streams/" + name + ".yaml"), contract);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    project = ProjectReader.load(folder);
    lake.prepare(contract());
    restartProver();
  }

  /** Takes the rows of these offsets out of bronze, and notes them in the book of erasures. */
  void erase(LongPredicate offsets) {
    try (Erasures book = Erasures.open(data.metadata(), Clock.systemUTC())) {
      long erasure = book.begin(Set.of("0".repeat(32)), Map.of()).id();
      new RowEraser(lake, book)
          .erase(
              erasure,
              contract().bronze(),
              contract().topic(),
              columns -> {
                int offset =
                    columns.stream().map(Field::name).toList().indexOf(StreamContract.TOPIC_OFFSET);
                return row -> offsets.test(row.longAt(offset));
              });
    }
  }

  void restartProver() {
    // The project has no balances, so there is nothing to ask.
    prover =
        new Prover(
            project,
            data,
            lake,
            bootstrapServers,
            LiveValues.none(data),
            null,
            null,
            Clock.systemUTC());
  }

  void makeTopics() {
    admin(
        admin ->
            admin
                .createTopics(
                    List.of(
                        new NewTopic(name, 1, (short) 1),
                        new NewTopic(name + ".rejected", 1, (short) 1)))
                .all()
                .get());
  }

  void deleteTopics() {
    admin(admin -> admin.deleteTopics(List.of(name, name + ".rejected")).all().get());
  }

  boolean hasTopics() {
    Set<String> names = new HashSet<>();
    admin(admin -> names.addAll(admin.listTopics().names().get()));
    return names.contains(name) || names.contains(name + ".rejected");
  }

  private interface Order {
    Object give(Admin admin) throws ExecutionException, InterruptedException;
  }

  private void admin(Order order) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      order.give(admin);
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  StreamContract contract() {
    return project.contract(name);
  }

  TableName bronze() {
    return contract().bronze();
  }

  String name() {
    return name;
  }

  Lake lake() {
    return lake;
  }

  /** A payment whose id and amount are a number. */
  static String payment(int number) {
    return "{\"id\":\"%s\",\"at\":\"2026-03-01T11:59:00Z\",\"user\":\"ann\",\"amount\":%d.50,\"until\":\"9999-12-31T23:59:59.999999Z\",\"items\":%d,\"tags\":[\"a\",null]}"
        .formatted(new UUID(0, number), number, number);
  }

  /** Sends payments {@code [from, to)}. */
  void send(int from, int to) {
    for (int i = from; i < to; i++) {
      send(payment(i));
    }
  }

  /** Sends an event as the collector does, and counts it. */
  void send(String event) {
    send(name, event, Map.of());
  }

  /** Sends an event that the collector has rejected. */
  void sendRejected(String event) {
    send(
        name + ".rejected",
        event,
        Map.of(EventHeaders.REASON, "bad_json", EventHeaders.DETAIL, "cut off"));
  }

  private void send(String topic, String event, Map<String, String> headers) {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, ValueRow.utf8(event));
    record.headers().add(EventHeaders.RECEIVED, bytes(RECEIVED));
    headers.forEach((header, value) -> record.headers().add(header, ValueRow.utf8(value)));
    try {
      long offset = producer.send(record).get().offset();
      sql(
          "CREATE TABLE IF NOT EXISTS acknowledged (topic TEXT, partition INTEGER, events INTEGER,"
              + " last_offset INTEGER, PRIMARY KEY (topic, partition))",
          "INSERT INTO acknowledged VALUES ('%s', 0, 1, %d) ON CONFLICT DO UPDATE SET events = events + 1, last_offset = %d"
              .formatted(topic, offset, offset));
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Sends an event as a replay does: in a transaction, whose marker takes an offset as well.
   *
   * @param committed or else taken back
   */
  void sendInTransaction(String event, boolean committed) {
    Map<String, Object> config =
        Map.of("bootstrap.servers", bootstrapServers, "transactional.id", name + ".replay");
    try (KafkaProducer<byte[], byte[]> replay =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      replay.initTransactions();
      replay.beginTransaction();
      ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(name, ValueRow.utf8(event));
      record.headers().add(EventHeaders.RECEIVED, bytes(RECEIVED));
      var unused = replay.send(record);
      replay.flush();
      if (committed) {
        replay.commitTransaction();
      } else {
        replay.abortTransaction();
      }
    }
  }

  private static byte[] bytes(Instant instant) {
    return ByteBuffer.allocate(Long.BYTES).putLong(instant.toEpochMilli() * 1000).array();
  }

  void sql(String... statements) {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + data.metadata() + "?busy_timeout=20000");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.executeUpdate(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Commits a file of payments {@code [from, to)}, each on a line, and of a blank line. */
  LedgerEntry load(int number, int from, int to) {
    WrittenRows bronze = new WrittenRows(lake, contract(), bronze());
    EventDecoder decoder = new EventDecoder(contract(), project.settings().maxEventBytes());
    StoredRow row = new StoredRow(decoder.row(), Protection.NONE);
    for (int i = from; i < to; i++) {
      byte[] json = ValueRow.utf8(payment(i));
      decoder.decode(json, 0, json.length, EventDecoder.AT_EVENT_TIME);
      bronze.write(row.at(decoder.receivedMicros(), -number, i - from));
    }
    int rows = to - from;
    LoadedFile file = new LoadedFile(number, "file:///payments-" + number, rows, "digest" + from);
    Range lines = new Range(name, file.partition(), 0, rows + 1, rows, 0, 0, 0, 1);
    try (Ledger ledger = Ledger.open(data.metadata())) {
      ledger.propose(new Load(name, List.of(file), List.of(lines), List.of(bronze.rows())));
    }
    return commits.load(name).orElseThrow();
  }

  /** Commits what has been sent. */
  void commit() {
    commitSkipping(Set.of());
  }

  /** Commits what has been sent, and calls some offsets absent. */
  void commitSkipping(Set<Long> skipped) {
    List<Range> ranges = new ArrayList<>();
    Map<TableName, WrittenRows> written = new TreeMap<>();
    EventDecoder decoder = new EventDecoder(contract(), project.settings().maxEventBytes());
    StoredRow row = new StoredRow(decoder.row(), Protection.NONE);
    for (String topic : List.of(name, name + ".rejected")) {
      long from = next.getOrDefault(topic, 0L);
      Map<TableName, Long> counts = new TreeMap<>();
      List<ConsumerRecord<byte[], byte[]>> records = read(topic, from);
      for (ConsumerRecord<byte[], byte[]> record : records) {
        if (!skipped.contains(record.offset())) {
          TableName table = decide(record, decoder);
          counts.merge(table, 1L, Long::sum);
          written
              .computeIfAbsent(table, it -> new WrittenRows(lake, contract(), it))
              .write(
                  table.equals(TableName.rejected(name))
                      ? rejected(record)
                      : row(row, table, record));
        }
      }
      long to = records.isEmpty() ? from : records.get(records.size() - 1).offset() + 1;
      if (to > from) {
        ranges.add(range(topic, from, to, counts));
        next.put(topic, to);
      }
    }
    commits.commit(name, 1, ranges, written.values().stream().map(WrittenRows::rows).toList());
  }

  private Range range(String topic, long from, long to, Map<TableName, Long> counts) {
    long found = counts.values().stream().mapToLong(Long::longValue).sum();
    return new Range(
        topic,
        0,
        from,
        to,
        counts.getOrDefault(bronze(), 0L),
        counts.getOrDefault(TableName.rejected(name), 0L),
        counts.getOrDefault(TableName.repeated(name), 0L),
        counts.getOrDefault(TableName.late(name), 0L),
        to - from - found);
  }

  private List<ConsumerRecord<byte[], byte[]>> read(String topic, long from) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (Topics topics = new Topics(bootstrapServers)) {
      topics
          .extents(List.of(topic))
          .forEach((key, extent) -> topics.forEach(key, from, extent.end(), records::add));
    }
    return records;
  }

  private TableName decide(ConsumerRecord<byte[], byte[]> record, EventDecoder decoder) {
    long received =
        ByteBuffer.wrap(record.headers().lastHeader(EventHeaders.RECEIVED).value()).getLong();
    if (!record.topic().equals(name)
        || decoder.decode(record.value(), 0, record.value().length, received) != Verdict.ACCEPTED) {
      return TableName.rejected(name);
    }
    if (!ids.add(new UUID(decoder.idHigh(), decoder.idLow()))) {
      return TableName.repeated(name);
    }
    return received - decoder.eventTimeMicros() > contract().lateness().toMillis() * 1000
        ? TableName.late(name)
        : bronze();
  }

  private Row row(StoredRow row, TableName table, ConsumerRecord<byte[], byte[]> record) {
    String reason = table.equals(TableName.late(name)) ? "late" : "repeated";
    return row.at(RECEIVED.toEpochMilli() * 1000, record.partition(), record.offset())
        .because(reason.getBytes(StandardCharsets.UTF_8));
  }

  private static Row rejected(ConsumerRecord<byte[], byte[]> record) {
    return ValueRow.of(
        ValueRow.utf8("bad_json"),
        ValueRow.utf8(""),
        ValueRow.utf8("cut off"),
        record.value(),
        RECEIVED.toEpochMilli() * 1000,
        1L,
        ValueRow.utf8(record.topic()),
        (long) record.partition(),
        record.offset());
  }

  /** Writes a bronze file as no stream would: events that follow each other from an offset. */
  DataFile foreignFile(long firstOffset, List<String> events) {
    EventDecoder decoder = new EventDecoder(contract(), project.settings().maxEventBytes());
    StoredRow row = new StoredRow(decoder.row(), Protection.NONE);
    TableWriter writer = new TableWriter(lake.load(bronze()), Schemas.bronze(contract()));
    long offset = firstOffset;
    for (String event : events) {
      byte[] json = ValueRow.utf8(event);
      long received = RECEIVED.toEpochMilli() * 1000;
      if (decoder.decode(json, 0, json.length, received) != Verdict.ACCEPTED) {
        throw new IllegalArgumentException(event);
      }
      writer.write(row.at(received, 0, offset++));
    }
    return writer.complete().get(0);
  }

  /**
   * Commits a correction of bronze: in the place of one event, another at the same offset.
   *
   * @param corrects commits that have accepted each of their offsets
   */
  LedgerEntry correct(Corrected corrects, long offset, String event) {
    EventDecoder decoder = new EventDecoder(contract(), project.settings().maxEventBytes());
    byte[] json = ValueRow.utf8(event);
    long received = RECEIVED.toEpochMilli() * 1000;
    decoder.decode(json, 0, json.length, received);
    Row corrected = new StoredRow(decoder.row(), Protection.NONE).at(received, 0, offset);
    new PlayedCorrection(contract(), lake, data).propose(corrects, offset, corrected);
    return commits.correct(name).orElseThrow();
  }

  Proof prove(Depth depth) {
    return prover.prove(name, depth);
  }

  /** What does not hold, with what differs from run to run left out. */
  List<String> complaints(Depth depth) {
    return prove(depth).streams().get(0).breaches().stream()
        .map(
            breach ->
                breach.kind()
                    + ": "
                    + breach
                        .sentence()
                        .replace(name, "pay")
                        .replaceAll("snapshot \\d+", "snapshot N")
                        .replaceAll("/\\S+\\.parquet", "FILE"))
        .toList();
  }

  @Override
  public void close() {
    producer.close();
    commits.close();
    engine.close();
    sql.close();
    lake.close();
  }
}
