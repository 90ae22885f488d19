package io.millrace.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.Usage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PracticeApiTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir static Path directory;
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server =
        RunningServer.start(
            directory, SmallLake.practising(SmallLake.project(directory)), "/", "/", "/basket");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<String> send(HttpRequest.Builder request, String path)
      throws IOException, InterruptedException {
    return HTTP.send(request.uri(URI.create(server.url(path))).build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> solve(String task, String sql) throws Exception {
    String body = JSON.writeValueAsString(JSON.createObjectNode().put("sql", sql));
    return send(
        HttpRequest.newBuilder()
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)),
        "/api/practice/" + task);
  }

  @Test
  void tellsTasksWithoutTheirSolutions() throws Exception {
    HttpResponse<String> answer = send(HttpRequest.newBuilder(), "/api/practice");
    assertThat(answer.body()).doesNotContain("secret").doesNotContain("SELECT");
    JsonNode task = JSON.readTree(answer.body()).at("/tasks/0");
    assertThat(JSON.readTree(answer.body()).at("/project").asText()).isEqualTo("corner shop");
    assertThat(task.at("/name").asText()).isEqualTo("pages");
    assertThat(task.at("/tables/0").asText()).isEqualTo("bronze.clicks");
    assertThat(task.at("/order_by/0").asText()).isEqualTo("clicks");
    assertThat(task.at("/hints/0").asText()).isEqualTo("Count them.");
  }

  @Test
  void gradesAnAnswerByItsRows() throws Exception {
    JsonNode right =
        JSON.readTree(
            solve("pages", "SELECT page, count(*) FROM bronze.clicks GROUP BY 1 ORDER BY 2 DESC")
                .body());
    assertThat(right.at("/right").asBoolean()).isTrue();
    assertThat(right.at("/sentence").asText()).isEqualTo("Right: all of 2 rows.");

    JsonNode wrong =
        JSON.readTree(
            solve("pages", "SELECT DISTINCT page, 1 FROM bronze.clicks ORDER BY 1 DESC").body());
    assertThat(wrong.at("/right").asBoolean()).isFalse();
    assertThat(wrong.at("/sentence").asText())
        .isEqualTo("Of 2 rows, 1 is missing; 1 is not asked for.");
    assertThat(wrong.at("/missing").toString()).isEqualTo("[[\"/\",2]]");
    assertThat(wrong.at("/extra").toString()).isEqualTo("[[\"/\",1]]");
    assertThat(wrong.at("/missing_rows").asInt()).isEqualTo(1);
  }

  @Test
  void answersAreQueriesLikeAnyOther() throws Exception {
    HttpResponse<String> refused = solve("pages", "DROP TABLE bronze.clicks");
    assertThat(refused.statusCode()).isEqualTo(400);
    HttpResponse<String> failed = solve("pages", "SELECT pgae FROM bronze.clicks");
    assertThat(failed.statusCode()).isEqualTo(400);
    assertThat(failed.body()).contains("pgae").doesNotContain("secret");
  }

  @Test
  void whatItTakesIsCountedUnderTheTask() throws Exception {
    solve("pages", "SELECT 1");
    solve("pages", "SELECT page, secret FROM bronze.clicks");

    assertThat(server.books.usage().since(Instant.EPOCH))
        .filteredOn(it -> it.kind() == Usage.Kind.QUERY)
        .allSatisfy(it -> assertThat(it.name()).startsWith("practice "))
        .anySatisfy(
            it -> {
              assertThat(it.name()).isEqualTo("practice pages");
              assertThat(it.times()).isGreaterThanOrEqualTo(2);
              assertThat(it.busy()).isPositive();
            });
  }

  @Test
  void saysWhyItCannotGrade() throws Exception {
    HttpResponse<String> unknown = solve("page", "SELECT 1");
    assertThat(unknown.statusCode()).isEqualTo(400);
    assertThat(unknown.body()).contains("Cannot find task 'page': did you mean 'pages'?");
    assertThat(solve("pages", " ").body()).contains("Cannot grade the answer: 'sql' is empty");
    HttpResponse<String> empty = solve("no_orders", "SELECT id FROM bronze.orders");
    assertThat(empty.statusCode()).isEqualTo(503);
    assertThat(empty.body())
        .contains(
            "Cannot grade 'no_orders': its tables have no rows yet; load events and build them first");
  }
}
