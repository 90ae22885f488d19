package io.millrace.boot.processes;

import io.millrace.collect.WriteKeys;
import io.millrace.core.DataDirectory;
import io.millrace.core.Endpoints;
import io.millrace.core.FileLock;
import io.millrace.core.MillraceException;
import io.millrace.core.ProcessState;
import io.millrace.event.PersonalKey;
import io.millrace.lake.Warehouse;
import io.millrace.project.Flink;
import io.millrace.project.Project;
import io.millrace.project.StreamContract;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The running processes of one project: broker, stream and server, each kept running until this is
 * closed. It holds the lock of the data directory and is the one writer of its {@code run/} folder.
 */
public final class Supervisor implements AutoCloseable {

  /**
   * What a project needs to be started.
   *
   * @param brokerPorts where the embedded broker listens and is found; without them any one port
   */
  public record Plan(
      Installation installation,
      Project project,
      DataDirectory data,
      Optional<Integer> serverPort,
      Optional<BrokerPorts> brokerPorts) {

    public Plan(
        Installation installation,
        Project project,
        DataDirectory data,
        Optional<Integer> serverPort) {
      this(installation, project, data, serverPort, Optional.empty());
    }

    Optional<String> externalKafka() {
      return project.settings().kafka();
    }

    boolean embeddedFlink() {
      return project.settings().flink() == Flink.EMBEDDED;
    }
  }

  /**
   * The ports of an embedded broker that something stands in front of.
   *
   * @param advertised where clients are told to connect
   * @param listening where the broker is
   */
  public record BrokerPorts(int advertised, int listening) {}

  /** Ctrl-C is answered within ten seconds, whatever the processes do. */
  private static final Duration SERVER_AND_STREAM_LIMIT = Duration.ofMillis(5_500);

  private static final Duration BROKER_LIMIT = Duration.ofMillis(3_500);

  private final Plan plan;
  private final DataDirectory data;
  private final FileLock lock;
  private final Endpoints endpoints;
  private final Consumer<String> say;
  private final Clock clock = Clock.systemUTC();
  private final List<Keeper> brokers = new CopyOnWriteArrayList<>();
  private final List<Keeper> servers = new CopyOnWriteArrayList<>();
  private final List<Keeper> streams = new CopyOnWriteArrayList<>();
  private final StateBoard board;
  private final Optional<DeployedStream> deployed;
  private boolean closed;

  private Supervisor(Plan plan, FileLock lock, Endpoints endpoints, Consumer<String> say) {
    this.plan = plan;
    this.data = plan.data();
    this.lock = lock;
    this.endpoints = endpoints;
    this.say = say;
    this.board = new StateBoard(data.processes(), say);
    this.deployed =
        plan.embeddedFlink()
            ? Optional.empty()
            : Optional.of(new DeployedStream(data, clock, board::show, say));
  }

  /**
   * Accepts the project's contracts, starts every process and returns at once; each waits for what
   * it needs.
   *
   * @param say told in sentences what a person should know: deaths, restarts, full disks
   * @throws MillraceException if the data directory is in use, the port is taken, or a contract
   *     cannot follow the one that was accepted
   */
  public static Supervisor start(Plan plan, Consumer<String> say) {
    DataDirectory data = plan.data();
    FileLock lock = DataLock.take(data);
    try {
      Warehouse.settle(data, plan.project().settings());
      Acceptance acceptance = Acceptance.of(plan.project(), data);
      acceptance.accept();
      acceptance.lines().forEach(say);
      Endpoints endpoints = endpoints(plan);
      new WriteKeys(data).renewLocal();
      makePersonalKey(plan.project(), data);
      Supervisor supervisor = new Supervisor(plan, lock, endpoints, say);
      endpoints.write(data.endpoints());
      Islands islands = supervisor.islands(plan.project());
      if (plan.externalKafka().isEmpty()) {
        int listening =
            plan.brokerPorts().map(BrokerPorts::listening).orElse(endpoints.kafkaPort());
        supervisor.keep(supervisor.brokers, islands.broker(endpoints, listening));
      }
      supervisor.keep(supervisor.servers, islands.server(endpoints));
      if (plan.embeddedFlink()) {
        supervisor.keep(supervisor.streams, islands.stream(endpoints));
      }
      supervisor.deployed.ifPresent(DeployedStream::start);
      return supervisor;
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** Before the processes that share it start, so that two never make one each. */
  private static void makePersonalKey(Project project, DataDirectory data) {
    if (project.streams().values().stream().anyMatch(StreamContract::isPersonal)) {
      PersonalKey.of(data);
    }
  }

  private Islands islands(Project project) {
    return new Islands(plan.installation(), project, data);
  }

  /**
   * Takes the project as it is now: ends server and stream, accepts the contracts, and starts both
   * again. The broker runs on. The stream goes on from its newest checkpoint, so whatever it had
   * not committed is read again, by the new contracts.
   *
   * @return what was accepted, in sentences
   * @throws MillraceException if a contract cannot be accepted; everything runs as before
   */
  public List<String> apply(Project project) throws InterruptedException {
    if (!project.settings().kafka().equals(plan.externalKafka())
        || project.settings().flink() != plan.project().settings().flink()) {
      throw MillraceException.caller(
          "Cannot apply another 'kafka' or 'flink': stop millrace up, and start it again");
    }
    Warehouse.settle(data, project.settings());
    Acceptance acceptance = Acceptance.of(project, data);
    try {
      end(servers, SERVER_AND_STREAM_LIMIT);
      new Drain(endpoints.kafka(), project, data).await(acceptance.toDrain());
      end(streams, SERVER_AND_STREAM_LIMIT);
      acceptance.accept();
      makePersonalKey(project, data);
    } finally {
      Islands islands = islands(project);
      if (servers.isEmpty()) {
        keep(servers, islands.server(endpoints));
      }
      if (streams.isEmpty() && plan.embeddedFlink()) {
        keep(streams, islands.stream(endpoints));
      }
    }
    return acceptance.lines();
  }

  public Endpoints endpoints() {
    return endpoints;
  }

  /** Waits until the server answers, which it does before every part behind it is ready. */
  public void awaitServer() throws InterruptedException {
    board.awaitRunning("server");
  }

  private static Endpoints endpoints(Plan plan) {
    Ports ports = new Ports(new SecureRandom());
    int server = ports.server(plan.serverPort());
    if (plan.externalKafka().isPresent()) {
      int metrics = plan.embeddedFlink() ? ports.any() : 0;
      return new Endpoints(plan.externalKafka().get(), server, 0, 0, metrics);
    }
    int kafka = plan.brokerPorts().map(BrokerPorts::advertised).orElseGet(ports::any);
    return new Endpoints("127.0.0.1:" + kafka, server, ports.any(), ports.any(), ports.any());
  }

  private synchronized void keep(List<Keeper> group, Island island) {
    if (!closed) {
      board.show(
          new ProcessState(island.name(), ProcessState.State.STARTING, 0, 0, clock.instant()));
      Keeper keeper = new Keeper(island, data, clock, board::show, say);
      group.add(keeper);
      keeper.start();
    }
  }

  /** Stops server and stream, then the broker that both write to. Can be called again. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    deployed.ifPresent(DeployedStream::close);
    board.close();
    try {
      List<Keeper> others = new ArrayList<>(servers);
      others.addAll(streams);
      end(others, SERVER_AND_STREAM_LIMIT);
      end(brokers, BROKER_LIMIT);
      Files.deleteIfExists(data.endpoints());
      Files.deleteIfExists(data.processes());
      Files.deleteIfExists(data.localKey());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw MillraceException.world("Cannot clear " + data.root() + "/run: " + e.getMessage(), e);
    } finally {
      lock.close();
    }
  }

  private void end(List<Keeper> group, Duration limit) throws InterruptedException {
    Instant deadline = clock.instant().plus(limit);
    group.forEach(Keeper::stop);
    for (Keeper it : group) {
      it.end(deadline);
    }
    group.clear();
  }
}
