package io.millrace.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.boot.processes.Installation;
import io.millrace.core.DataDirectory;
import io.millrace.core.Endpoints;
import io.millrace.core.ProcessState;
import io.millrace.testkit.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** A {@code millrace} command as a user runs it: a process started from {@code dist/lib}. */
final class Command implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Far more than it takes, for machines that are busy with something else. */
  static final Duration PATIENCE = Duration.ofMinutes(3);

  private final HttpClient http = HttpClient.newHttpClient();
  private final DataDirectory data;
  private final Path output;
  private final Process process;
  private final Queue<String> unanswered = new ConcurrentLinkedQueue<>();

  private Command(DataDirectory data, Path output, Process process) {
    this.data = data;
    this.output = output;
    this.process = process;
  }

  /** Starts up or demo; what it says is kept in a file beside the data. */
  static Command start(DataDirectory data, String... words) throws IOException {
    return startWith(List.of(), data, words);
  }

  /** The same with more variables in its environment, {@code NAME=value} each. */
  static Command startWith(List<String> variables, DataDirectory data, String... words)
      throws IOException {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--data", data.root().toString(), "--port", freePort()));
    return launch(variables, data, all);
  }

  /** Starts a command that speaks with what is up. */
  static Command client(DataDirectory data, String... words) throws IOException {
    return clientWith(List.of(), data, words);
  }

  /** The same with more variables in its environment. */
  static Command clientWith(List<String> variables, DataDirectory data, String... words)
      throws IOException {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--data", data.root().toString()));
    return launch(variables, data, all);
  }

  /** Starts a command that needs no data directory. */
  static Command startIn(Path directory, String... words) throws IOException {
    return launch(List.of(), new DataDirectory(directory.resolve("none")), List.of(words));
  }

  private static Command launch(List<String> variables, DataDirectory data, List<String> words)
      throws IOException {
    Path output = Files.createTempFile(data.root().getParent(), "millrace", ".out");
    // Shells start background jobs with Ctrl-C ignored, and a JVM that is started so ignores it
    // too.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    command.addAll(variables);
    List<String> main = new ArrayList<>(List.of(Main.class.getName()));
    main.addAll(words);
    command.addAll(
        new Installation(Repository.here().root())
            .java(
                "server",
                List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx384m"),
                main));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    return new Command(data, output, process);
  }

  /** Not the usual port: whoever runs the tests may have a project of their own up. */
  private static String freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return Integer.toString(socket.getLocalPort());
    }
  }

  long pid() {
    return process.pid();
  }

  String output() throws IOException {
    return Files.readString(output);
  }

  /** Its exit code, once it has ended by itself. */
  int exitCode() throws InterruptedException {
    return exitCode(PATIENCE);
  }

  int exitCode(Duration patience) throws InterruptedException {
    assertThat(process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  /** Waits for its end, and says whether that came in time. */
  boolean endsWithin(long millis) throws InterruptedException {
    return process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  /** Ends it without asking, as kill -9 does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Ends a process of {@code up} without asking, and says what it was. */
  ProcessState kill(String name) throws IOException, InterruptedException {
    ProcessState state = state(name);
    // Nothing is number 0: kill would take it for all of us.
    assertThat(state.pid()).as(name).isPositive();
    signal("KILL", state.pid());
    return state;
  }

  /** Waits until a process that was killed has been started again. */
  void awaitBack(ProcessState killed) {
    await(killed.name() + " is back")
        .atMost(PATIENCE)
        .until(
            () -> {
              ProcessState now = state(killed.name());
              return now.state() == ProcessState.State.RUNNING && now.pid() != killed.pid();
            });
  }

  /** Sends a signal as kill does, such as INT, which is Ctrl-C. */
  static void signal(String name, long pid) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
    assertThat(kill.waitFor()).isZero();
  }

  Command awaitReady() {
    await("ready")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .failFast(() -> assertThat(process.isAlive()).as(this::unchecked).isTrue())
        .until(() -> get("/health").map(it -> it.get("ready").asBoolean()).orElse(false));
    return this;
  }

  private String unchecked() {
    try {
      return output();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What {@code up} knows of one of its processes. */
  ProcessState state(String name) {
    return ProcessState.read(data.processes()).stream()
        .filter(it -> it.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  List<Long> children() {
    return process.children().map(ProcessHandle::pid).toList();
  }

  String url() {
    return Endpoints.find(data.endpoints()).orElseThrow().serverUrl();
  }

  /** Posts until it is confirmed, as a producer does. */
  void post(String stream, String events) {
    await("taken")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> postOnce(stream, events) == 200);
  }

  /** The status of the answer; 0 while there is none. */
  int postOnce(String stream, String events) throws InterruptedException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url() + "/v1/streams/" + stream + "/events"))
              .header("Authorization", "Bearer " + Files.readString(data.localKey()).strip())
              .header("Content-Type", "application/x-ndjson")
              .POST(BodyPublishers.ofString(events))
              .build();
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        unanswered.add(answer.statusCode() + " " + answer.body());
      }
      return answer.statusCode();
    } catch (IOException e) {
      unanswered.add(e.toString());
      return 0;
    }
  }

  /** Why posts were sent again, of which some events may then have been there twice. */
  String sentAgain() {
    return "sent again after " + unanswered;
  }

  /** The one number that a query gives; -1 while it cannot be asked. */
  long number(String sql) throws IOException, InterruptedException {
    return value(sql).map(JsonNode::asLong).orElse(-1L);
  }

  /** The one text that a query gives. */
  String text(String sql) throws IOException, InterruptedException {
    return value(sql).orElseThrow().asText();
  }

  private Optional<JsonNode> value(String sql) throws IOException, InterruptedException {
    String body = JSON.createObjectNode().put("sql", sql).toString();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + "/api/query"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      List<String> lines = answer.body().lines().toList();
      return answer.statusCode() == 200
          ? Optional.of(JSON.readTree(lines.get(1)).get(0))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** What the API answers to something that is asked for. */
  JsonNode postJson(String path, String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  /** The answer of the API; empty while there is none. */
  Optional<JsonNode> get(String path) throws InterruptedException {
    Optional<Endpoints> endpoints = Endpoints.find(data.endpoints());
    if (endpoints.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI uri = URI.create(endpoints.get().serverUrl() + path);
      HttpRequest request = HttpRequest.newBuilder(uri).build();
      return Optional.of(JSON.readTree(http.send(request, BodyHandlers.ofString()).body()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Waits until every event on the topic of a stream is in a table, and gives its balance. */
  JsonNode settled(String stream) {
    return await("settled")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> get("/api/proof?stream=" + stream).map(it -> it.path("streams").path(0)),
            balance -> balance.filter(it -> it.path("in_flight").asLong(1) == 0).isPresent())
        .orElseThrow();
  }

  @Override
  public void close() {
    List<ProcessHandle> children = process.children().toList();
    process.destroy();
    process.onExit().completeOnTimeout(process, 20, TimeUnit.SECONDS).join();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }
}
