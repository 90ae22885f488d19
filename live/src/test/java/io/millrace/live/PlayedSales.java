package io.millrace.live;

import io.millrace.core.DataDirectory;
import io.millrace.core.Row;
import io.millrace.core.ValueRow;
import io.millrace.event.EventHeaders;
import io.millrace.event.LiveRow;
import io.millrace.event.LiveRow.Version;
import io.millrace.event.LiveRows;
import io.millrace.lake.Commits;
import io.millrace.lake.Commits.NewRows;
import io.millrace.lake.Fingerprint;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger;
import io.millrace.lake.LedgerEntry.Range;
import io.millrace.lake.Schemas;
import io.millrace.lake.TableWriter;
import io.millrace.project.Field;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.StreamContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.Table;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A stream of sales with this in the place of the stream job: it commits rows, and tells of them.
 */
final class PlayedSales implements AutoCloseable {

  private static final String CONTRACT =
      """
      key: customer
      live: customer
      event_id: id
      event_time: at
      topic_partitions: 1
      fields:
        id: {type: uuid, required: true}
        at: {type: timestamp, required: true}
        customer: {type: string, required: true}
      """;

  private final String kafka;
  private final KafkaProducer<byte[], byte[]> producer;
  private final StreamContract contract;
  private final Commits commits;
  private final List<Field> columns;
  private long checkpoint;

  final DataDirectory data;
  final Lake lake;
  final Project project;

  PlayedSales(Path folder, String kafka) throws Exception {
    this.kafka = kafka;
    String stream = "sales_" + UUID.randomUUID().toString().substring(0, 8);
    write(folder.resolve("millrace.yaml"), "name: shop\n");
    write(folder.resolve("streams/" + stream + ".yaml"), CONTRACT);
    project = ProjectReader.load(folder);
    contract = project.contract(stream);
    data = DataDirectory.of(folder);
    lake = Lake.open(data);
    lake.prepare(contract);
    commits = new Commits(Lake.open(data), Ledger.open(data.metadata()), Clock.systemUTC());
    columns = Schemas.bronze(contract);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
      admin.createTopics(List.of(new NewTopic(contract.liveTopic(), 1, (short) 1))).all().get();
    }
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  String name() {
    return contract.name();
  }

  /** The row of a sale, as bronze has it. */
  Row sale(String customer, long time, long offset) {
    byte[] id = ByteBuffer.allocate(16).putLong(0).putLong(offset).array();
    return ValueRow.of(id, time, ValueRow.utf8(customer), time, 0L, offset);
  }

  LiveRow live(Row row) {
    return new LiveRows(contract, columns).of(row);
  }

  /** Commits rows, which account for offsets up to one. */
  void commit(long from, long to, Row... rows) {
    Table bronze = lake.load(contract.bronze());
    Fingerprint of = Fingerprint.over(bronze, columns);
    long fingerprint = 0;
    try (TableWriter writer = new TableWriter(bronze, columns)) {
      for (Row row : rows) {
        writer.write(row);
        fingerprint += of.of(row);
      }
      long rejected = to - from - rows.length;
      commits.commit(
          contract.name(),
          ++checkpoint,
          List.of(new Range(contract.topic(), 0, from, to, rows.length, rejected, 0, 0, 0)),
          List.of(new NewRows(contract.bronze(), writer.complete(), rows.length, fingerprint)));
    }
  }

  /** Tells of rows, and says where the topic ends then. */
  Map<Integer, Long> tell(LiveRow... rows) throws Exception {
    long end = 0;
    for (LiveRow row : rows) {
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(
              contract.liveTopic(),
              bytes(row.key()),
              row.json().map(PlayedSales::bytes).orElse(null));
      ByteBuffer version = ByteBuffer.allocate(Version.BYTES);
      row.version().write(version);
      record.headers().add(EventHeaders.LIVE_VERSION, version.array());
      end = producer.send(record).get().offset() + 1;
    }
    return Map.of(0, end);
  }

  /** Writes what is no live row. */
  void tellNonsense() throws Exception {
    producer.send(new ProducerRecord<>(contract.liveTopic(), bytes("a"), bytes("b"))).get();
  }

  /** Makes the topic lose what it has before an offset. */
  void lose(long before) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
      admin
          .deleteRecords(
              Map.of(
                  new TopicPartition(contract.liveTopic(), 0),
                  RecordsToDelete.beforeOffset(before)))
          .all()
          .get();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    producer.close();
    commits.close();
    lake.close();
  }
}
