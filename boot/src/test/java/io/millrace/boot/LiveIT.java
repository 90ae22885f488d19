package io.millrace.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.DataDirectory;
import io.millrace.core.ProcessState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The live values of a project that runs, whose processes die while events flow. */
class LiveIT {

  private static final int CUSTOMERS = 23;

  /** By another way than the proof's. */
  private static final String NEWEST =
      "SELECT string_agg(customer || '=' || id, ' ') FROM (SELECT customer, max_by(id, (\"at\", topic_partition, topic_offset)) AS id FROM bronze.sales GROUP BY customer)";

  @TempDir Path directory;

  @Test
  void liveValuesAreTheNewestRowsOfBronzeHoweverProcessesDie() throws Exception {
    Path project = SmallShop.in(directory.resolve("shop"), "");
    Path contract = project.resolve("streams/sales.yaml");
    Files.writeString(contract, "live: customer\n" + Files.readString(contract));
    DataDirectory data = new DataDirectory(directory.resolve("data"));
    try (Command up = Command.start(data, "up", project.toString()).awaitReady()) {
      int sent = 0;
      for (String name : List.of("stream", "server", "broker")) {
        up.post("sales", sales(sent, 400));
        ProcessState killed = up.kill(name);
        up.post("sales", sales(sent + 400, 400));
        sent += 800;
        up.awaitBack(killed);
      }
      requireNewest(up);

      ProcessState killed = up.kill("server");
      delete(data.live().resolve("sales"));
      up.awaitBack(killed);
      up.post("sales", sales(sent, 100));
      requireNewest(up);

      assertThat(up.get("/v1/live/sales/nobody").orElseThrow().get("error").asText())
          .isEqualTo("Cannot find a row of 'sales': none has customer 'nobody'");
      assertThat(shown(data, "c1")).contains("customer: c1\n");
      assertThat(up.get("/v1/live/sale/c1").orElseThrow().get("error").asText())
          .isEqualTo("Cannot read live values of 'sale': did you mean 'sales'?");
    }
  }

  /** What {@code millrace live} prints. */
  private static String shown(DataDirectory data, String key) throws Exception {
    try (Command live = Command.client(data, "live", "sales", key)) {
      assertThat(live.exitCode()).isZero();
      return live.output();
    }
  }

  private static void requireNewest(Command up) throws Exception {
    up.settled("sales");
    JsonNode proof =
        await("proven")
            .atMost(Command.PATIENCE)
            .until(
                () -> up.get("/api/proof?full=true").orElseThrow(),
                it -> it.at("/streams/0/live/keys").asInt() == CUSTOMERS);
    assertThat(proof.get("holds").asBoolean()).as(proof.toString()).isTrue();
    assertThat(proof.at("/streams/0/live/in_flight").asLong()).isZero();
    for (String pair : up.text(NEWEST).split(" ", -1)) {
      String[] newest = pair.split("=", -1);
      JsonNode live = up.get("/v1/live/sales/" + newest[0]).orElseThrow();
      assertThat(live.at("/row/id").asText()).as(live.toString()).isEqualTo(newest[1]);
    }
  }

  /** Of a few customers, and not in the order in which they were made. */
  private static String sales(int from, int count) {
    Instant now = Instant.now();
    return IntStream.range(from, from + count)
        .mapToObj(
            it ->
                "{\"id\":\"%s\",\"at\":\"%s\",\"customer\":\"c%d\",\"amount\":%d.25}"
                    .formatted(
                        UUID.randomUUID(),
                        now.minusMillis(it * 7919L % 60_000),
                        it % CUSTOMERS,
                        it))
        .collect(Collectors.joining("\n"));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
