package io.millrace.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.DataDirectory;
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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rejected events of a project that runs, sent again when its contract has been corrected. */
class ReplayIT {

  private static final int EVENTS = 40_000;

  @TempDir Path directory;

  @Test
  void rejectedEventsGoThroughACorrectedContractOnceAlsoIfTheServerDies() throws Exception {
    Path project = SmallShop.in(directory.resolve("shop"), "");
    Path contract = project.resolve("streams/sales.yaml");
    String right = Files.readString(contract);
    Files.writeString(contract, right.replace("min: 0", "min: 1000000"));
    DataDirectory data = new DataDirectory(directory.resolve("data"));
    try (Command up = Command.start(data, "up", project.toString()).awaitReady()) {
      for (int sent = 0; sent < EVENTS; sent += 2_000) {
        up.post("sales", SmallShop.sales(2_000));
      }
      up.post("sales", "no event");
      assertThat(up.settled("sales").get("rejected").asLong()).isEqualTo(EVENTS + 1);
      assertThat(replay(data, "--plan"))
          .contains("bad_json      rejected: bad_json", "not_allowed   rejected: not_allowed")
          .endsWith("Would send 0 events to sales\n");
    }

    Files.writeString(contract, right);
    try (Command up = Command.start(data, "up", project.toString()).awaitReady()) {
      assertThat(replay(data, "--plan", "--where", "topic_offset < 100"))
          .endsWith("Would send 100 events to sales\n");
      assertThat(replay(data, "--where", "true) OR (true"))
          .startsWith("Cannot choose events with 'true) OR (true': ");

      ProcessState server = up.state("server");
      awaitFirstBatch(up);
      // At once: starting kill as a process takes as long as many transactions.
      ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly();
      await("the server is back").atMost(Command.PATIENCE).until(() -> isBack(up, server));
      // While the server looks up what the killed one had sent, it may refuse.
      String goesOn =
          await("replayed")
              .atMost(Command.PATIENCE)
              .until(() -> replay(data), it -> !it.startsWith("Cannot"));
      assertThat(goesOn).contains("not_allowed   accepted", "not_allowed   sent before");
      assertThat(replay(data)).endsWith("Sent 0 events to sales\n");

      JsonNode balance = up.settled("sales");
      assertThat(balance.get("bronze").asLong()).as(balance.toString()).isEqualTo(EVENTS);
      assertThat(balance.get("rejected").asLong()).isEqualTo(EVENTS + 1);
      assertThat(balance.get("repeated").asLong() + balance.get("late").asLong())
          .as(up.sentAgain())
          .isZero();
      assertThat(up.number("SELECT count(DISTINCT id) FROM bronze.sales")).isEqualTo(EVENTS);
      assertThat(up.number("SELECT count(*) FROM ops.replays")).isEqualTo(EVENTS);
      JsonNode proof = up.get("/api/proof?full=true").orElseThrow();
      assertThat(proof.get("holds").asBoolean()).as(proof.toString()).isTrue();
    }
  }

  private static boolean isBack(Command up, ProcessState before) throws InterruptedException {
    return up.state("server").pid() != before.pid()
        && up.get("/health").map(it -> it.get("ready").asBoolean()).orElse(false);
  }

  /** Begins a replay and leaves it running when it has sent something. */
  private static void awaitFirstBatch(Command up) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(up.url() + "/api/streams/sales/replay"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{}"))
            .build();
    var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream());
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    assertThat(lines.readLine()).contains("\"complete\":false");
  }

  /** What {@code millrace replay} prints. */
  private static String replay(DataDirectory data, String... options) {
    List<String> all =
        new ArrayList<>(List.of("replay", "sales", "--rejected", "--data", data.root().toString()));
    all.addAll(List.of(options));
    return Said.by(all.toArray(String[]::new)).text();
  }
}
