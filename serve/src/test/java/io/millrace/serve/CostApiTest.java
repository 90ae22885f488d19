package io.millrace.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.Usage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What work took, and what more of it would take. */
class CostApiTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Offset<Double> LITTLE = within(1e-6);

  @TempDir Path directory;
  private RunningServer server;

  @BeforeEach
  void start() {
    server = RunningServer.start(directory, "/", "/", "/basket");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void note(Usage.Kind kind, String name, long times, long seconds, long bytes) {
    server.note(kind, name, times, seconds, bytes);
  }

  private static HttpResponse<String> send(URI uri) throws IOException, InterruptedException {
    return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    return JSON.readTree(send(URI.create(server.url(path))).body());
  }

  private static JsonNode line(JsonNode cost, String name) {
    return StreamSupport.stream(cost.get("lines").spliterator(), false)
        .filter(it -> it.get("name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void sharesOutWhatProcessesTook() throws Exception {
    server.decide();
    note(Usage.Kind.PROCESS, "stream", 0, 6, 0);
    note(Usage.Kind.PROCESS, "broker", 0, 2, 0);
    note(Usage.Kind.PROCESS, "server", 0, 22, 0);
    note(Usage.Kind.COLLECT, "clicks", 300, 2, 180_000);
    note(Usage.Kind.BUILD, "silver.daily_clicks", 300, 30, 0);
    note(Usage.Kind.UPKEEP, "bronze.clicks", 0, 20, 0);
    note(Usage.Kind.QUERY, "SELECT ?", 7, 5, 0);

    JsonNode cost = get("/api/cost");

    JsonNode clicks = line(cost, "clicks");
    assertThat(clicks.get("times").asLong()).isEqualTo(300);
    assertThat(clicks.get("bytes_in").asLong()).isEqualTo(180_000);
    assertThat(clicks.get("cpu_seconds").asDouble()).isEqualTo(2 + 0.75 * 8, LITTLE);
    assertThat(clicks.get("stored_bytes").asLong()).isPositive();
    assertThat(line(cost, "orders").get("cpu_seconds").asDouble()).isEqualTo(0.25 * 8, LITTLE);
    // 30 s of builds, a quarter of 20 s of upkeep and 5 s of queries share what is left: 20 s.
    assertThat(line(cost, "silver.daily_clicks").get("cpu_seconds").asDouble())
        .isEqualTo(15, LITTLE);
    assertThat(line(cost, "SELECT ?").get("cpu_seconds").asDouble()).isEqualTo(2.5, LITTLE);
    assertThat(line(cost, "upkeep").get("cpu_seconds").asDouble()).isEqualTo(2.5, LITTLE);
    assertThat(line(cost, "server").get("cpu_seconds").asDouble()).isZero();
    assertThat(cost.get("cpu_seconds").asDouble()).isEqualTo(6 + 2 + 22, LITTLE);
    double months = 730.5 / cost.get("hours").asDouble();
    assertThat(line(cost, "SELECT ?").get("month").asDouble())
        .isEqualTo(months * 2.5 / 3600 * (0.04048 + 4 * 0.004445), within(1e-4));
  }

  @Test
  void aQueryIsCountedWithoutItsValues() throws Exception {
    HttpRequest query =
        HttpRequest.newBuilder(URI.create(server.url("/api/query")))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"sql\":\"SELECT 'ann@example.com'\"}"))
            .build();
    for (int i = 0; i < 2; i++) {
      assertThat(HTTP.send(query, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }

    assertThat(line(get("/api/cost"), "SELECT ?").get("times").asLong()).isEqualTo(2);
  }

  @Test
  void sizesAClusterByWhatAnEventTook() throws Exception {
    server.decide();
    note(Usage.Kind.PROCESS, "stream", 0, 4, 0);
    note(Usage.Kind.PROCESS, "broker", 0, 1, 0);
    note(Usage.Kind.COLLECT, "clicks", 400, 2, 240_000);

    JsonNode size = get("/api/size?events_per_second=600");

    assertThat(size.get("event_bytes").asDouble()).isEqualTo(600, LITTLE);
    // 5 ms, 2.5 ms for each of three copies, and 10 ms of an event; processors are 60 % busy.
    assertThat(size.at("/parts/0/processors").asInt()).isEqualTo(5);
    assertThat(size.at("/parts/1/processors").asInt()).isEqualTo(8);
    assertThat(size.at("/parts/2/processors").asInt()).isEqualTo(10);
    assertThat(size.at("/parts/3/disk_gb").asDouble()).isPositive();
    JsonNode larger = get("/api/size?events_per_second=600&event_bytes=1200");
    assertThat(larger.at("/parts/2/processors").asInt()).isEqualTo(20);
    JsonNode tenTerabytes = get("/api/cost").get("reference");
    assertThat(tenTerabytes.get("events_per_second").asDouble())
        .isEqualTo(1e13 / 86_400 / 600, LITTLE);
    assertThat(tenTerabytes.at("/parts/2/processors").asInt()).isEqualTo(3216);
  }

  @Test
  void saysWhyItCannotTell() throws Exception {
    assertThat(send(URI.create(server.url("/api/cost"))).body())
        .contains("Cannot say what anything costs: nothing was measured in the last 24 hours");
    note(Usage.Kind.PROCESS, "server", 0, 1, 0);
    assertThat(send(URI.create(server.url("/api/size?events_per_second=5"))).body())
        .contains("Cannot size a cluster: no event was measured here");
    server.decide();
    for (String wrong : new String[] {"", "0", "-1", "many", "1e99", "NaN"}) {
      HttpResponse<String> answer =
          send(URI.create(server.url("/api/size?events_per_second=" + wrong)));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    }
  }
}
