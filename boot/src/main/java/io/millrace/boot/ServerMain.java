package io.millrace.boot;

import io.javalin.Javalin;
import io.millrace.boot.processes.Projects;
import io.millrace.collect.Collector;
import io.millrace.collect.Replays;
import io.millrace.collect.Topics;
import io.millrace.core.Daemons;
import io.millrace.core.DataDirectory;
import io.millrace.core.Endpoints;
import io.millrace.core.Incidents;
import io.millrace.core.Leash;
import io.millrace.core.Meters;
import io.millrace.core.MillraceException;
import io.millrace.engine.DuckDbEngine;
import io.millrace.engine.DuckDbSqlReader;
import io.millrace.engine.Engine;
import io.millrace.engine.Limits;
import io.millrace.lake.AcceptedContracts;
import io.millrace.lake.Lake;
import io.millrace.live.LiveValues;
import io.millrace.project.PersonalColumns;
import io.millrace.project.Project;
import io.millrace.prove.Depth;
import io.millrace.prove.Prover;
import io.millrace.serve.Api;
import io.millrace.serve.Balances;
import io.millrace.serve.Console;
import io.millrace.serve.Parts;
import io.millrace.serve.WebServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server process: collector, API and console behind one port of the loopback interface. */
public final class ServerMain {

  private static final Logger log = LoggerFactory.getLogger(ServerMain.class);
  private static final Duration UPKEEP_EVERY = Duration.ofSeconds(30);
  private static final Duration GATE_EVERY = Duration.ofSeconds(5);
  private static final Duration USAGE_EVERY = Duration.ofSeconds(30);
  private static final Duration PROOF_EVERY = Duration.ofMinutes(5);
  private static final Duration BROKER_PATIENCE = Duration.ofSeconds(30);

  private ServerMain() {}

  /** Takes the project directory and the data directory. */
  public static void main(String[] args) {
    DataDirectory data = new DataDirectory(Path.of(args[1]));
    Project project = AcceptedContracts.inForce(read(Path.of(args[0])), data.metadata());
    Endpoints endpoints = endpoints(data);
    Meters meters = Leash.meters();

    Lake lake = Lake.open(data);
    Collector collector = Collector.of(project, data, endpoints.kafka(), meters);
    Incidents incidents = Incidents.open(data.metadata(), InstantSource.system());
    WarehouseParts warehouse = WarehouseParts.open(project, data, lake, incidents);
    PersonalColumns personal = warehouse.personal();
    Limits limits = Limits.of(project.settings());
    Engine engine = engine(lake, data, project, personal, limits, data.temporary("server"));
    LiveValues live = new LiveValues(project, data, lake, endpoints.kafka(), meters);
    Balances balances =
        new BalanceIncidents(
            balances(project, data, lake, endpoints, live, engine, warehouse), incidents);
    // Not the users' engine: how long a replay reads depends on how many events there are.
    Path replaying = data.temporary("server").resolve("replay");
    Limits ofBuilds = Limits.ofBuilds(project.settings());
    Engine reader = engine(lake, data, project, personal, ofBuilds, replaying);
    Replays replays = new Replays(project, data, endpoints.kafka());
    StreamRebuilds rebuilds = new StreamRebuilds(project, data, lake);
    StreamPosition stream = new StreamPosition(project, data, endpoints.kafka());
    Api api =
        new Api(
            new Parts(
                project,
                data,
                endpoints,
                meters,
                lake,
                engine,
                balances,
                live,
                new QuarantineReplays(project, data, reader, warehouse.sql(), replays),
                rebuilds,
                warehouse.eraser(project, data, lake, reader, stream, live),
                incidents,
                warehouse.parts()),
            InstantSource.system());
    Javalin app = WebServer.create();
    collector.addTo(app);
    api.addTo(app);
    new Console().addTo(app);

    // It answers from here on, and tells what is not ready yet.
    app.start("127.0.0.1", endpoints.server());
    atEnd(app::stop, collector, api, live, warehouse, reader, engine, incidents, lake);
    project.streams().values().forEach(lake::prepare);
    live.start();
    rebuilds.settle();
    warehouse.scheduler().start();
    makeTopics(new Topics(endpoints.kafka(), project));
    settle(replays);
    doChores(warehouse, balances);
    UsageSampler sampler = new UsageSampler(data, collector, warehouse.books().usage());
    every(USAGE_EVERY, "usage", sampler::look);
  }

  private static Balances balances(
      Project project,
      DataDirectory data,
      Lake lake,
      Endpoints endpoints,
      LiveValues live,
      Engine engine,
      WarehouseParts warehouse) {
    Prover prover =
        new Prover(
            project,
            data,
            lake,
            endpoints.kafka(),
            live,
            engine,
            warehouse.sql(),
            InstantSource.system());
    return (stream, depth) ->
        stream.map(name -> prover.prove(name, depth)).orElseGet(() -> prover.prove(depth));
  }

  private static Engine engine(
      Lake lake,
      DataDirectory data,
      Project project,
      PersonalColumns personal,
      Limits limits,
      Path temporary) {
    return new DuckDbEngine(lake, data, project.models(), personal, limits, temporary);
  }

  private static Project read(Path directory) {
    try (DuckDbSqlReader sql = new DuckDbSqlReader()) {
      return Projects.load(directory, sql);
    }
  }

  private static Endpoints endpoints(DataDirectory data) {
    return Endpoints.find(data.endpoints())
        .orElseThrow(
            () ->
                MillraceException.world(
                    "Cannot start the server: '%s' is missing; millrace up writes it"
                        .formatted(data.endpoints())));
  }

  /** The broker starts at the same time, and may be down for longer than one attempt waits. */
  private static void makeTopics(Topics topics) {
    while (true) {
      try {
        topics.make(BROKER_PATIENCE);
        return;
      } catch (MillraceException e) {
        if (e.code() == MillraceException.Code.CALLER) {
          throw e;
        }
        log.warn(e.getMessage());
      }
    }
  }

  /** If it cannot be done now, the next replay does it first. */
  private static void settle(Replays replays) {
    try {
      replays.settle();
    } catch (MillraceException e) {
      log.warn(e.getMessage());
    }
  }

  private static void doChores(WarehouseParts warehouse, Balances balances) {
    every(GATE_EVERY, "gate", warehouse.gate()::look);
    every(PROOF_EVERY, "proof", () -> balances.prove(Optional.empty(), Depth.SEALED));
    every(
        UPKEEP_EVERY,
        "upkeep",
        () -> warehouse.chores().run("every %d s".formatted(UPKEEP_EVERY.toSeconds())));
  }

  /** Does a chore for as long as the process lives; what fails is done the next time. */
  private static void every(Duration pause, String chore, Runnable once) {
    Runnable guarded =
        () -> {
          try {
            once.run();
          } catch (RuntimeException e) {
            log.warn("The chore '{}' was cut short", chore, e);
          }
        };
    var unused =
        Daemons.timer(chore)
            .scheduleWithFixedDelay(
                guarded, pause.toSeconds(), pause.toSeconds(), TimeUnit.SECONDS);
  }

  private static void atEnd(AutoCloseable... parts) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(parts), "stop"));
  }

  /** What takes requests first, what they need last. */
  private static void close(AutoCloseable... parts) {
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception e) {
        log.warn("Stopping was not clean", e);
      }
    }
  }
}
