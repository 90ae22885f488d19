package io.millrace.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.Javalin;
import io.millrace.core.DataDirectory;
import io.millrace.core.Endpoints;
import io.millrace.core.Incidents;
import io.millrace.core.Interval;
import io.millrace.core.MetadataDatabase;
import io.millrace.core.Meters;
import io.millrace.core.MillraceException;
import io.millrace.core.ProcessState;
import io.millrace.core.ProcessState.State;
import io.millrace.core.TableName;
import io.millrace.core.Usage;
import io.millrace.core.Usage.Work;
import io.millrace.engine.DuckDbEngine;
import io.millrace.engine.DuckDbRewriter;
import io.millrace.engine.DuckDbSqlReader;
import io.millrace.engine.Limits;
import io.millrace.engine.Workshop;
import io.millrace.lake.Erasures;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger;
import io.millrace.lake.Releases;
import io.millrace.lake.Upkeep;
import io.millrace.lake.UpkeepLimits;
import io.millrace.live.LiveValues;
import io.millrace.models.Differences;
import io.millrace.models.TestResults;
import io.millrace.project.Lineage;
import io.millrace.project.PersonalColumns;
import io.millrace.project.Project;
import io.millrace.project.Settings;
import io.millrace.prove.BalanceProof;
import io.millrace.prove.BalanceProof.Amount;
import io.millrace.prove.BalanceProof.Reason;
import io.millrace.prove.Breach;
import io.millrace.prove.Depth;
import io.millrace.prove.Proof;
import io.millrace.prove.StreamProof;
import io.millrace.schedule.Books;
import io.millrace.schedule.OpenRun;
import io.millrace.schedule.OpenStep;
import io.millrace.schedule.Request;
import io.millrace.schedule.Run;
import io.millrace.schedule.Scheduler;
import io.millrace.schedule.Surroundings;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The API and the console on a free port, over a real lake and engine. The stream process is played
 * by a second server that shows {@link #streamMeters} at its {@code /metrics}.
 */
final class RunningServer implements AutoCloseable {

  /** Of a server that hangs; a busy machine is slow to answer what it answers first. */
  private static final int TIMEOUT_MS = 120_000;

  static final Instant STARTED = Instant.parse("2026-01-31T12:00:00Z");

  final Meters meters = new Meters();
  final Meters streamMeters = new Meters();
  final DataDirectory data;
  private final Javalin streamProcess;
  private final Lake lake;
  private final DuckDbEngine engine;
  final Books books;
  final StandInWarehouse warehouse;
  private final Scheduler scheduler;
  private final Workshop workshop;
  private final TestResults tests;
  private final DuckDbSqlReader sql = new DuckDbSqlReader();
  final Releases releases;
  final Incidents incidents;
  private final Lineage lineage;
  private final PersonalColumns personal;
  private final Parts parts;
  private Api api;
  private Javalin app;

  private RunningServer(Path directory, Project project, String... pages) {
    data = DataDirectory.of(directory);
    lake = SmallLake.fill(project, data, pages);
    lineage = Lineage.of(project, sql);
    personal = PersonalColumns.of(project, lineage);
    engine =
        new DuckDbEngine(
            lake,
            data,
            project.models(),
            personal,
            Limits.of(project.settings()),
            data.temporary("query"));
    books = Books.open(data.metadata(), InstantSource.system());
    incidents = Incidents.open(data.metadata(), InstantSource.system());
    releases = Releases.open(data.metadata(), InstantSource.system());
    workshop =
        new Workshop(
            project.models(), Limits.ofBuilds(Settings.DEFAULTS), data.temporary("builds"));
    tests = TestResults.open(data.metadata());
    warehouse = new StandInWarehouse(lake, releases);
    Surroundings surroundings =
        new Surroundings(
            () -> 0, Optional::empty, table -> Optional.empty(), Duration.ofMillis(10));
    scheduler = new Scheduler(project, warehouse, books, InstantSource.system(), surroundings);
    streamProcess =
        WebServer.create().get("/metrics", request -> request.result(streamMeters.prometheus()));
    streamProcess.start("127.0.0.1", 0);
    Endpoints endpoints = new Endpoints("127.0.0.1:1", 0, 0, 0, streamProcess.port());
    parts =
        new Parts(
            project,
            data,
            endpoints,
            meters,
            lake,
            engine,
            RunningServer::prove,
            LiveValues.none(data),
            RunningServer::replay,
            RunningServer::rebuild,
            new NobodyToErase(),
            incidents,
            warehouse(project));
    processes(State.RUNNING);
  }

  private Parts.Warehouse warehouse(Project project) {
    return new Parts.Warehouse(
        scheduler,
        books,
        releases,
        tests,
        new Differences(project, lake, workshop, personal),
        lineage,
        personal,
        chores());
  }

  private Chores chores() {
    Upkeep upkeep =
        new Upkeep(
            lake,
            new DuckDbRewriter(64 << 20, data.temporary("upkeep")),
            releases::kept,
            UpkeepLimits.of(Settings.DEFAULTS),
            InstantSource.system(),
            rest -> {});
    return new Chores(upkeep, releases, UpkeepLimits.of(Settings.DEFAULTS), books.runs());
  }

  /** Starts on a lake with one click on each of these pages. */
  static RunningServer start(Path directory, String... pages) {
    return start(directory, SmallLake.project(directory), pages);
  }

  /** The same, of another project. */
  static RunningServer start(Path directory, Project project, String... pages) {
    RunningServer server = new RunningServer(directory, project, pages);
    server.startOn(0);
    return server;
  }

  private void startOn(int port) {
    app = WebServer.create();
    api = new Api(parts, InstantSource.system());
    api.addTo(app);
    new Console().addTo(app);
    app.start("127.0.0.1", port);
  }

  /** Goes away as a process that dies does; {@link #comeBack} on the same port. */
  int goAway() {
    int port = app.port();
    app.stop();
    api.close();
    return port;
  }

  void comeBack(int port) {
    startOn(port);
  }

  int port() {
    return app.port();
  }

  String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  /** What it answers to bytes, also to some that the JDK's client would not send. */
  String answerTo(byte[] request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      socket.setSoTimeout(TIMEOUT_MS);
      socket.getOutputStream().write(request);
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  /** A run of two steps, of which the second is refused. */
  long run() {
    try (OpenRun run = books.runs().begin(Run.Kind.RUN, "2 tables", "asked for by hand")) {
      OpenStep sales = run.step("silver.sales");
      sales.say("read 120 rows");
      sales.done(120);
      run.step("gold.daily_sales").refused("3 rows have no day", "failed_" + run.id());
      return run.id();
    }
  }

  /** Builds a model, and waits for it. */
  void build(TableName table) {
    var unused = scheduler.run(Request.of(List.of(table), "asked for")).end().join();
  }

  /** Builds all of a model once more, whatever the ledger says. */
  void buildAgain(TableName table) {
    var unused = scheduler.run(Request.of(List.of(table), "asked for").full()).end().join();
  }

  void processes(State ofStream) {
    ProcessState.write(
        data.processes(),
        List.of(
            new ProcessState("broker", State.RUNNING, 4711, 0, STARTED),
            new ProcessState("stream", ofStream, 4712, 1, STARTED),
            new ProcessState("server", State.STARTING, 4713, 0, STARTED)));
  }

  /** Notes what something took. */
  void note(Usage.Kind kind, String name, long times, long seconds, long bytes) {
    books.usage().note(new Work(kind, name, times, Duration.ofSeconds(seconds), bytes));
  }

  /** 300 clicks and 100 orders that a commit has decided about just now. */
  void decide() throws SQLException {
    Ledger.open(data.metadata()).close(); // makes its tables
    try (Connection metadata = MetadataDatabase.open(data.metadata());
        Statement write = metadata.createStatement()) {
      long now = Instant.now().toEpochMilli() * 1_000;
      for (String stream : List.of("clicks", "orders")) {
        int accepted = stream.equals("clicks") ? 290 : 90;
        write.executeUpdate(
            "INSERT INTO commits VALUES ('%s', 1, 1, %d, 'seal')".formatted(stream, now));
        write.executeUpdate(
            "INSERT INTO commit_ranges VALUES ('%s', 1, '%s', 0, 0, 400, %d, 4, 3, 3, 0)"
                .formatted(stream, stream, accepted));
      }
    }
  }

  /** A rebuild of the first commit of clicks, and an erasure of one person. */
  void correct() throws SQLException {
    Ledger.open(data.metadata()).close(); // makes its tables
    try (Connection metadata = MetadataDatabase.open(data.metadata());
        Statement write = metadata.createStatement();
        Erasures book = Erasures.open(data.metadata(), InstantSource.system())) {
      long now = Instant.now().toEpochMilli() * 1_000;
      write.executeUpdate(
          "INSERT INTO commits VALUES ('clicks', 7, 7, %d, '0123456789abcdef')".formatted(now));
      write.executeUpdate(
          "INSERT INTO commit_ranges VALUES ('clicks', 7, 'clicks', 0, 0, 300, 291, 3, 4, 2, 0)");
      write.executeUpdate("INSERT INTO commit_corrections VALUES ('clicks', 7, 1, 4)");
      long erasure = book.begin(Set.of("0123456789abcdef".repeat(2)), Map.of()).id();
      write.executeUpdate(
          "INSERT INTO erased_parts VALUES (%d, 'bronze.clicks', 412, NULL)".formatted(erasure));
      book.finish(erasure);
    }
  }

  void receive(String stream, int events) {
    meters
        .counter("millrace_collect_events_total", "", "stream", stream, "verdict", "accepted")
        .add(events);
  }

  void process(String stream, int events) {
    streamMeters
        .counter("millrace_stream_events_total", "", "stream", stream, "verdict", "accepted")
        .add(events);
  }

  @Override
  public void close() {
    app.stop();
    api.close();
    streamProcess.stop();
    incidents.close();
    releases.close();
    scheduler.close();
    workshop.close();
    tests.close();
    sql.close();
    books.close();
    engine.close();
    lake.close();
  }

  /** What became of 10 pounds. */
  private static final BalanceProof MONEY =
      new BalanceProof(
          "money",
          "Every penny is revenue or left out for a reason",
          "GBP",
          Optional.of(3L),
          BalanceProof.State.HOLDS,
          Optional.of(new Amount("lines", new BigDecimal("10.000"), List.of())),
          List.of(
              new Amount("revenue", new BigDecimal("7.500"), List.of()),
              new Amount(
                  "left out",
                  new BigDecimal("2.500"),
                  List.of(new Reason("postage", new BigDecimal("2.500"))))),
          Optional.of(new BigDecimal("0.000")),
          Optional.empty());

  /** Says that half of ten events is done, and then all of them; other columns are refused. */
  private static List<Replays.Judged> replay(
      String stream,
      Optional<String> where,
      Replays.Mode mode,
      Consumer<List<Replays.Judged>> progress) {
    if (where.isPresent() && !where.get().startsWith("reason")) {
      throw MillraceException.caller("Cannot choose events with '" + where.get() + "'");
    }
    if (mode == Replays.Mode.SEND) {
      progress.accept(List.of(new Replays.Judged("wrong_type", "accepted", 5)));
    }
    return List.of(
        new Replays.Judged("wrong_type", "accepted", 9),
        new Replays.Judged("wrong_type", "bad_json", 1));
  }

  /** Says that half of ten events is read, and then which mode and interval it was asked for. */
  private static void rebuild(
      String stream,
      Interval appended,
      Optional<Rebuilds.Source> only,
      Rebuilds.Mode mode,
      Consumer<ObjectNode> lines) {
    lines.accept(
        Json.MAPPER.createObjectNode().put("complete", false).put("read", 5).put("of", 10));
    lines.accept(
        Json.MAPPER
            .createObjectNode()
            .put("complete", true)
            .put("asked", mode + " " + appended + " " + only));
  }

  /** One stream that adds up and one that does not, and a balance. */
  private static Proof prove(Optional<String> only, Depth depth) {
    Breach missing = new Breach(Breach.Kind.MISSING, "Offset 7 of orders/0 is in no table");
    List<StreamProof> streams =
        List.of(
            new StreamProof(
                "clicks", 1100, 1118, 0, 1000, 100, 5, 1, 0, 0, 12, Optional.empty(), List.of()),
            new StreamProof(
                "orders", 10, 10, 0, 9, 0, 0, 0, 0, 0, 0, Optional.empty(), List.of(missing)));
    return new Proof(
        STARTED,
        depth,
        streams.stream().filter(stream -> only.map(stream.stream()::equals).orElse(true)).toList(),
        only.isPresent() ? List.of() : List.of(MONEY));
  }
}
