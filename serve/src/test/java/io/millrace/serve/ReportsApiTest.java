package io.millrace.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

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
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportsApiTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path directory;
  private RunningServer server;

  @BeforeEach
  void start() {
    server =
        RunningServer.start(
            directory,
            SmallLake.reporting(SmallLake.project(directory)),
            "/",
            "/",
            SmallLake.HOSTILE);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url(path)));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  private JsonNode report() throws IOException, InterruptedException {
    return JSON.readTree(get("/api/reports/daily").body());
  }

  @Test
  void listsReports() throws Exception {
    assertThat(JSON.readTree(get("/api/reports").body()))
        .isEqualTo(
            JSON.readTree(
                "[{\"name\": \"daily\", \"title\": \"The day\", \"description\": \"For whoever keeps the shop.\"}]"));
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    HttpResponse<String> nothing = get("/api/reports/daily");
    assertThat(nothing.statusCode()).isEqualTo(503);
    assertThat(nothing.body()).contains("Cannot show the report: no model has been built yet");
    HttpResponse<String> unknown = get("/api/reports/dayly");
    assertThat(unknown.statusCode()).isEqualTo(400);
    assertThat(unknown.body()).contains("Cannot find report 'dayly': did you mean 'daily'?");
    assertThat(get("/api/reports/daily/tiles/5").body()).contains("report 'daily' has 4");
    assertThat(get("/api/reports/daily/tiles/one").body()).contains("Cannot find tile 'one'");
  }

  @Test
  void aTileIsCountedWhenItIsComputedAndNotBefore() throws Exception {
    server.build(SmallLake.DAILY);
    report();
    report();
    assertThat(timesComputed("report daily, tile 1")).isEqualTo(1);

    get("/api/reports/daily/tiles/1");
    assertThat(timesComputed("report daily, tile 1")).isEqualTo(2);
    assertThat(timesComputed("report daily, tile 2")).isEqualTo(1);
  }

  private long timesComputed(String tile) {
    return server.books.usage().since(Instant.EPOCH).stream()
        .filter(it -> it.kind() == Usage.Kind.QUERY && it.name().equals(tile))
        .mapToLong(Usage.Work::times)
        .sum();
  }

  @Test
  void allTilesAreOfOneRelease() throws Exception {
    server.build(SmallLake.DAILY);
    JsonNode first = report();
    assertThat(first.at("/release").asLong()).isEqualTo(1);
    assertThat(first.at("/tiles/0/rows").toString()).isEqualTo("[[3]]");
    assertThat(first.at("/tiles/1/rows/0").toString()).isEqualTo("[\"2026-01-01\",1,2]");
    long snapshot = first.at("/tiles/0/snapshots/silver.daily_clicks").asLong();
    assertThat(server.releases.newest().orElseThrow().models())
        .containsEntry(SmallLake.DAILY, snapshot);
    assertThat(first.at("/tiles/3/failure").asText()).startsWith("Cannot run the query");

    server.buildAgain(SmallLake.DAILY);
    JsonNode second = report();
    assertThat(second.at("/release").asLong()).isEqualTo(2);
    assertThat(second.at("/tiles/0/rows").toString()).isEqualTo("[[6]]");
    assertThat(second.at("/tiles/0/snapshots/silver.daily_clicks").asLong()).isNotEqualTo(snapshot);
  }

  @Test
  void thePageIsSentAgainOnlyWhenItIsAnother() throws Exception {
    server.build(SmallLake.DAILY);
    HttpResponse<String> page = get("/api/reports/daily/page");
    String tag = page.headers().firstValue("ETag").orElseThrow();
    assertThat(get("/api/reports/daily/page", "If-None-Match", tag).statusCode()).isEqualTo(304);

    server.buildAgain(SmallLake.DAILY);
    HttpResponse<String> other = get("/api/reports/daily/page", "If-None-Match", tag);
    assertThat(other.statusCode()).isEqualTo(200);
    assertThat(other.body()).contains("<dt>all days</dt><dd>6</dd>");
  }

  @Test
  void thePageNeedsNothingElseAndHasTextsAsText() throws Exception {
    server.build(SmallLake.DAILY);
    HttpResponse<String> answer = get("/api/reports/daily/page");
    assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none'; style-src 'unsafe-inline'");
    String page = answer.body();
    assertThat(page)
        .startsWith("<!doctype html>")
        .contains("<title>The day · corner shop</title>")
        .contains("<h3>Pages &lt;b&gt;</h3>")
        .contains("Of clicks &amp; pages.")
        .contains("&lt;script&gt;1&lt;/script&gt;")
        .contains("silver.daily_clicks@")
        .contains("<path class=\"line s1\"")
        .doesNotContain("<script")
        .doesNotContain("<img");
  }

  @Test
  void rowsOfATileAreCsv() throws Exception {
    server.build(SmallLake.DAILY);
    HttpResponse<String> csv = get("/api/reports/daily/tiles/2");
    assertThat(csv.headers().firstValue("Content-Type")).get(STRING).startsWith("text/csv");
    assertThat(csv.body())
        .isEqualToNormalizingNewlines(
            "day,clicks,twice\n2026-01-01,1,2\n2026-01-02,1,2\n2026-01-03,1,2\n");
  }
}
