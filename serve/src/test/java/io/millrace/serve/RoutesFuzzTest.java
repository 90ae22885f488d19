package io.millrace.serve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * Any request to any route: it is answered, never with 500, and with a sentence if it is refused.
 * Plain tests run it on the kept inputs; {@code -Pfuzz} looks for others.
 */
class RoutesFuzzTest {

  private static final List<String> PATHS =
      List.of(
          "/health",
          "/metrics",
          "/api/status",
          "/api/rates",
          "/api/models",
          "/api/proof",
          "/api/query",
          "/api/practice",
          "/api/reports",
          "/api/reports/{}",
          "/api/reports/{}/page",
          "/api/reports/{}/tiles/{}",
          "/api/practice/{}",
          "/api/assets",
          "/api/assets/{}",
          "/api/assets/{}/lineage",
          "/api/releases",
          "/api/releases/{}/rollback",
          "/api/diff",
          "/api/upkeep",
          "/api/runs",
          "/api/runs/{}",
          "/api/runs/{}/cancel",
          "/api/runs/{}/retry",
          "/api/backfills",
          "/api/backfills/{}",
          "/api/backfills/{}/cancel",
          "/api/streams/{}/replay",
          "/api/erasures",
          "/api/incidents",
          "/api/incidents/{}/acknowledge",
          "/api/corrections",
          "/api/cost",
          "/api/size",
          "/api/skew",
          "/v1/live/{}",
          "/v1/live/{}/key",
          "/console/{}",
          "/{}");

  private static final List<String> PARAMETERS =
      List.of(
          "",
          "full",
          "stream",
          "column",
          "direction",
          "of",
          "steps",
          "table",
          "key",
          "hours",
          "events_per_second",
          "event_bytes",
          "a",
          "b");

  private static final int MAX_PARAMETERS = 2;

  private static final Pattern NO_ESCAPE = Pattern.compile("%(?!\\p{XDigit}{2})");

  @TempDir static Path directory;
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = RunningServer.start(directory, "/", "/basket");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @FuzzTest(maxDuration = "", maxExecutions = 100_000)
  @DictionaryFile(resourcePath = "routes.dict")
  void isAnsweredAndNeverWith500(FuzzedDataProvider data) throws IOException {
    var unused = BugDetectors.allowNetworkConnections((host, port) -> host.equals("localhost"));
    String method = data.pickValue(List.of("GET", "POST", "PUT", "HEAD"));
    String path = data.pickValue(PATHS).replace("{}", word(data));
    List<String> query = new ArrayList<>();
    for (int i = 0; i < MAX_PARAMETERS; i++) {
      String parameter = data.pickValue(PARAMETERS);
      if (!parameter.isEmpty()) {
        query.add(parameter + "=" + word(data));
      }
    }
    String target = query.isEmpty() ? path : path + "?" + String.join("&", query);
    byte[] body = data.consumeRemainingAsBytes();
    String head =
        "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(method, target, body.length);
    String answer = server.answerTo(joined(head.getBytes(ISO_8859_1), body));
    String request = head + new String(body, UTF_8);
    assertThat(answer).as(request).matches("(?s)HTTP/1\\.1 [2-5]\\d\\d .*");
    assertThat(answer).as(request).doesNotStartWith("HTTP/1.1 500");
    if (NO_ESCAPE.matcher(target).find()) {
      assertThat(answer).as(request).startsWith("HTTP/1.1 400");
    }
    if (!method.equals("HEAD")) {
      String told = answer.substring(answer.indexOf("\r\n\r\n") + 4);
      assertThat(told).as(request).isNotEmpty();
      if (answer.startsWith("HTTP/1.1 400")) {
        assertThat(told).as(request).startsWith("{\"error\":\"Cannot ");
      }
    }
  }

  private static byte[] joined(byte[] head, byte[] body) {
    return ByteBuffer.allocate(head.length + body.length).put(head).put(body).array();
  }

  /** Without what would end the line of the request. */
  private static String word(FuzzedDataProvider data) {
    return data.consumeString(60).replaceAll("[\\x00-\\x20#\\x7f-\\uffff]", "");
  }
}
