package io.millrace.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.Meters;
import io.millrace.core.Row;
import io.millrace.event.EventDecoder;
import io.millrace.event.EventHeaders;
import io.millrace.event.Verdict;
import io.millrace.lake.Fingerprint;
import io.millrace.lake.Ledger;
import io.millrace.lake.LedgerEntry;
import io.millrace.lake.LedgerEntry.Range;
import io.millrace.lake.Load;
import io.millrace.project.Field;
import io.millrace.project.StreamContract;
import io.millrace.testkit.Broker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same lines through the stream from a real topic, and from files beside it. */
class BulkSameAsStreamTest {

  private static final String CONTRACT =
      """
      key: user
      event_id: id
      event_time: at
      lateness: 10m
      topic_partitions: 1
      partition: day(at)
      fields:
        id: {type: uuid, required: true}
        at: {type: timestamp, required: true}
        user: {type: string, required: true%s}
        email: {type: string%s}
        amount: decimal(12,2)
        items: {type: int, min: 0, max: 1000000000}
        ratio: double
        born: date
        tags: {type: list, element: string}
        place: {type: struct, fields: {city: {type: string, required: true}, zip: long}}
      """;

  private static final long NOW_MICROS = 1_790_000_000_000_000L;
  private static final int LINES = 4_000;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  @TempDir static Path brokerFolder;
  private static Broker broker;

  @TempDir Path folder;
  private final String sent = "sent_" + UUID.randomUUID().toString().substring(0, 8);
  private final String loaded = "loaded_" + UUID.randomUUID().toString().substring(0, 8);

  @BeforeAll
  static void startBroker() {
    broker = Broker.start(brokerFolder);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  /** A row as a person reads it, with a hash of all of it, but for where it came from. */
  private record Told(int file, long place, String values) {}

  @Test
  void rowsAndRejectsAreTheSame() throws Exception {
    requireSame(1, CONTRACT.formatted("", ""));
  }

  @Test
  void rowsOfPeopleAreTheSame() throws Exception {
    requireSame(2, CONTRACT.formatted(", pii: pseudonym", ", pii: mask"));
  }

  private void requireSame(long seed, String contract) throws Exception {
    LoadedProject project = new LoadedProject(folder, broker, contract, List.of(sent, loaded));
    try {
      List<byte[]> lines = new TortureLines(seed, project.contract(sent)).next(LINES);
      project.start();
      long events = send(project, lines);
      load(project, files(lines));
      await().atMost(LoadedProject.LIMIT).until(() -> taken(project) == events);
      await().atMost(LoadedProject.LIMIT).until(() -> !project.entries(loaded).isEmpty());

      LedgerEntry entry = project.entries(loaded).get(0);
      assertThat(entry.ranges()).allMatch(Range::balances);
      assertThat(entry.ranges().stream().mapToLong(Range::to).sum()).isEqualTo(LINES);
      assertThat(entry.ranges().stream().mapToLong(Range::absent).sum()).isEqualTo(LINES - events);
      for (Outcome outcome : List.of(Outcome.ACCEPTED, Outcome.REJECTED, Outcome.REPEATED)) {
        assertThat(told(project, outcome, loaded))
            .as(outcome + " rows")
            .isNotEmpty()
            .isEqualTo(told(project, outcome, sent));
      }
      assertThat(told(project, Outcome.LATE, sent)).isEmpty();
      assertThat(told(project, Outcome.LATE, loaded)).isEmpty();
    } finally {
      project.end();
    }
  }

  private long taken(LoadedProject project) {
    return project.entries(sent).stream()
        .flatMap(entry -> entry.ranges().stream())
        .mapToLong(range -> range.to() - range.from())
        .sum();
  }

  /** Sends lines as the collector does with history; it takes blank ones for no events. */
  private long send(LoadedProject project, List<byte[]> lines) throws Exception {
    EventDecoder decoder =
        new EventDecoder(project.contract(sent), project.project().settings().maxEventBytes());
    List<Future<?>> answers = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", project.kafka()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (byte[] line : lines) {
        byte[] event = trimmed(line);
        if (event.length > 0) {
          boolean accepted =
              decoder.decode(event, 0, event.length, EventDecoder.AT_EVENT_TIME)
                  instanceof Verdict.Accepted;
          long received = accepted ? decoder.receivedMicros() : NOW_MICROS;
          ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(sent, event);
          record
              .headers()
              .add(
                  EventHeaders.RECEIVED, ByteBuffer.allocate(Long.BYTES).putLong(received).array());
          answers.add(producer.send(record));
        }
      }
      for (Future<?> answer : answers) {
        answer.get();
      }
    }
    return answers.size();
  }

  private static byte[] trimmed(byte[] line) {
    int from = 0;
    int to = line.length;
    while (from < to && " \t\r".indexOf(line[from]) >= 0) {
      from++;
    }
    while (to > from && " \t\r".indexOf(line[to - 1]) >= 0) {
      to--;
    }
    return Arrays.copyOfRange(line, from, to);
  }

  /** A file with a byte order mark, one that is compressed, and one without a last newline. */
  private List<LoadFile> files(List<byte[]> lines) throws IOException {
    int third = lines.size() / 3;
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    first.write(BYTE_ORDER_MARK);
    first.write(text(lines.subList(0, third), "\r\n"));
    ByteArrayOutputStream second = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(second)) {
      out.write(text(lines.subList(third, 2 * third), "\n"));
    }
    byte[] last = text(lines.subList(2 * third, lines.size()), "\n");
    boolean cut = last[last.length - 2] != '\n';
    List<LoadFile> files = new ArrayList<>();
    files.add(file("1.ndjson", first.toByteArray()));
    files.add(file("2.ndjson.gz", second.toByteArray()));
    files.add(file("3.ndjson", cut ? Arrays.copyOf(last, last.length - 1) : last));
    return files;
  }

  private LoadFile file(String name, byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve(name), bytes);
    return new LoadFile(file, file.toUri().toString(), bytes.length);
  }

  private static byte[] text(List<byte[]> lines, String newline) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (byte[] line : lines) {
      text.writeBytes(line);
      text.writeBytes(newline.getBytes(UTF_8));
    }
    return text.toByteArray();
  }

  private void load(LoadedProject project, List<LoadFile> files) throws Exception {
    StreamContract contract = project.contract(loaded);
    try (BulkLoad bulk =
            new BulkLoad(
                contract,
                files,
                1,
                NOW_MICROS,
                new BulkLoad.Limits(3, 4_096),
                () ->
                    new StreamIntake(
                        contract,
                        project.project().settings().maxEventBytes(),
                        project.lake(),
                        new Meters(),
                        PersonalData.of(contract, project.data()),
                        Optional.empty()));
        Ledger ledger = Ledger.open(project.data().metadata())) {
      Load load = bulk.run();
      assertThat(ledger.propose(load)).isTrue();
    }
  }

  /** In the order they came. */
  private static List<String> told(LoadedProject project, Outcome outcome, String stream) {
    StreamContract contract = project.contract(stream);
    return project.rows(outcome.table(contract), contract, BulkSameAsStreamTest::told).stream()
        .sorted(Comparator.comparingInt(Told::file).thenComparingLong(Told::place))
        .map(Told::values)
        .toList();
  }

  /** The columns before those that say where a row came from. */
  private static Told told(List<Field> columns, Row row) {
    List<String> names = columns.stream().map(Field::name).toList();
    int partition = names.indexOf(StreamContract.TOPIC_PARTITION);
    List<Field> said = columns.subList(0, names.contains("topic") ? partition - 1 : partition);
    return new Told(
        -(int) row.longAt(partition),
        row.longAt(partition + 1),
        RowText.of(said, row) + " " + Fingerprint.over(said).of(row));
  }
}
