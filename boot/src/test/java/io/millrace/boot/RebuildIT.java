package io.millrace.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.collect.Topics;
import io.millrace.core.DataDirectory;
import io.millrace.core.Endpoints;
import io.millrace.core.ProcessState;
import io.millrace.project.ProjectReader;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of a project that runs, rebuilt once a contract says more. */
class RebuildIT {

  private static final int EVENTS = 30_000;
  private static final int REPEATED = 1_000;
  private static final int MEANWHILE = 500;
  private static final int REJECTED = 300;
  private static final String WITHOUT_CHANNEL =
      "SELECT count(*) FROM bronze.sales WHERE channel IS NULL";

  @TempDir Path directory;

  @Test
  void aColumnThatOldEventsCarriedIsFilledOnceAlsoIfProcessesDie() throws Exception {
    Path project = SmallShop.in(directory.resolve("shop"), "");
    Path contract = project.resolve("streams/sales.yaml");
    DataDirectory data = new DataDirectory(directory.resolve("data"));
    Instant began = Instant.now();
    try (Command up = Command.start(data, "up", project.toString()).awaitReady()) {
      for (int sent = 0; sent < EVENTS; sent += 2_000) {
        up.post("sales", sales(2_000));
      }
      String twice = sales(REPEATED);
      up.post("sales", twice);
      up.post("sales", twice);
      up.post("sales", "no event");
      assertThat(up.settled("sales").get("repeated").asLong())
          .as(up.sentAgain())
          .isEqualTo(REPEATED);
      assertThat(replay(data, "--from", began.toString()))
          .contains("bronze.sales 0 0 0 31,000")
          .endsWith("The same as in the tables: nothing to swap\n");
    }

    Files.writeString(contract, Files.readString(contract) + "  channel: string\n");
    try (Command up = Command.start(data, "up", project.toString()).awaitReady()) {
      assertThat(replay(data, "--from", began.toString(), "--plan"))
          .contains("bronze.sales 31,000", "quarantine.sales_repeated 1,000");
      assertThat(replay(data, "--from", began.toString()))
          .contains(
              "bronze.sales 0 0 31,000 0",
              "quarantine.sales_rejected 0 0 0 1",
              "quarantine.sales_repeated 0 0 1,000 0",
              "channel was null, is web")
          .endsWith("branch 'replayed' has what was rebuilt; --swap puts it in place\n");
      assertThat(up.number(WITHOUT_CHANNEL)).isEqualTo(EVENTS + REPEATED);

      ProcessState server = up.state("server");
      awaitFirstLine(up, began);
      ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly();
      await("the server is back").atMost(Command.PATIENCE).until(() -> isBack(up, server));
      assertThat(up.number(WITHOUT_CHANNEL)).isEqualTo(EVENTS + REPEATED);

      up.post("sales", sales(MEANWHILE));
      // The stream dies as well, and swaps when it is back.
      up.kill("stream");
      assertThat(replay(data, "--from", began.toString(), "--swap"))
          .contains("bronze.sales 0 0 31,000")
          .contains("Swapped: commit ");

      assertNothingLostOrTwice(up);
      assertThat(replay(data, "--from", began.toString(), "--swap"))
          .endsWith("The same as in the tables: nothing to swap\n");
    }
  }

  @Test
  void whatKafkaHasDroppedIsRebuiltFromBronzeOnceAlsoIfProcessesDie() throws Exception {
    Path project = SmallShop.in(directory.resolve("shop"), "");
    Path contract = project.resolve("streams/sales.yaml");
    DataDirectory data = new DataDirectory(directory.resolve("data"));
    Instant began = Instant.now();
    try (Command up = Command.start(data, "up", project.toString()).awaitReady()) {
      for (int sent = 0; sent < EVENTS; sent += 2_000) {
        up.post("sales", SmallShop.sales(2_000));
      }
      String twice = SmallShop.sales(REPEATED);
      up.post("sales", twice);
      up.post("sales", twice);
      sendBelowZero(data);
      await("all is in tables")
          .atMost(Command.PATIENCE)
          .until(() -> up.settled("sales").get("rejected").asLong() == REJECTED);
      dropFromKafka(data, project);
    }

    Files.writeString(contract, Files.readString(contract).replace("min: 0", "min: -100"));
    try (Command up = Command.start(data, "up", project.toString()).awaitReady()) {
      assertThat(replay(data, "--from", began.toString(), "--source", "topic"))
          .contains("Kafka has dropped records that it needs");
      assertThat(replay(data, "--from", began.toString(), "--plan"))
          .contains("bronze sales 0 ", "from the rows that tables have of them")
          .doesNotContain("topic sales");
      String differences =
          "bronze.sales 0 %d 0 31,000\nquarantine.sales_rejected %d 0 0 0\nquarantine.sales_repeated 0 0 0 1,000"
              .formatted(REJECTED, REJECTED);
      assertThat(replay(data, "--from", began.toString())).contains(differences);

      ProcessState server = up.state("server");
      awaitFirstLine(up, began);
      ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly();
      await("the server is back").atMost(Command.PATIENCE).until(() -> isBack(up, server));
      up.post("sales", SmallShop.sales(MEANWHILE));
      // The stream dies as well, and swaps when it is back.
      up.kill("stream");
      assertThat(replay(data, "--from", began.toString(), "--swap"))
          .contains(differences)
          .contains("Swapped: commit ");

      JsonNode balance = up.settled("sales");
      assertThat(balance.get("bronze").asLong())
          .as(balance.toString())
          .isEqualTo(EVENTS + REPEATED + REJECTED + MEANWHILE);
      assertThat(balance.get("rejected").asLong()).isZero();
      assertThat(up.number("SELECT count(DISTINCT id) FROM bronze.sales"))
          .isEqualTo(EVENTS + REPEATED + REJECTED + MEANWHILE);
      assertThat(up.number("SELECT count(*) FROM bronze.sales WHERE amount < 0"))
          .isEqualTo(REJECTED);
      JsonNode proof = up.get("/api/proof?full=true").orElseThrow();
      assertThat(proof.get("holds").asBoolean()).as(proof.toString()).isTrue();
      assertThat(replay(data, "--from", began.toString(), "--swap"))
          .endsWith("The same as in the tables: nothing to swap\n");
    }
  }

  /** As other producers do, whom the collector does not ask. */
  private static void sendBelowZero(DataDirectory data) {
    String kafka = Endpoints.find(data.endpoints()).orElseThrow().kafka();
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka), new StringSerializer(), new StringSerializer())) {
      SmallShop.sales(REJECTED)
          .replaceAll("\"amount\":[0-9]+", "\"amount\":-7")
          .lines()
          .forEach(
              sale -> {
                Future<RecordMetadata> unused = producer.send(new ProducerRecord<>("sales", sale));
              });
    }
  }

  /** What it does by itself once the retention is over. */
  private static void dropFromKafka(DataDirectory data, Path project) throws Exception {
    Topics topics =
        new Topics(
            Endpoints.find(data.endpoints()).orElseThrow().kafka(), ProjectReader.load(project));
    topics.deleteBefore("sales", topics.ends("sales", Command.PATIENCE), Command.PATIENCE);
  }

  private static void assertNothingLostOrTwice(Command up) throws Exception {
    JsonNode balance = up.settled("sales");
    assertThat(balance.get("bronze").asLong())
        .as(balance.toString())
        .isEqualTo(EVENTS + REPEATED + MEANWHILE);
    assertThat(balance.get("repeated").asLong()).isEqualTo(REPEATED);
    assertThat(balance.get("rejected").asLong()).isEqualTo(1);
    assertThat(up.number(WITHOUT_CHANNEL)).isZero();
    assertThat(up.number("SELECT count(DISTINCT id) FROM bronze.sales"))
        .isEqualTo(EVENTS + REPEATED + MEANWHILE);
    JsonNode proof = up.get("/api/proof?full=true").orElseThrow();
    assertThat(proof.get("holds").asBoolean()).as(proof.toString()).isTrue();
  }

  /** Sales with a field that the contract does not name at first. */
  private static String sales(int count) {
    return SmallShop.sales(count).replace("\"customer\"", "\"channel\":\"web\",\"customer\"");
  }

  private static boolean isBack(Command up, ProcessState before) throws InterruptedException {
    return up.state("server").pid() != before.pid()
        && up.get("/health").map(it -> it.get("ready").asBoolean()).orElse(false);
  }

  /** Begins a replay and leaves it running when it has read something. */
  private static void awaitFirstLine(Command up, Instant from) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(up.url() + "/api/streams/sales/replay"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"from\":\"%s\",\"swap\":true}".formatted(from)))
            .build();
    var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream());
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    assertThat(lines.readLine()).contains("\"complete\":false");
  }

  /** What {@code millrace replay} prints. */
  private static String replay(DataDirectory data, String... options) {
    List<String> all =
        new ArrayList<>(List.of("replay", "sales", "--data", data.root().toString()));
    all.addAll(List.of(options));
    return Said.by(all.toArray(String[]::new)).narrow();
  }
}
