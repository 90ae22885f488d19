package io.millrace.serve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * Any request to any route: it is answered, and never with 500. Plain tests run it on the kept
 * inputs; {@code -Pfuzz} looks for others.
 */
class RoutesFuzzTest {

  private static final int TIMEOUT_MS = 20_000;

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
          "/{}");

  private static final List<String> PARAMETERS =
      List.of("", "full", "stream", "column", "direction", "of", "steps", "table");

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
    String method = data.pickValue(List.of("GET", "POST", "PUT", "HEAD"));
    String path = data.pickValue(PATHS).replace("{}", word(data));
    String parameter = data.pickValue(PARAMETERS);
    String target = parameter.isEmpty() ? path : path + "?" + parameter + "=" + word(data);
    byte[] body = data.consumeRemainingAsBytes();
    String head =
        "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(method, target, body.length);
    String answer = ask(head.getBytes(ISO_8859_1), body);
    assertThat(answer).as(head + new String(body, UTF_8)).matches("(?s)HTTP/1\\.1 [2-5]\\d\\d .*");
    assertThat(answer).as(head + new String(body, UTF_8)).doesNotStartWith("HTTP/1.1 500");
  }

  /** Without what would end the line of the request. */
  private static String word(FuzzedDataProvider data) {
    return data.consumeString(60).replaceAll("[\\x00-\\x20#\\x7f-\\uffff]", "");
  }

  private static String ask(byte[] head, byte[] body) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(TIMEOUT_MS);
      ByteArrayOutputStream request = new ByteArrayOutputStream();
      request.write(head);
      request.write(body);
      socket.getOutputStream().write(request.toByteArray());
      return new String(socket.getInputStream().readNBytes(4_096), UTF_8);
    }
  }
}
