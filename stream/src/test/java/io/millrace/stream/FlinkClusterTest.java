package io.millrace.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.millrace.core.MillraceException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is made of the answers of a JobManager, which are as Flink 2.1 gives them. */
class FlinkClusterTest {

  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private HttpServer server;
  private FlinkCluster cluster;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String asked = exchange.getRequestMethod() + " " + exchange.getRequestURI();
          String answer = answers.getOrDefault(asked, "{\"errors\":[\"Job not found\"]}");
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(answers.containsKey(asked) ? 200 : 404, bytes.length);
          try (OutputStream body = exchange.getResponseBody()) {
            body.write(bytes);
          }
        });
    server.start();
    cluster = new FlinkCluster(url() + "/");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void overview(String version, int free) {
    answers.put(
        "GET /overview",
        "{\"taskmanagers\":2,\"slots-total\":4,\"slots-available\":%d,\"flink-version\":\"%s\"}"
            .formatted(free, version));
  }

  @Test
  void acceptsTheJobsVersionWithEnoughSlots() {
    overview("2.1.1", 2);
    cluster.requireFit("2.1.1", 2);

    assertThatThrownBy(() -> cluster.requireFit("2.1.1", 3))
        .isInstanceOf(MillraceException.class)
        .hasMessage(
            "Cannot deploy to %s: of 4 slots on 2 TaskManagers 2 are free, and the job takes 3; start another TaskManager, or make stream_parallelism smaller"
                .formatted(url()));
    assertThatThrownBy(() -> cluster.requireFit("2.0.0", 2))
        .hasMessage(
            "Cannot deploy to %s: the cluster is of Flink 2.1.1, and the job is made for 2.0.0; take a cluster of that version"
                .formatted(url()));
  }

  @Test
  void knowsJobsThatHaveNotEnded() {
    answers.put(
        "GET /jobs/overview",
        "{\"jobs\":[{\"jid\":\"a1\",\"name\":\"millrace.shop\",\"state\":\"CANCELED\"},{\"jid\":\"b2\",\"name\":\"millrace.shop\",\"state\":\"RESTARTING\"}]}");

    assertThat(cluster.jobs()).containsExactly(new FlinkCluster.Job("b2", "millrace.shop"));
  }

  @Test
  void aJobWorksOnceEveryTaskDoes() {
    answers.put(
        "GET /jobs/a1", "{\"vertices\":[{\"status\":\"RUNNING\"},{\"status\":\"INITIALIZING\"}]}");
    assertThat(cluster.works("a1")).isFalse();

    answers.put(
        "GET /jobs/a1", "{\"vertices\":[{\"status\":\"RUNNING\"},{\"status\":\"RUNNING\"}]}");
    answers.put("GET /jobs/a1/status", "{\"status\":\"RUNNING\"}");
    assertThat(cluster.works("a1")).isTrue();
    assertThat(cluster.status("a1")).isEqualTo(JobStatus.RUNNING);
  }

  @Test
  void saysTheDeepestCauseOfTheLastFailure() {
    answers.put(
        "GET /jobs/a1/exceptions",
        "{\"exceptionHistory\":{\"entries\":[{\"stacktrace\":\"java.lang.RuntimeException: outer\\n\\tat A.b(A.java:1)\\nCaused by: java.io.IOException: inner\\n\\tat C.d(C.java:2)\\n\"}]}}");
    assertThat(cluster.failure("a1")).isEqualTo("java.io.IOException: inner");

    answers.put("GET /jobs/a1/exceptions", "{\"exceptionHistory\":{\"entries\":[]}}");
    assertThat(cluster.failure("a1")).isEmpty();
  }

  @Test
  void saysWhatStandsInTheWay() {
    assertThatThrownBy(() -> new FlinkCluster("jobmanager:8081"))
        .hasMessage(
            "Cannot use 'jobmanager:8081' as a Flink cluster: write the address of its REST API as http://host:port");
    assertThatThrownBy(() -> cluster.status("a1"))
        .hasMessage(
            "Cannot deal with the Flink cluster at %s: it answers 404 Job not found"
                .formatted(url()));
    answers.put("GET /overview", "<html>not Flink</html>");
    assertThatThrownBy(() -> cluster.requireFit("2.1.1", 2))
        .hasMessage(
            "Cannot use %s as a Flink cluster: what answers there is not the REST API of a JobManager"
                .formatted(url()));
    server.stop(0);
    assertThatThrownBy(() -> cluster.jobs())
        .hasMessageStartingWith("Cannot reach the Flink cluster at %s: ".formatted(url()))
        .hasMessageEndingWith(
            "; see whether its JobManager runs, and whether this is the address of its REST API");
  }
}
