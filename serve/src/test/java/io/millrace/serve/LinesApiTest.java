package io.millrace.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Routes whose work takes long, and that answer in lines of how far it is. */
class LinesApiTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir static Path directory;
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = RunningServer.start(directory, "/");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void tellsHowFarAReplayIs() throws Exception {
    HttpResponse<String> sent = replay("clicks", "{}");
    HttpResponse<String> planned = replay("clicks", "{\"plan\":true,\"where\":\"reason = 'x'\"}");

    assertThat(sent.body())
        .isEqualTo(
            """
            {"complete":false,"events":[{"reason":"wrong_type","now":"accepted","events":5}]}
            {"complete":true,"events":[{"reason":"wrong_type","now":"accepted","events":9},{"reason":"wrong_type","now":"bad_json","events":1}]}
            """);
    assertThat(planned.body().lines()).hasSize(1);
  }

  @Test
  void tellsHowFarARebuildIsAndWhoReadsTheStream() throws Exception {
    HttpResponse<String> answer =
        replay("clicks", "{\"from\":\"2026-03-01\",\"to\":\"2026-03-02T06:00:00Z\",\"swap\":true}");

    List<String> lines = answer.body().lines().toList();
    assertThat(lines.get(0)).isEqualTo("{\"complete\":false,\"read\":5,\"of\":10}");
    JsonNode last = Json.MAPPER.readTree(lines.get(1));
    assertThat(last.get("asked").asText()).startsWith("SWAP ").contains("2026-03-02T06:00:00Z");
    assertThat(last.get("models")).isNotEmpty();
    assertRefused(
        replay("clicks", "{\"from\":\"2026-03-01\",\"swap\":true,\"plan\":true}"),
        400,
        "Cannot replay 'clicks' from a time with 'where', or with 'plan' and 'swap' at once");
    assertRefused(
        replay("clicks", "{\"swap\":true}"),
        400,
        "Cannot replay rejected events with 'to', 'swap' or 'source': these go with 'from'");
  }

  @Test
  void aRebuildGoesByTheSourceThatIsAskedFor() throws Exception {
    HttpResponse<String> answer =
        replay("clicks", "{\"from\":\"2026-03-01\",\"source\":\"bronze\"}");

    assertThat(answer.body()).contains("Optional[BRONZE]");
    assertThat(replay("clicks", "{\"from\":\"2026-03-01\"}").body()).contains("Optional.empty");
    assertRefused(
        replay("clicks", "{\"from\":\"2026-03-01\",\"source\":\"lake\"}"),
        400,
        "Cannot replay 'clicks' from 'lake': its source is 'topic' or 'bronze'; without one it is the topic as far as that goes back, and bronze before");
  }

  @Test
  void refusesAReplayInASentence() throws Exception {
    assertThat(replay("click", "{}").body()).contains("did you mean 'clicks'?");
    HttpResponse<String> refused = replay("clicks", "{\"where\":\"DROP\"}");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(json(refused).at("/error").asText()).isEqualTo("Cannot choose events with 'DROP'");
  }

  @Test
  void tellsWhatAnErasureDoes() throws Exception {
    HttpResponse<String> erased = erase("{\"people\":[\"ada\"]}");
    HttpResponse<String> planned = erase("{\"people\":[\"ada\"],\"plan\":true}");
    assertThat(erased.body().lines()).hasSize(2).first().asString().contains("looking for 1");
    assertThat(erased.body()).contains("\"left\":[\"all of it\"]");
    assertThat(json(planned).at("/plan/0/table").asText()).isEqualTo("bronze.clicks");
    assertThat(erase("{}").statusCode()).isEqualTo(400);
    assertThat(erase("{\"people\":\"ada\"}").statusCode()).isEqualTo(400);
  }

  private static HttpResponse<String> erase(String body) throws Exception {
    return post("/api/erasures", body);
  }

  private static HttpResponse<String> replay(String stream, String body) throws Exception {
    return post("/api/streams/" + stream + "/replay", body);
  }

  private static HttpResponse<String> post(String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url(path)))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    return HTTP.send(request, BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    return Json.MAPPER.readTree(answer.body());
  }

  private static void assertRefused(HttpResponse<String> answer, int status, String error)
      throws IOException {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(json(answer).at("/error").asText()).isEqualTo(error);
  }
}
