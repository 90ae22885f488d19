package io.millrace.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.project.ColumnRef;
import io.millrace.schedule.Touched;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people ask of builds over HTTP, with a real scheduler over a real lake. */
class BuildsApiTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String DAILY = "{\"select\":\"silver.daily_clicks\"}";

  @TempDir Path directory;
  private RunningServer server;

  @BeforeEach
  void start() {
    server = RunningServer.start(directory, "/", "/basket");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void buildsWhatIsSelected() throws Exception {
    JsonNode run = awaitRun(post("/api/runs", DAILY));

    assertThat(run.at("/state").asText()).isEqualTo("done");
    assertThat(run.at("/what").asText()).isEqualTo("silver.daily_clicks");
    assertThat(run.at("/why").asText()).isEqualTo("asked for");
    assertThat(run.at("/rows").asInt()).isEqualTo(3);
    assertThat(run.at("/steps/0/span").asText()).isEqualTo("2026-01-01 to 2026-01-03");
    assertThat(run.at("/log").findValuesAsText("text"))
        .containsExactly("bronze.clicks has 4 new rows", "read bronze.clicks");
    assertThat(run.at("/backfill").isNull()).isTrue();
    assertThat(get("/api/releases").at("/0/changed/0").asText()).isEqualTo("silver.daily_clicks");
  }

  @Test
  void tellsHowFarAModelIsBuilt() throws Exception {
    assertThat(get("/api/assets/silver.daily_clicks").at("/build"))
        .isEqualTo(JSON.readTree("{\"state\":\"new\",\"held\":null,\"intervals\":{}}"));
    server.warehouse.refusal = "3 rows have no day";
    awaitRun(post("/api/runs", DAILY));

    JsonNode daily = get("/api/assets/silver.daily_clicks");
    assertThat(daily.at("/kind").asText()).isEqualTo("incremental");
    assertThat(daily.at("/built").asText()).isEqualTo("by day");
    assertThat(daily.at("/starts").asText()).isEqualTo("when inputs change, every 30s at most");
    assertThat(daily.at("/build/state").asText()).isEqualTo("failed");
    assertThat(daily.at("/build/intervals")).isEqualTo(JSON.readTree("{\"failed\":3}"));
    assertThat(daily.at("/intervals/size").asText()).isEqualTo("day");
    assertThat(daily.at("/intervals/older").asInt()).isZero();
    assertThat(daily.at("/intervals/entries/0"))
        .isEqualTo(
            JSON.readTree(
                """
                {"label":"2026-01-01","state":"failed","why":"bronze.clicks has 4 new rows",
                 "message":"3 rows have no day","attempts":1,"run":1,"rows":null}"""));
  }

  @Test
  void saysWhatItWouldBuildAndBuildsNothing() throws Exception {
    server.warehouse.touched =
        new Touched(
            false,
            new TreeMap<>(Map.of("day", Touched.How.CHANGED, "clicks", Touched.How.ADDED)),
            new TreeSet<>(Set.of(ColumnRef.parse("gold.popular_pages.*"))));

    JsonNode plan = post("/api/runs", "{\"plan\":true}");

    assertThat(plan)
        .isEqualTo(
            JSON.readTree(
                """
                {"plan":[{"table":"silver.daily_clicks","intervals":3,
                  "touched":{"rows":false,"columns":{"clicks":"added","day":"changed"},
                             "downstream":["gold.popular_pages.*"]},
                  "stretches":[
                  {"span":"2026-01-01 to 2026-01-03","intervals":3,
                   "why":"bronze.clicks has 4 new rows"}]}]}"""));
    assertThat(get("/api/runs")).isEmpty();
  }

  @Test
  void retriesWhatFailed() throws Exception {
    server.warehouse.refusal = "3 rows have no day";
    JsonNode failed = awaitRun(post("/api/runs", DAILY));
    assertThat(failed.at("/state").asText()).isEqualTo("failed");
    assertThat(failed.at("/steps/0/branch").asText()).isEqualTo("failed_1");

    server.warehouse.refusal = "";
    JsonNode again = awaitRun(post("/api/runs/1/retry", "{}"));
    assertThat(again.at("/id").asInt()).isEqualTo(2);
    assertThat(again.at("/state").asText()).isEqualTo("done");
    assertThat(again.at("/why").asText()).isEqualTo("retry of run 1");
    assertThat(post("/api/runs/2/retry", "{}").at("/error").asText())
        .isEqualTo("Cannot retry run 2: no table failed in it");
    assertThat(post("/api/runs/2/cancel", "{}").at("/error").asText())
        .isEqualTo("Cannot cancel run 2: it is not building");
  }

  @Test
  void goesBackToAnEarlierReleaseAndHoldsItsModels() throws Exception {
    awaitRun(post("/api/runs", DAILY));
    awaitRun(
        post(
            "/api/runs",
            "{\"select\":\"silver.daily_clicks\",\"from\":\"2026-01-02\",\"full_refresh\":true}"));
    assertThat(count("silver.daily_clicks")).isEqualTo(5);

    JsonNode now = post("/api/releases/1/rollback", "{}");
    assertThat(now.at("/id").asInt()).isEqualTo(3);
    assertThat(now.at("/why").asText()).isEqualTo("rolled back to release 1");
    assertThat(now.at("/changed")).isEqualTo(JSON.readTree("[\"silver.daily_clicks\"]"));
    assertThat(count("silver.daily_clicks")).isEqualTo(3);
    assertThat(get("/api/assets/silver.daily_clicks").at("/build/held").asText())
        .isEqualTo("rolled back to release 1");

    awaitRun(post("/api/runs", DAILY));
    assertThat(get("/api/assets/silver.daily_clicks").at("/build/state").asText())
        .isEqualTo("done");
    assertThat(post("/api/releases/99/rollback", "{}").at("/error").asText())
        .isEqualTo("Cannot find release '99': GET /api/releases lists the newest");
  }

  @Test
  void comparesReleasesAndReadsThemWithSql() throws Exception {
    awaitRun(post("/api/runs", DAILY));
    awaitRun(
        post(
            "/api/runs",
            "{\"select\":\"silver.daily_clicks\",\"from\":\"2026-01-02\",\"full_refresh\":true}"));

    JsonNode answer = get("/api/diff?a=1&b=now");
    assertThat(answer.at("/differences/0/table").asText()).isEqualTo("silver.daily_clicks");
    assertThat(answer.at("/differences/0/added").asInt()).isEqualTo(2);
    assertThat(answer.at("/differences/0/removed").asInt()).isZero();
    assertThat(get("/api/diff?a=2&b=now&table=silver.daily_clicks"))
        .isEqualTo(JSON.readTree("{\"differences\":[],\"same\":1,\"only_a\":[],\"only_b\":[]}"));
    assertThat(get("/api/diff?a=1").at("/error").asText())
        .isEqualTo("Cannot compare: 'b' is missing; name a release, a time, a branch or now");
    assertThat(get("/api/diff?a=1&b=A").at("/error").asText())
        .isEqualTo(
            "Cannot read 'A' as a state of the lake: write the number of a release such as 12,"
                + " a time such as 2026-01-31T12:00:00Z, or now");
    assertThat(count("silver.daily_clicks\",\"as_of\":\"1")).isEqualTo(3);
    assertThat(count("silver.daily_clicks\",\"as_of\":\"now")).isEqualTo(5);
  }

  @Test
  void saysInItsStatusWhatIsBuilt() throws Exception {
    server.warehouse.refusal = "3 rows have no day";
    awaitRun(post("/api/runs", DAILY));
    assertThat(get("/api/status").at("/models"))
        .isEqualTo(
            JSON.readTree(
                """
                [{"name":"silver.daily_clicks","state":"failed","due":0,"failed":3,"held":null}]"""));
    assertThat(get("/api/status").at("/release").isNull()).isTrue();

    server.warehouse.refusal = "";
    awaitRun(post("/api/runs", DAILY));
    assertThat(get("/api/status").at("/release/id").asInt()).isEqualTo(1);
    assertThat(get("/api/status").at("/running")).isEmpty();
  }

  @Test
  void backfillsThePast() throws Exception {
    String january =
        "{\"select\":\"silver.daily_clicks\",\"from\":\"2026-01-01\",\"to\":\"2026-01-11\"";
    assertThat(post("/api/backfills", january + ",\"plan\":true}").at("/plan/0/intervals").asInt())
        .isEqualTo(10);

    JsonNode begun = post("/api/backfills", january + "}");
    assertThat(begun.at("/total").asInt()).isEqualTo(10);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> !get("/api/backfills/1").at("/ended_at").isNull());
    JsonNode ended = get("/api/backfills/1");
    assertThat(ended.at("/state").asText()).isEqualTo("done");
    assertThat(ended.at("/done").asInt()).isEqualTo(10);
    assertThat(get("/api/runs/" + ended.at("/run").asInt()).at("/backfill")).isEqualTo(ended);
    assertThat(post("/api/backfills", "{\"select\":\"silver.daily_clicks\",\"max_parallel\":0}"))
        .isEqualTo(
            JSON.readTree(
                "{\"error\":\"Cannot backfill with max_parallel 0: it is 1 or more\",\"code\":\"caller\"}"));
  }

  @Test
  void doesTheUpkeepThatIsPlanned() throws Exception {
    for (int build = 0; build < 10; build++) {
      awaitRun(post("/api/runs", "{\"select\":\"silver.daily_clicks\",\"full_refresh\":true}"));
    }
    assertThat(get("/api/upkeep").at("/plan").findValuesAsText("table"))
        .contains("silver.daily_clicks");

    long run = post("/api/upkeep", "{}").at("/run").asLong();
    JsonNode upkeep = get("/api/runs/" + run);
    assertThat(upkeep.at("/kind").asText()).isEqualTo("upkeep");
    assertThat(upkeep.at("/state").asText()).isEqualTo("done");
    assertThat(upkeep.at("/steps").findValuesAsText("table")).contains("silver.daily_clicks");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'select':'gold.popular_pages'} Cannot build 'gold.popular_pages': only views are selected, and they are not kept",
        "{'from':'yesterday'} Cannot read 'yesterday' as 'from': write a day such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z",
        "{'from':'2026-02-01','to':'2026-01-01'} Cannot build from '2026-02-01' to '2026-01-01': the end is not after the start"
      })
  void saysWhatIsWrongWithARequest(String requestAndError) throws Exception {
    String[] parts = requestAndError.split("} ", 2);

    JsonNode answer = post("/api/runs", parts[0].replace('\'', '"') + "}");
    assertThat(answer.at("/error").asText()).isEqualTo(parts[1]);
    assertThat(answer.at("/code").asText()).isEqualTo("caller");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/runs",
        "/api/runs/1/cancel",
        "/api/runs/1/retry",
        "/api/backfills",
        "/api/backfills/1/cancel",
        "/api/releases/1/rollback",
        "/api/upkeep"
      })
  void changesNothingForAForeignPage(String path) throws Exception {
    assertThat(send(to(path).POST(BodyPublishers.ofString("{}"))).statusCode()).isEqualTo(415);
    assertThat(
            send(to(path)
                    .header("Content-Type", "application/json")
                    .header("Origin", "http://evil.example")
                    .POST(BodyPublishers.ofString("{}")))
                .statusCode())
        .isEqualTo(403);
    assertThat(get("/api/runs")).isEmpty();
  }

  private JsonNode awaitRun(JsonNode begun) throws Exception {
    assertThat(begun.has("run")).as(begun.toString()).isTrue();
    String path = "/api/runs/" + begun.at("/run").asLong();
    await().atMost(Duration.ofSeconds(30)).until(() -> !get(path).at("/ended_at").isNull());
    return get(path);
  }

  private int count(String table) throws Exception {
    String answer =
        send(to("/api/query")
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        "{\"sql\":\"SELECT count(*) FROM %s\"}".formatted(table))))
            .body();
    return JSON.readTree(answer.lines().toList().get(1)).get(0).asInt();
  }

  private JsonNode get(String path) throws Exception {
    return JSON.readTree(send(to(path)).body());
  }

  private JsonNode post(String path, String body) throws Exception {
    return JSON.readTree(
        send(to(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)))
            .body());
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(server.url(path)));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }
}
