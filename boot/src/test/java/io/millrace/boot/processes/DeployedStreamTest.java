package io.millrace.boot.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.millrace.core.DataDirectory;
import io.millrace.core.Deployment;
import io.millrace.core.ProcessState;
import io.millrace.core.ProcessState.State;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeployedStreamTest {

  @TempDir Path folder;

  private final List<ProcessState> states = new CopyOnWriteArrayList<>();
  private final List<String> said = new CopyOnWriteArrayList<>();
  private volatile String answer = "";

  @Test
  void showsWhatTheClusterSays() throws IOException {
    HttpServer cluster =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    cluster.createContext(
        "/jobs/a1/status",
        exchange -> {
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          try (OutputStream body = exchange.getResponseBody()) {
            body.write(bytes);
          }
        });
    cluster.start();
    String url = "http://127.0.0.1:" + cluster.getAddress().getPort();
    DataDirectory data = new DataDirectory(folder);
    try (DeployedStream stream =
        new DeployedStream(data, Clock.systemUTC(), states::add, said::add)) {
      stream.start();
      awaitLast("The stream is on no Flink cluster: run millrace deploy stream --to URL");

      answer = "{\"errors\":[\"Job a1 not found\"]}";
      new Deployment(url, "a1", "kafka:9092", 2).write(data.deployment());
      awaitLast(
          "The stream, job a1 on %s, is not known there: if it stays so, run millrace deploy stream again"
              .formatted(url));
      answer = "{\"status\":\"RUNNING\"}";
      awaitLast("The stream, job a1 on %s, is running".formatted(url));
      answer = "{\"status\":\"RESTARTING\"}";
      awaitLast("The stream, job a1 on %s, is restarting".formatted(url));
      answer = "{\"status\":\"FAILED\"}";
      awaitLast(
          "The stream, job a1 on %s, is failed: run millrace deploy stream again".formatted(url));
      cluster.stop(0);
      awaitLast("The cluster of the stream, job a1 on %s, does not answer".formatted(url));
    }
    assertThat(states)
        .extracting(ProcessState::state)
        .containsExactly(
            State.DOWN, State.DOWN, State.RUNNING, State.STARTING, State.DOWN, State.DOWN);
    assertThat(states).extracting(ProcessState::restarts).containsExactly(0, 0, 0, 1, 1, 1);
  }

  private void awaitLast(String sentence) {
    await(sentence)
        .atMost(Duration.ofMinutes(1))
        .until(() -> !said.isEmpty() && said.get(said.size() - 1).equals(sentence));
  }
}
