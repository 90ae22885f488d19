package io.millrace.boot.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.boot.faults.Vitals.Part;
import io.millrace.core.DataDirectory;
import io.millrace.core.Endpoints;
import io.millrace.core.MillraceException;
import io.millrace.project.Project;
import io.millrace.project.StreamContract;
import io.millrace.prove.SoakSeries;
import io.millrace.prove.SoakSeries.Envelope;
import io.millrace.prove.SoakSeries.Kind;
import io.millrace.prove.SoakSeries.Point;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Measures a project that runs, again and again. */
final class Samples {

  private static final double MB = 1 << 20;
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration AGAIN = Duration.ofMillis(500);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final DataDirectory data;
  private final RunningUp up;
  private final Load load;
  private final Duration repeatWindow;
  private final Duration snapshots;
  private final Duration topics;
  private final Map<String, Kind> kinds = new LinkedHashMap<>();
  private final Map<String, String> units = new HashMap<>();
  private final Map<String, List<Point>> points = new HashMap<>();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LIMIT).build();
  private int proofs;
  private int proofsFailed;

  Samples(Project project, DataDirectory data, RunningUp up, Load load) {
    this.data = data;
    this.up = up;
    this.load = load;
    this.repeatWindow = longest(project, StreamContract::repeatWindow);
    this.snapshots = project.settings().snapshotRetention();
    this.topics = longest(project, project.settings()::retention);
  }

  private static Duration longest(Project project, Function<StreamContract, Duration> kept) {
    return project.streams().values().stream()
        .map(kept)
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  int proofs() {
    return proofs;
  }

  int proofsFailed() {
    return proofsFailed;
  }

  /** How often a process had to be started again. */
  int restarts() {
    return parts().stream().mapToInt(Part::restarts).sum();
  }

  List<SoakSeries> series() {
    return kinds.entrySet().stream()
        .map(
            it ->
                new SoakSeries(
                    it.getValue(), it.getKey(), units.get(it.getKey()), points.get(it.getKey())))
        .toList();
  }

  /**
   * How long ago the oldest event was acknowledged that is not in its table, as a query sees it.
   */
  double behindSeconds() {
    return load.behindSeconds(bronze(get("/api/status")));
  }

  /**
   * Measures everything once.
   *
   * @param at since the load began
   */
  void take(Duration at) {
    JsonNode status = get("/api/status");
    add(at, "acknowledged to queryable", "s", middle(0.25, 1), load.behindSeconds(bronze(status)));
    double[] posts = load.posts().take();
    if (posts.length > 0) {
      add(at, "a batch, p50", "ms", middle(0.25, 5), posts[posts.length / 2]);
      add(at, "a batch, p99", "ms", middle(0.5, 50), posts[(int) (posts.length * 0.99)]);
    }
    disk(at, status);
    for (Part part : parts()) {
      Duration kept = part.name().equals("stream") ? repeatWindow : Duration.ZERO;
      heap(part)
          .ifPresent(
              it ->
                  add(
                      at,
                      "heap of " + part.name() + " after collections",
                      "MB",
                      new Kind(Envelope.MIDDLE, kept, 0.15, 16),
                      it / MB));
      Vitals.of(part.pid()).ifPresent(it -> vitals(at, part.name(), kept, it));
    }
  }

  private static Kind middle(double tolerance, double slack) {
    return new Kind(Envelope.MIDDLE, Duration.ZERO, tolerance, slack);
  }

  private static Kind upper(Duration kept, double tolerance, double slack) {
    return new Kind(Envelope.UPPER, kept, tolerance, slack);
  }

  private void vitals(Duration at, String part, Duration kept, Vitals it) {
    Kind memory = new Kind(Envelope.MIDDLE, kept, 0.1, 16);
    // Each segment of a topic that is kept is a few open files of the broker.
    Duration open = part.equals("broker") ? topics : Duration.ZERO;
    add(at, "memory of " + part, "MB", memory, it.memoryBytes() / MB);
    add(at, "threads of " + part, "", upper(Duration.ZERO, 0.1, 3), it.threads());
    add(at, "open files of " + part, "", upper(open, 0.2, 20), it.openFiles());
  }

  private void disk(Duration at, JsonNode status) {
    long files = 0;
    for (JsonNode table : status.path("tables")) {
      files += table.path("files").asLong();
    }
    Path lake = data.lake();
    Disk metadata = Disk.under(lake, Disk::isMetadata);
    Disk all = Disk.under(lake);
    add(at, "files that tables have", "", upper(Duration.ZERO, 0.25, 50), (double) files);
    add(at, "files on the disk", "", upper(snapshots, 0.25, 100), (double) all.files());
    add(at, "metadata of tables", "MB", upper(snapshots, 0.25, 1), metadata.bytes() / MB);
    Disk ledgers = Disk.of(data.metadata());
    add(at, "catalog and ledger", "MB", upper(Kind.EVER, 0.1, 1), ledgers.bytes() / MB);
    Disk checkpoints = Disk.under(data.checkpoints());
    add(at, "checkpoints", "MB", upper(repeatWindow, 0.15, 5), checkpoints.bytes() / MB);
    Disk temporary = Disk.under(data.temporary("any").getParent());
    // What a build spills is as large as what it reads; what stays behind must not grow.
    Kind left = new Kind(Envelope.LOWER, Duration.ZERO, 0.25, 64);
    add(at, "temporary files between builds", "MB", left, temporary.bytes() / MB);
    Disk logs = Disk.under(data.log("any").getParent());
    add(at, "logs", "MB", upper(Kind.EVER, 0.25, 1), logs.bytes() / MB);
  }

  /**
   * Asks for the proof, as the console does.
   *
   * @return what does not hold, in sentences
   */
  List<String> prove(Duration at) {
    long started = System.nanoTime();
    JsonNode proof = get("/api/proof");
    if (proof.path("holds").isMissingNode()) {
      return List.of();
    }
    proofs++;
    proofsFailed += proof.get("holds").asBoolean() ? 0 : 1;
    add(at, "a proof", "ms", middle(0.25, 500), (System.nanoTime() - started) / 1e6);
    return broken(proof);
  }

  private static List<String> broken(JsonNode proof) {
    List<String> broken = new ArrayList<>();
    for (JsonNode stream : proof.get("streams")) {
      stream.get("breaches").forEach(it -> broken.add(sentence(stream.get("stream"), it)));
    }
    for (JsonNode balance : proof.get("balances")) {
      if (balance.get("broken").asBoolean()) {
        broken.add(sentence(balance.get("balance"), balance));
      }
    }
    return broken;
  }

  private static String sentence(JsonNode name, JsonNode broken) {
    return name.asText() + ": " + broken.get("sentence").asText();
  }

  private void add(Duration at, String name, String unit, Kind kind, double value) {
    kinds.putIfAbsent(name, kind);
    units.put(name, unit);
    points.computeIfAbsent(name, it -> new ArrayList<>()).add(new Point(at, value));
  }

  private List<Part> parts() {
    return Vitals.parts(data.processes(), up.pid());
  }

  private static Map<String, Long> bronze(JsonNode status) {
    Map<String, Long> rows = new HashMap<>();
    status
        .path("streams")
        .forEach(it -> rows.put(it.get("name").asText(), it.get("accepted").asLong()));
    return rows;
  }

  /** What the last collection of the old generation left, if there has been one. */
  private Optional<Double> heap(Part part) {
    Endpoints endpoints = endpoints();
    int port =
        switch (part.name()) {
          case "broker" -> endpoints.brokerMetrics();
          case "stream" -> endpoints.streamMetrics();
          case "server" -> endpoints.server();
          default -> 0;
        };
    if (port == 0) {
      return Optional.empty();
    }
    return text("http://127.0.0.1:" + port + "/metrics")
        .lines()
        .filter(it -> it.startsWith("jvm_memory_live_bytes "))
        .map(it -> Double.parseDouble(it.substring(it.indexOf(' ') + 1)))
        .filter(it -> it > 0)
        .findFirst();
  }

  private JsonNode get(String path) {
    try {
      return JSON.readTree(text(endpoints().serverUrl() + path));
    } catch (IOException e) {
      throw MillraceException.us("Cannot read the answer to " + path + ": " + e.getMessage(), e);
    }
  }

  private Endpoints endpoints() {
    return Endpoints.find(data.endpoints())
        .orElseThrow(() -> MillraceException.us("Cannot go on: the project does not run any more"));
  }

  /** Asks until there is an answer: who dies meanwhile is started again, and counted. */
  private String text(String uri) {
    HttpRequest request = HttpRequest.newBuilder(URI.create(uri)).timeout(LIMIT).build();
    long end = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      try {
        return http.send(request, BodyHandlers.ofString()).body();
      } catch (IOException e) {
        if (System.nanoTime() > end) {
          throw MillraceException.us("Cannot ask " + uri + ": " + e.getMessage(), e);
        }
        Wait.pause(AGAIN);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw MillraceException.world("Cannot go on: interrupted", e);
      }
    }
  }
}
