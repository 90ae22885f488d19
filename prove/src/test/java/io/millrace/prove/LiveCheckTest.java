package io.millrace.prove;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.DataDirectory;
import io.millrace.core.Meters;
import io.millrace.event.EventHeaders;
import io.millrace.event.LiveRow;
import io.millrace.event.LiveRow.Version;
import io.millrace.lake.Lake;
import io.millrace.lake.LedgerEntry.Corrected;
import io.millrace.live.LiveStream;
import io.millrace.live.LiveValues;
import io.millrace.project.ProjectReader;
import io.millrace.testkit.Broker;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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

/** Live values of five payments, each under its id, and what may become of them. */
class LiveCheckTest {

  @TempDir static Path brokerFolder;
  private static Broker broker;

  @TempDir Path folder;
  private PlayedStream stream;
  private Lake lake;
  private LiveValues values;
  private LiveStream live;
  private KafkaProducer<byte[], byte[]> producer;

  @BeforeAll
  static void startBroker() {
    broker = Broker.start(brokerFolder);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void fill() throws Exception {
    stream = new PlayedStream(folder, broker.bootstrapServers());
    stream.evolve("live: id\n" + PlayedStream.CONTRACT);
    Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (Admin admin = Admin.create(kafka)) {
      String topic = stream.contract().liveTopic();
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }
    producer = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer());
    stream.send(0, 5);
    stream.commit();
    DataDirectory data = DataDirectory.of(folder);
    lake = Lake.open(data);
    values =
        new LiveValues(
            ProjectReader.load(folder), data, lake, broker.bootstrapServers(), new Meters());
    values.start();
    live = values.find(stream.name()).orElseThrow();
    assertThat(live.refill(Duration.ofMinutes(1))).isTrue();
  }

  @AfterEach
  void close() {
    values.close();
    lake.close();
    producer.close();
    stream.close();
  }

  private final List<Breach> breaches = new ArrayList<>();

  private LiveProof prove() {
    breaches.clear();
    DataDirectory data = DataDirectory.of(folder);
    try (Topics topics = new Topics(broker.bootstrapServers())) {
      return new LiveCheck(live, lake, data.metadata(), InstantSource.system(), topics)
          .prove(breaches);
    }
  }

  private List<String> sentences() {
    return breaches.stream()
        .map(it -> it.kind() + " " + it.sentence().replace(stream.name(), "pay"))
        .toList();
  }

  /** Tells live values that a payment has another amount, at an offset of the stream's topic. */
  private void tell(int payment, long offset, String amount) throws Exception {
    LiveRow real = live.find(new UUID(0, 0).toString()).orElseThrow();
    String key = new UUID(0, payment).toString();
    String json =
        real.json()
            .orElseThrow()
            .replace(real.key(), key)
            .replace("0.50", amount)
            .replace("\"items\":0", "\"items\":" + payment)
            .replace("\"topic_offset\":0", "\"topic_offset\":" + offset);
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(stream.contract().liveTopic(), bytes(key), bytes(json));
    ByteBuffer version = ByteBuffer.allocate(Version.BYTES);
    new Version(real.version().eventTimeMicros(), 0, offset).write(version);
    record.headers().add(EventHeaders.LIVE_VERSION, version.array());
    producer.send(record).get();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void rowsOfBronzeAreProvenAndHaveAFingerprint() throws Exception {
    LiveProof proof = prove();
    assertThat(proof.keys()).isEqualTo(5);
    assertThat(proof.fingerprint()).hasSize(16);
    assertThat(sentences()).isEmpty();

    tell(5, 5, "5.50");
    assertThat(prove()).isEqualTo(new LiveProof(false, 5, proof.fingerprint(), 1));
    stream.send(5, 6);
    stream.commit();
    assertThat(prove().keys()).isEqualTo(6);
    assertThat(sentences()).isEmpty();
  }

  @Test
  void aRowThatIsNotThereIsNamed() {
    stream.send(5, 6);
    stream.commit();
    assertThat(prove().keys()).isEqualTo(5);
    assertThat(sentences())
        .containsExactly("MISSING live values lack the newest rows of bronze, at offsets pay/0: 5");
  }

  @Test
  void aRowThatBronzeDoesNotHaveIsNamed() throws Exception {
    tell(99, 5, "1.00");
    stream.send(5, 6);
    stream.commit();
    tell(5, 5, "5.50");
    assertThat(prove().keys()).isEqualTo(6);
    assertThat(sentences())
        .containsExactly("EXTRA live values have rows that are not in bronze, at offsets pay/0: 5");
  }

  @Test
  void aRowWithAnotherValueIsNamed() throws Exception {
    tell(5, 5, "5.51");
    stream.send(5, 6);
    stream.commit();
    prove();
    assertThat(sentences())
        .containsExactly("CHANGED live values have other values than bronze, at offsets pay/0: 5");
  }

  @Test
  void afterACorrectionTheyAreFilledAnewBeforeTheyAreCompared() {
    stream.correct(new Corrected(1, 1), 3, PlayedStream.payment(70));
    LiveProof proof = prove();
    assertThat(sentences()).isEmpty();
    assertThat(proof.keys()).isEqualTo(5);
    assertThat(live.find(new UUID(0, 70).toString())).isPresent();
    assertThat(live.find(new UUID(0, 3).toString())).isEmpty();
  }
}
