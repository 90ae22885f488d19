package io.millrace.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebServerTest {

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
  void refusesAPathWithABrokenEscape() throws Exception {
    assertThat(get("/api/runs/%@A"))
        .startsWith("HTTP/1.1 400 Bad Request\r\n")
        .contains("\r\nContent-Type: application/json\r\n")
        .endsWith(
            "\r\n\r\n{\"error\":\"Cannot read the path '/api/runs/%@A': '%@A' is no escape; "
                + "write two hexadecimal digits behind '%', and '%25' for a percent sign itself\","
                + "\"code\":\"caller\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/%@A",
        "/api/assets/%@A/lineage",
        "/api/reports/a/tiles/%:0",
        "/console/%@A",
        "/v1/live/clicks/a/%@A",
        "/v1/streams/%@A/events"
      })
  void doesSoOnEveryPath(String path) throws Exception {
    assertThat(get(path + "?full=true"))
        .startsWith("HTTP/1.1 400 ")
        .contains("Cannot read the path '" + path + "': '%");
  }

  @ParameterizedTest
  @CsvSource({"/api/proof, full=%zz", "/api/runs, %zz", "/, a=1&b=%4", "/health, %"})
  void refusesAQueryWithABrokenEscape(String path, String query) throws Exception {
    assertThat(get(path + "?" + query))
        .startsWith("HTTP/1.1 400 ")
        .contains("Cannot read the query '" + query + "': '%");
  }

  @Test
  void refusesWhatIsNoRequestWithASentenceToo() throws Exception {
    assertThat(get("/api/runs/%zz"))
        .startsWith("HTTP/1.1 400 Bad Request\r\n")
        .contains("\r\nContent-Type: application/json\r\n")
        .endsWith(
            "\r\n\r\n{\"error\":\"Cannot read the request: its first line or its headers are not valid "
                + "(Bad Request); in its address, write two hexadecimal digits behind '%', and '%25' for "
                + "a percent sign itself\",\"code\":\"caller\"}");
  }

  @Test
  void readsAnAddressThatIsEscapedWell() throws Exception {
    assertThat(get("/api/runs/%37%25?of=%61ll"))
        .startsWith("HTTP/1.1 404 ")
        .contains("Cannot find run '7%'");
    assertThat(get("/api/assets/g%C3%B6ld")).startsWith("HTTP/1.1 404 ").contains("'göld'");
  }

  @Test
  void takesPercentSignsElsewhereAsTheyAre() throws Exception {
    assertThat(ask("GET /api/runs HTTP/1.1\r\nCookie: a=%zz\r\n", "")).startsWith("HTTP/1.1 200 ");
    assertThat(
            ask(
                "POST /api/query HTTP/1.1\r\nContent-Type: application/json\r\n",
                "{\"sql\":\"SELECT '%zz'\"}"))
        .startsWith("HTTP/1.1 200 ")
        .contains("[\"%zz\"]");
    assertThat(
            ask(
                "POST /api/query HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n",
                "sql=%zz"))
        .startsWith("HTTP/1.1 415 ")
        .contains("Cannot read the query: send it as Content-Type application/json");
  }

  private static String get(String target) throws IOException {
    return ask("GET " + target + " HTTP/1.1\r\n", "");
  }

  private static String ask(String head, String body) throws IOException {
    String rest =
        "Host: localhost\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(body.length(), body);
    return server.answerTo((head + rest).getBytes(UTF_8));
  }
}
