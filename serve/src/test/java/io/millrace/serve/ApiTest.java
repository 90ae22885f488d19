package io.millrace.serve;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.Incident;
import io.millrace.core.ProcessState.State;
import io.millrace.core.TableName;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir static Path directory;
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = RunningServer.start(directory, "/", "/", "/basket");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void showsStreamsAndTablesAsTheyAreCommitted() throws Exception {
    JsonNode status = json(get("/api/status"));
    assertThat(status.at("/project").asText()).isEqualTo("corner shop");
    assertThat(status.at("/streams/0/name").asText()).isEqualTo("clicks");
    assertThat(status.at("/streams/0/accepted").asInt()).isEqualTo(3);
    assertThat(status.at("/streams/0/committed_at").asText()).matches("20\\d\\d-.*Z");
    assertThat(status.at("/streams/1/accepted").asInt()).isZero();
    assertThat(status.at("/streams/1/committed_at").isNull()).isTrue();
    assertThat(status.at("/tables/0/name").asText()).isEqualTo("bronze.clicks");
    assertThat(status.at("/tables/0/rows").asInt()).isEqualTo(3);
    assertThat(status.at("/tables/0/files").asInt()).isEqualTo(1);
    assertThat(status.at("/tables/0/columns/1"))
        .isEqualTo(JSON.readTree("{\"name\":\"at\",\"type\":\"timestamptz\"}"));
    assertThat(status.at("/tables")).hasSize(8);
  }

  @Test
  void isReadyWhenTheOtherProcessesRun() throws Exception {
    try {
      assertThat(get("/health").statusCode()).isEqualTo(200);
      server.processes(State.DOWN);

      HttpResponse<String> health = get("/health");
      assertThat(health.statusCode()).isEqualTo(503);
      assertThat(health.body())
          .isEqualTo("{\"ready\":false,\"waiting_for\":[\"The stream process is down\"]}");
      assertThat(json(get("/api/status")).at("/processes/1"))
          .isEqualTo(
              JSON.readTree(
                  """
                  {"name":"stream","state":"down","pid":4712,"restarts":1,
                   "since":"2026-01-31T12:00:00Z"}"""));
    } finally {
      server.processes(State.RUNNING);
    }
  }

  @Test
  void measuresWhatIsReceivedAndWhatIsProcessed() {
    await()
        .untilAsserted(
            () -> {
              server.receive("clicks", 500);
              server.process("clicks", 400);
              JsonNode clicks = json(get("/api/status")).at("/streams/0");
              assertThat(clicks.at("/events_per_second").asDouble()).isPositive();
              assertThat(clicks.at("/processed_per_second").asDouble()).isPositive();
              JsonNode points = json(get("/api/rates")).at("/clicks/received");
              assertThat(points).hasSize(120);
              assertThat(points.get(119).asDouble()).isPositive();
            });
  }

  @Test
  void showsTheMetersOfTheServer() throws Exception {
    server.receive("orders", 7);

    assertThat(get("/metrics").body())
        .contains("millrace_collect_events_total{stream=\"orders\",verdict=\"accepted\"} 7.0");
  }

  @Test
  void listsIncidentsUntilTheyAreOver() throws Exception {
    Incident incident =
        server.incidents.report(
            Incident.Kind.REJECTS, "bronze.clicks", "stream clicks", "half of it", 500, "held");

    assertThat(json(get("/api/status")).at("/incidents")).hasSize(1);
    assertThat(json(acknowledge(incident.id())).at("/acknowledged").isNull()).isFalse();
    assertThat(json(get("/api/incidents")).at("/0/rows").asInt()).isEqualTo(500);
    assertThat(acknowledge(99).statusCode()).isEqualTo(404);

    server.incidents.end(Incident.Kind.REJECTS, "bronze.clicks");
    assertThat(json(get("/api/status")).at("/incidents")).isEmpty();
    assertThat(json(get("/api/incidents")).at("/0/ended").isNull()).isFalse();
  }

  private static HttpResponse<String> acknowledge(long id) throws Exception {
    return send(
        HttpRequest.newBuilder(URI.create(server.url("/api/incidents/" + id + "/acknowledge")))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{}")));
  }

  @Test
  void offersTheModels() throws Exception {
    assertThat(json(get("/api/models")).at("/0/name").asText()).isEqualTo("gold.popular_pages");
  }

  @Test
  void listsWhatTheProjectIsMadeOf() throws Exception {
    JsonNode assets = json(get("/api/assets"));

    assertThat(assets).hasSize(10);
    assertThat(assets.at("/0/name").asText()).isEqualTo("bronze.clicks");
    assertThat(assets.at("/0/kind").asText()).isEqualTo("stream");
    assertThat(assets.at("/0/owner").asText()).isEqualTo("web-team");
    assertThat(assets.at("/0/rows").asInt()).isEqualTo(3);
    assertThat(assets.at("/2"))
        .isEqualTo(
            JSON.readTree(
                """
                {"name":"gold.popular_pages","kind":"view","owner":"","tags":[],"rows":null,
                 "description":"How often each page was clicked.\\nGrain: one row for each page.",
                 "committed_at":null,"build":null}"""));
  }

  @Test
  void showsAllOfOneAsset() throws Exception {
    JsonNode view = json(get("/api/assets/gold.popular_pages"));
    assertThat(view.at("/columns"))
        .isEqualTo(
            JSON.readTree(
                """
                [{"name":"page","type":"VARCHAR","description":"","pii":null},
                 {"name":"clicks","type":"BIGINT","description":"","pii":null}]"""));
    assertThat(view.at("/sql").asText()).startsWith("SELECT page, count(*)");
    assertThat(view.at("/reads")).isEqualTo(JSON.readTree("[\"bronze.clicks\"]"));
    assertThat(view.at("/built").asText()).isEqualTo("not kept: readers run its SQL");
    assertThat(view.at("/history")).isEmpty();

    JsonNode clicks = json(get("/api/assets/bronze.clicks"));
    assertThat(clicks.at("/event_time").asText()).isEqualTo("at");
    assertThat(clicks.at("/read_by"))
        .isEqualTo(JSON.readTree("[\"gold.popular_pages\",\"silver.daily_clicks\"]"));
    assertThat(clicks.at("/history")).hasSize(1);
    assertThat(clicks.at("/history/0/operation").asText()).isEqualTo("append");
    assertThat(clicks.at("/history/0/added").asInt()).isEqualTo(3);
  }

  @Test
  void followsWhoReadsWhom() throws Exception {
    assertThat(json(get("/api/assets/gold.popular_pages/lineage")))
        .isEqualTo(
            JSON.readTree(
                """
                {"tables":[{"name":"gold.popular_pages","kind":"view"},
                           {"name":"bronze.clicks","kind":"stream"}],
                 "edges":[{"from":"bronze.clicks","to":"gold.popular_pages"}],
                 "columns":[],"notes":[]}"""));
    assertThat(json(get("/api/assets/bronze.clicks/lineage?direction=upstream")).at("/tables"))
        .hasSize(1);
    assertRefused(
        get("/api/assets/bronze.clicks/lineage?direction=left"),
        400,
        "Cannot follow lineage in direction 'left': use upstream, downstream or both");
    assertRefused(
        get("/api/assets/bronze.clicks/lineage?steps=6"),
        400,
        "Cannot follow lineage for '6' steps: use a number from 0 to 5");
  }

  @Test
  void followsAColumn() throws Exception {
    assertThat(json(get("/api/assets/gold.popular_pages/lineage?column=page")).at("/columns"))
        .contains(
            JSON.readTree(
                "{\"table\":\"gold.popular_pages\",\"column\":\"page\",\"decides\":false,\"pii\":false}"),
            JSON.readTree(
                "{\"table\":\"bronze.clicks\",\"column\":\"page\",\"decides\":false,\"pii\":false}"));
    assertRefused(
        get("/api/assets/gold.popular_pages/lineage?column=pages"),
        400,
        "Cannot find column 'pages' in gold.popular_pages: did you mean 'page'?");
  }

  @Test
  void saysWhichAssetWasMeant() throws Exception {
    assertRefused(
        get("/api/assets/bronze.click"),
        404,
        "Cannot find asset 'bronze.click': did you mean 'bronze.clicks'?");
    assertRefused(
        get("/api/assets/click/lineage"),
        404,
        "Cannot find asset 'click': use one of bronze.clicks, bronze.orders, gold.popular_pages,"
            + " quarantine.clicks_late, quarantine.clicks_rejected, quarantine.clicks_repeated,"
            + " quarantine.orders_late, quarantine.orders_rejected, quarantine.orders_repeated,"
            + " silver.daily_clicks");
  }

  @Test
  void listsReleasesAndTheSnapshotsTheyName() throws Exception {
    TableName clicks = TableName.bronze("clicks");
    long snapshot = Long.parseLong(json(get("/api/assets/" + clicks)).at("/history/0/id").asText());
    TableName pages = TableName.parse("gold.pages");
    server.releases.publish(1, "built", Map.of(pages, 1L), Map.of(clicks, snapshot));
    server.releases.publish(2, "built again", Map.of(pages, 2L), Map.of(clicks, snapshot));

    JsonNode releases = json(get("/api/releases"));
    assertThat(releases).hasSize(2);
    assertThat(releases.at("/0/id").asInt()).isEqualTo(2);
    assertThat(releases.at("/0/run").asInt()).isEqualTo(2);
    assertThat(releases.at("/0/why").asText()).isEqualTo("built again");
    assertThat(releases.at("/0/models").asInt()).isEqualTo(1);
    assertThat(releases.at("/0/changed")).isEqualTo(JSON.readTree("[\"gold.pages\"]"));
    assertThat(json(get("/api/assets/" + clicks)).at("/history/0/releases"))
        .isEqualTo(JSON.readTree("[2,1]"));
  }

  @Test
  void showsWhatHasRun() throws Exception {
    long id = server.run();

    JsonNode newest = json(get("/api/runs")).get(0);
    assertThat(newest.at("/id").asLong()).isEqualTo(id);
    assertThat(newest.at("/kind").asText()).isEqualTo("run");
    assertThat(newest.at("/state").asText()).isEqualTo("failed");
    assertThat(newest.at("/step_count").asInt()).isEqualTo(2);
    assertThat(newest.at("/failed").asInt()).isEqualTo(1);
    assertThat(newest.at("/rows").asInt()).isEqualTo(120);

    JsonNode run = json(get("/api/runs/" + id));
    assertThat(run.at("/message").asText()).isEqualTo("3 rows have no day");
    assertThat(run.at("/steps/0/span").isNull()).isTrue();
    assertThat(run.at("/steps/1/branch").asText()).isEqualTo("failed_" + id);
    assertThat(run.at("/log/0/table").asText()).isEqualTo("silver.sales");
    assertThat(run.at("/log/0/text").asText()).isEqualTo("read 120 rows");
    assertRefused(
        get("/api/runs/999"), 404, "Cannot find run '999': GET /api/runs lists the newest");
    assertThat(get("/api/runs/x").statusCode()).isEqualTo(404);
  }

  @Test
  void showsTheBalanceOfAllStreamsOrOfOne() throws Exception {
    JsonNode all = json(get("/api/proof"));
    assertThat(all.at("/depth").asText()).isEqualTo("sealed");
    assertThat(all.at("/holds").asBoolean()).isFalse();
    assertThat(all.at("/streams/0/holds").asBoolean()).isTrue();
    assertThat(all.at("/streams/0/in_flight").asInt()).isEqualTo(12);
    assertThat(all.at("/streams/1/breaches/0"))
        .isEqualTo(
            JSON.readTree(
                "{\"kind\":\"missing\",\"sentence\":\"Offset 7 of orders/0 is in no table\"}"));

    assertThat(all.at("/balances/0"))
        .isEqualTo(
            JSON.readTree(
                """
                {"balance":"money","description":"Every penny is revenue or left out for a reason",
                 "unit":"GBP","release":3,"state":"holds","holds":true,"broken":false,
                 "in":{"name":"lines","amount":10.000,"reasons":[]},
                 "out":[{"name":"revenue","amount":7.500,"reasons":[]},
                  {"name":"left out","amount":2.500,"reasons":[{"reason":"postage","amount":2.500}]}],
                 "difference":0.000,"sentence":null}"""));

    JsonNode one = json(get("/api/proof?stream=clicks&full=true"));
    assertThat(one.at("/balances")).isEmpty();
    assertThat(one.at("/depth").asText()).isEqualTo("full");
    assertThat(one.at("/streams")).hasSize(1);

    HttpResponse<String> unknown = get("/api/proof?stream=click");
    assertRefused(unknown, 404, "Cannot prove stream 'click': did you mean 'clicks'?");
  }

  @Test
  void streamsTheRowsOfAQuery() throws Exception {
    HttpResponse<String> answer =
        query("{\"sql\":\"SELECT * FROM gold.popular_pages ORDER BY clicks DESC\"}");

    assertThat(answer.headers().firstValue("Content-Type")).contains("application/x-ndjson");
    assertThat(answer.body())
        .isEqualTo(
            """
            {"columns":[{"name":"page","type":"VARCHAR"},{"name":"clicks","type":"BIGINT"}]}
            ["/",2]
            ["/basket",1]
            {"rows":2}
            """);
  }

  @Test
  void namesTheValuesOfAColumnThatHaveTheMostRows() throws Exception {
    JsonNode skew = json(get("/api/skew?table=bronze.clicks&column=page"));

    assertThat(skew.at("/rows").asInt()).isEqualTo(3);
    assertThat(skew.at("/values").asInt()).isEqualTo(2);
    assertThat(skew.at("/skewed").asBoolean()).isTrue();
    assertThat(skew.at("/heavy/0"))
        .isEqualTo(
            JSON.readTree(
                "{\"value\":\"/\",\"at_least\":2,\"at_most\":2,\"share\":0.6666666666666666}"));
    assertThat(get("/api/skew?table=bronze.clicks").body())
        .contains("Cannot look for skew: 'column' is missing");
    assertThat(get("/api/skew?table=bronze.clicks&column=pages").body()).contains("pages");
  }

  @Test
  void writesEveryTypeExactly() throws Exception {
    HttpResponse<String> answer =
        query(
            """
            {"sql":"SELECT 9223372036854775807 AS big, CAST(1.50 AS DECIMAL(12,2)) AS exact,\
             CAST('NaN' AS DOUBLE) AS nothing, DATE '2026-01-31' AS day, NULL AS gone,\
             {'a': [1, 2]} AS nested, TIMESTAMPTZ '2026-01-31 12:00:00+00' AS moment"}""");

    assertThat(answer.body().lines().skip(1).findFirst())
        .contains(
            "[9223372036854775807,1.50,\"NaN\",\"2026-01-31\",null,{\"a\":[1,2]},\"2026-01-31T12:00:00Z\"]");
  }

  @Test
  void endsAtTheLimitAndSaysSo() throws Exception {
    assertThat(query("{\"sql\":\"SELECT page FROM bronze.clicks\",\"limit\":2}").body())
        .endsWith("{\"rows\":2,\"truncated\":true}\n");
    assertThat(query("{\"sql\":\"SELECT page FROM bronze.clicks\",\"limit\":3}").body())
        .endsWith("{\"rows\":3}\n");
  }

  @Test
  void showsTheLakeAsItWas() throws Exception {
    assertThat(
            query(
                    "{\"sql\":\"SELECT count(*) FROM bronze.clicks\",\"as_of\":\"2020-01-01T00:00:00Z\"}")
                .body())
        .endsWith("[0]\n{\"rows\":1}\n");
  }

  @Test
  void saysWhatIsWrongWithAQuery() throws Exception {
    assertRefused(query("{}"), 400, "Cannot run the query: 'sql' is empty");
    assertRefused(
        query("{\"sql\":\"SELECT 1\",\"limit\":-1}"),
        400,
        "Cannot run the query: 'limit' is -1; use a number of rows from 0 on");
    HttpResponse<String> write = query("{\"sql\":\"DROP TABLE bronze.clicks\"}");
    assertThat(write.statusCode()).isEqualTo(400);
    assertThat(json(write).at("/code").asText()).isEqualTo("caller");
    assertThat(json(write).at("/error").asText()).startsWith("Cannot ");
    assertThat(query("{\"sql\":").statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/jsonx"})
  void readsQueriesAsJsonAlone(String type) throws Exception {
    assertRefused(
        send(post("{\"sql\":\"SELECT 1\"}").setHeader("Content-Type", type)),
        415,
        "Cannot read the query: send it as Content-Type application/json");
  }

  @Test
  void refusesAQueryThatIsNoText() throws Exception {
    byte[] bytes = {0, 0, (byte) 0xff, (byte) 0xfe};
    assertRefused(
        send(post("").POST(BodyPublishers.ofByteArray(bytes))),
        400,
        "Cannot read the query: Unsupported UCS-4 endianness (2143) detected");
  }

  @Test
  void refusesAStatementNobodyWrites() throws Exception {
    assertRefused(
        query("{\"sql\":\"" + "x".repeat(300_000) + "\"}"),
        413,
        "Cannot read the query: it is larger than 262144 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/status", "/api/proof", "/health", "/metrics", "/"})
  void refusesOtherHostsEverywhere(String path) throws Exception {
    assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: evil.example:80\r\n"))
        .startsWith("HTTP/1.1 403")
        .contains("Cannot answer for host 'evil.example:80'")
        .doesNotContain("clicks");
  }

  @Test
  void refusesAQueryFromAForeignPage() throws Exception {
    assertRefused(
        send(post("{\"sql\":\"SELECT 1\"}").setHeader("Origin", "http://evil.example")),
        403,
        "Cannot answer a page of 'http://evil.example': only pages of this server may use its API");
    String own = "http://127.0.0.1:" + server.port();
    assertThat(send(post("{\"sql\":\"SELECT 1\"}").setHeader("Origin", own)).statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/console/console.js", "/api/status"})
  void letsThePageLoadNothingFromElsewhere(String path) throws Exception {
    Map<String, List<String>> headers = get(path).headers().map();

    assertThat(headers.get("content-security-policy").get(0))
        .startsWith("default-src 'none'; script-src 'self';")
        .doesNotContain("unsafe");
    assertThat(headers.get("x-content-type-options")).containsExactly("nosniff");
  }

  private static void assertRefused(HttpResponse<String> answer, int status, String error)
      throws IOException {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(json(answer).at("/error").asText()).isEqualTo(error);
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(server.url(path))));
  }

  private static HttpResponse<String> query(String body) throws Exception {
    return send(post(body));
  }

  private static HttpRequest.Builder post(String body) {
    return HttpRequest.newBuilder(URI.create(server.url("/api/query")))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    return JSON.readTree(answer.body());
  }

  /** Sends a request whose Host the JDK's client would not send. */
  private static String raw(String head) throws IOException {
    return server.answerTo((head + "Connection: close\r\n\r\n").getBytes(US_ASCII));
  }
}
