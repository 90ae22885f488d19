package io.millrace.boot.processes;

import io.millrace.collect.WriteKeys;
import io.millrace.core.DataDirectory;
import io.millrace.core.Endpoints;
import io.millrace.core.MillraceException;
import io.millrace.core.ProcessState;
import io.millrace.project.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  private final DataDirectory data;
  private final DataLock lock;
  private final Endpoints endpoints;
  private final Clock clock;
  private final List<Keeper> brokers = new ArrayList<>();
  private final List<Keeper> others = new ArrayList<>();
  private final StateBoard board;
  private boolean closed;

  private Supervisor(
      DataDirectory data, DataLock lock, Endpoints endpoints, Clock clock, StateBoard board) {
    this.data = data;
    this.lock = lock;
    this.endpoints = endpoints;
    this.clock = clock;
    this.board = board;
  }

  /**
   * Starts every process and returns at once; each waits for what it needs.
   *
   * @param say told in sentences what a person should know: deaths, restarts, full disks
   * @throws MillraceException if the data directory is in use or the port is taken
   */
  public static Supervisor start(Plan plan, Consumer<String> say) {
    DataDirectory data = plan.data();
    DataLock lock = DataLock.take(data);
    try {
      Endpoints endpoints = endpoints(plan);
      new WriteKeys(data).renewLocal();
      Clock clock = Clock.systemUTC();
      Supervisor supervisor =
          new Supervisor(data, lock, endpoints, clock, new StateBoard(data.processes(), say));
      endpoints.write(data.endpoints());
      Islands islands = new Islands(plan.installation(), plan.project(), data, endpoints);
      if (plan.externalKafka().isEmpty()) {
        int listening =
            plan.brokerPorts().map(BrokerPorts::listening).orElse(endpoints.kafkaPort());
        supervisor.keep(supervisor.brokers, islands.broker(listening), say);
      }
      supervisor.keep(supervisor.others, islands.server(), say);
      supervisor.keep(supervisor.others, islands.stream(), say);
      return supervisor;
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
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
      return new Endpoints(plan.externalKafka().get(), server, 0, 0, ports.any());
    }
    int kafka = plan.brokerPorts().map(BrokerPorts::advertised).orElseGet(ports::any);
    return new Endpoints("127.0.0.1:" + kafka, server, ports.any(), ports.any(), ports.any());
  }

  private void keep(List<Keeper> group, Island island, Consumer<String> say) {
    board.show(new ProcessState(island.name(), ProcessState.State.STARTING, 0, 0, clock.instant()));
    Keeper keeper = new Keeper(island, data, clock, board::show, say);
    group.add(keeper);
    keeper.start();
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
    board.close();
    try {
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
  }
}
