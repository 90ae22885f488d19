package io.millrace.boot;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.Javalin;
import io.millrace.collect.Collector;
import io.millrace.core.DataDirectory;
import io.millrace.core.Meters;
import io.millrace.project.Project;
import io.millrace.project.Settings;
import io.millrace.serve.WebServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The collector behind the server that it shares; no request gets as far as Kafka. */
class SharedServerTest {

  @TempDir private Path folder;
  private Collector collector;
  private Javalin server;

  @BeforeEach
  void start() {
    Project project =
        new Project("shop", folder, Settings.DEFAULTS, new TreeMap<>(), new TreeMap<>());
    collector = Collector.of(project, DataDirectory.of(folder), "127.0.0.1:1", new Meters());
    server = WebServer.create();
    collector.addTo(server);
    server.start("127.0.0.1", 0);
  }

  @AfterEach
  void stop() {
    server.stop();
    collector.close();
  }

  @Test
  void refusesABrokenAddressForTheCollectorAsForTheApi() throws Exception {
    assertThat(post("/v1/streams/%@A/events"))
        .startsWith("HTTP/1.1 400 ")
        .contains(
            "{\"error\":\"Cannot read the path '/v1/streams/%@A/events': '%@A' is no escape; ");
    assertThat(post("/v1/streams/clicks/events?verdicts=%zz"))
        .startsWith("HTTP/1.1 400 ")
        .contains("\"error\":\"Cannot read the query 'verdicts=%zz': '%zz' is no escape; ");
    assertThat(post("/v1/streams/%zz/events"))
        .startsWith("HTTP/1.1 400 ")
        .contains("\"error\":\"Cannot read the request: ");
    assertThat(post("/v1/streams/%41/events?verdicts=%61ll"))
        .startsWith("HTTP/1.1 401 ")
        .contains("\"error\":\"Cannot take events without a write key: ");
  }

  private String post(String target) throws IOException {
    String request =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
            .formatted(target);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }
}
