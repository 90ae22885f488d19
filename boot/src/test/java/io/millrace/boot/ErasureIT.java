package io.millrace.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.DataDirectory;
import io.millrace.core.Endpoints;
import io.millrace.core.ProcessState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person of a project that runs, before and after being erased from it. */
class ErasureIT {

  private static final int SALES = 400;

  @TempDir Path directory;

  @Test
  void nothingTellsOfAPersonWhoWasErasedAndTheBalanceHolds() throws Exception {
    Path project = shop();
    DataDirectory data = new DataDirectory(directory.resolve("data"));
    try (Command up = Command.start(data, "up", project.toString()).awaitReady()) {
      post(up);
      String before = up.text("SELECT max(customer) FROM bronze.sales WHERE amount = 3.25");
      assertThat(before).hasSize(32);
      assertThat(everything(up)).doesNotContain("\"c3\"", "203.0.113.7\"").contains(before);
      assertThat(topic(data, "sales")).contains("\"c3\"");
      assertThat(topic(data, "sales.live")).contains(before).doesNotContain("\"c3\"");
      assertThat(live(up, before).at("/row/customer").asText()).isEqualTo(before);
      await("built").atMost(Command.PATIENCE).until(() -> customers(up) == 10);

      assertThat(erase(data, "c3", "--plan"))
          .contains("bronze.sales 41", "quarantine.sales_rejected 1", "sales.live 1");
      killServerWhileItErases(up);
      String erased =
          await("erased")
              .atMost(Command.PATIENCE)
              .until(() -> erase(data, "c3"), it -> !it.startsWith("Cannot"));

      assertThat(erased)
          .contains("bronze.sales 41", "quarantine.sales_late 1", "quarantine.sales_repeated 1")
          .contains("sales.live 1")
          .contains("Erased: no table, no snapshot and no topic has this person any longer");
      assertThat(customers(up)).isEqualTo(9);
      assertThat(everything(up)).doesNotContain(before);
      assertThat(topic(data, "sales") + topic(data, "sales.rejected")).doesNotContain("c3");
      assertThat(topic(data, "sales.live")).doesNotContain(before);
      assertThat(live(up, before).get("error").asText())
          .isEqualTo("Cannot find a row of 'sales': none has customer '%s'".formatted(before));
      assertThat(up.number("SELECT count(*) FROM bronze.sales")).isEqualTo(SALES - 40);
      up.post("sales", sale("c3", Instant.now()));
      JsonNode balance = up.settled("sales");
      assertThat(balance.get("erased").asLong()).isEqualTo(44);
      String after = up.text("SELECT max_by(customer, received) FROM bronze.sales");
      assertThat(after).hasSize(32).isNotEqualTo(before);
      JsonNode proof = up.get("/api/proof?full=true").orElseThrow();
      assertThat(proof.get("holds").asBoolean()).as(proof.toString()).isTrue();
      assertThat(proof.at("/streams/0/live/keys").asLong()).isEqualTo(10);
      assertThat(live(up, after).at("/row/customer").asText()).isEqualTo(after);
      // Kafka has none of the records before; who was erased stays so, and is counted.
      assertThat(
              Said.by("replay", "sales", "--from", "2000-01-01", "--data", data.root().toString())
                  .narrow())
          .endsWith("The same as in the tables: nothing to swap\n");
    }
  }

  private Path shop() throws IOException {
    Path project = SmallShop.in(directory.resolve("shop"), "");
    Path contract = project.resolve("streams/sales.yaml");
    Files.writeString(
        contract,
        Files.readString(contract)
                .replace("key: customer", "key: customer\nlive: customer")
                .replace("customer: {type: string,", "customer: {type: string, pii: pseudonym,")
            + "  ip: {type: string, pii: mask, keep: network}\n");
    Path models = Files.createDirectories(project.resolve("models/gold"));
    Files.writeString(
        models.resolve("customers.sql"),
        "SELECT customer, count(*) AS sales, sum(amount) AS amount FROM bronze.sales GROUP BY customer");
    Files.writeString(
        models.resolve("schema.yml"),
        "models:\n  - name: customers\n    config: {materialized: table}\n");
    return project;
  }

  /** Sales of ten people, and of one of them also a broken, a late and a repeated one. */
  private static void post(Command up) throws Exception {
    up.post("sales", SmallShop.sales(SALES));
    up.post("sales", sale("c3", Instant.now()).replace("0.25", "x"));
    up.post("sales", sale("c3", Instant.now().minus(Duration.ofHours(3))));
    String twice = sale("c3", Instant.now());
    up.post("sales", twice);
    up.post("sales", twice);
    JsonNode balance = up.settled("sales");
    assertThat(balance.get("rejected").asLong()).isEqualTo(1);
    assertThat(balance.get("late").asLong()).isEqualTo(1);
    assertThat(balance.get("repeated").asLong()).as(up.sentAgain()).isEqualTo(1);
  }

  private static String sale(String customer, Instant at) {
    return SmallShop.sales(1)
        .replace("\"c0\"", "\"" + customer + "\",\"ip\":\"203.0.113.7\"")
        .replaceFirst("\"at\":\"[^\"]*\"", "\"at\":\"" + at + "\"");
  }

  private static JsonNode live(Command up, String customer) throws InterruptedException {
    return up.get("/v1/live/sales/" + customer).orElseThrow();
  }

  private static long customers(Command up) throws IOException, InterruptedException {
    return up.number("SELECT count(*) FROM gold.customers");
  }

  /** Every row of every table, as JSON. */
  private static String everything(Command up) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>();
    for (String table :
        List.of(
            "bronze.sales",
            "quarantine.sales_late",
            "quarantine.sales_repeated",
            "quarantine.sales_rejected",
            "gold.customers")) {
      all.add(up.text("SELECT string_agg(to_json(t)::VARCHAR, ' ') FROM " + table + " AS t"));
    }
    return String.join("\n", all);
  }

  /** What a topic still has, from its beginning. */
  private static String topic(DataDirectory data, String topic) {
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", Endpoints.find(data.endpoints()).orElseThrow().kafka()),
            new StringDeserializer(),
            new StringDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(it -> new TopicPartition(topic, it.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      StringBuilder records = new StringBuilder();
      while (partitions.stream().anyMatch(it -> consumer.position(it) < ends.get(it))) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(it -> records.append(it.value()).append('\n'));
      }
      return records.toString();
    }
  }

  /** Once it has taken rows out of a table. */
  private static void killServerWhileItErases(Command up) throws Exception {
    ProcessState server = up.state("server");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(up.url() + "/api/erasures"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"people\": [\"c3\"]}"))
            .build();
    var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream());
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    String said = lines.readLine();
    while (!said.contains("took 41 rows out of bronze.sales")) {
      assertThat(said).contains("progress");
      said = lines.readLine();
    }
    ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly();
    up.awaitBack(server);
  }

  /** What {@code millrace erase} prints. */
  private static String erase(DataDirectory data, String... words) {
    List<String> all = new ArrayList<>(List.of("erase", "--data", data.root().toString()));
    all.addAll(List.of(words));
    return Said.by(all.toArray(String[]::new)).narrow();
  }
}
