package io.millrace.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.core.KeyFile;
import io.millrace.project.Roles;
import io.millrace.project.Sight;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who sees what, by the key that is sent. */
class AccessTest {

  private static final String NO_KEY = "";

  @TempDir static Path directory;
  private static RunningServer server;
  private static KeyFile keys;
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void start() {
    TreeMap<String, Sight> sights = new TreeMap<>(Roles.DEFAULTS.sights());
    sights.put("support", Sight.CLEAR);
    Roles roles = new Roles(sights, "guest");
    server =
        RunningServer.start(
            directory,
            SmallLake.personal(SmallLake.project(directory), roles),
            "/secret/a",
            "/secret/b");
    keys = new KeyFile(server.data.readKeys(), "read key");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void whoHasNoKeyHasTheDefaultRole() throws Exception {
    assertThat(rows(NO_KEY)).containsExactly("[null,2]");
  }

  @Test
  void aKeySeesWhatItsRoleSees() throws Exception {
    String ada = keys.add(new KeyFile.Holder("ada", "support"));
    String bob = keys.add(new KeyFile.Holder("bob", "analyst"));

    assertThat(rows(ada)).containsExactly("[\"/secret/a\",1]", "[\"/secret/b\",1]");
    assertThat(rows(bob)).containsExactly("[null,2]");
  }

  @Test
  void refusesAKeyThatIsNone() throws Exception {
    String gone = keys.add(new KeyFile.Holder("carl", "auditor"));

    HttpResponse<String> wrong = query("SELECT 1", "wrong");
    assertThat(wrong.statusCode()).isEqualTo(401);
    assertThat(wrong.body())
        .contains("Cannot answer: the key is none that may read")
        .contains("\"code\":\"caller\"");
    HttpResponse<String> ofNoRole = query("SELECT 1", gone);
    assertThat(ofNoRole.statusCode()).isEqualTo(401);
    assertThat(ofNoRole.body()).contains("the key 'carl' is for role 'auditor'");
    assertThat(get("/api/status", "wrong").statusCode()).isEqualTo(401);
    assertThat(get("/api/status", NO_KEY).statusCode()).isEqualTo(200);
  }

  @Test
  void examplesOfDifferencesAreWithoutWhatIsHidden() throws Exception {
    String support = keys.add(new KeyFile.Holder("dora", "support"));
    server.build(SmallLake.DAILY);
    server.buildAgain(SmallLake.DAILY);

    JsonNode hidden = json(get("/api/diff?a=1&b=2", NO_KEY)).at("/differences/0");
    JsonNode shown = json(get("/api/diff?a=1&b=2", support)).at("/differences/0");
    assertThat(hidden.at("/added")).isEqualTo(shown.at("/added"));
    assertThat(hidden.at("/added").asInt()).isPositive();
    assertThat(shown.at("/added_examples/0").asText()).isEqualTo("{day=2026-01-01}");
    assertThat(hidden.at("/added_examples/0").asText()).isEqualTo("{day=\u2026}");
  }

  @Test
  void valuesWithManyRowsAreNotNamedWhereTheyAreHidden() throws Exception {
    JsonNode skew = json(get("/api/skew?table=bronze.clicks&column=page", NO_KEY));

    assertThat(skew.at("/heavy")).hasSize(1);
    assertThat(skew.at("/heavy/0/value").isNull()).isTrue();
  }

  @Test
  void aConditionOverRejectedEventsNeedsTheSightOfAll() throws Exception {
    String support = keys.add(new KeyFile.Holder("emil", "support"));
    String replay = "/api/streams/clicks/replay";
    String question = "{\"where\":\"reason = 'x'\",\"plan\":true}";

    HttpResponse<String> refused = post(replay, question, NO_KEY);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body())
        .contains("Cannot replay clicks: its rejected events have personal data");
    assertThat(post(replay, question, support).statusCode()).isEqualTo(200);
    assertThat(post("/api/streams/orders/replay", question, NO_KEY).statusCode()).isEqualTo(200);
  }

  @Test
  void erasuresAreForWhoSeesPersonalData() throws Exception {
    String support = keys.add(new KeyFile.Holder("fred", "support"));
    server.correct();

    JsonNode hidden = json(get("/api/corrections", NO_KEY));
    assertThat(hidden.at("/rebuilds/0/last").asInt()).isEqualTo(4);
    assertThat(hidden.get("erasures").isNull()).isTrue();
    JsonNode shown = json(get("/api/corrections", support)).get("erasures");
    assertThat(shown).hasSize(1);
    assertThat(shown.at("/0/people").asInt()).isEqualTo(1);
    assertThat(shown.toString())
        .contains("{\"table\":\"bronze.clicks\",\"rows\":412}")
        .doesNotContain("0123456789abcdef");
  }

  @Test
  void thePageOfAnAssetMarksWhatTellsWhoSomebodyIs() throws Exception {
    JsonNode page = json(get("/api/assets/gold.popular_pages", NO_KEY));

    assertThat(page.at("/columns/0/name").asText()).isEqualTo("page");
    assertThat(page.at("/columns/0/pii").asText()).isEqualTo("clear");
    assertThat(page.at("/columns/1/pii").isNull()).isTrue();
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    return new JsonMapper().readTree(answer.body());
  }

  private List<String> rows(String key) throws Exception {
    HttpResponse<String> answer =
        query("SELECT page, clicks FROM gold.popular_pages ORDER BY page", key);
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body().lines().filter(line -> line.startsWith("[")).toList();
  }

  private HttpResponse<String> query(String sql, String key) throws Exception {
    return post("/api/query", "{\"sql\":\"" + sql + "\"}", key);
  }

  private HttpResponse<String> get(String path, String key) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(server.url(path))), key);
  }

  private HttpResponse<String> post(String path, String body, String key) throws Exception {
    return send(
        HttpRequest.newBuilder(URI.create(server.url(path)))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)),
        key);
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String key)
      throws IOException, InterruptedException {
    if (!key.isEmpty()) {
      request.header("Authorization", "Bearer " + key);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }
}
