package io.millrace.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A real Kafka broker (KRaft, one node or one of several) on the loopback interface, in a process
 * and on a class path of its own. It can be killed and started again on the same port and data.
 */
public final class Broker implements AutoCloseable {

  private final Path settings;
  private final int port;
  private Optional<Process> process = Optional.empty();

  private Broker(Path settings, int port) {
    this.settings = settings;
    this.port = port;
  }

  /** Where a node of a cluster listens. */
  private record Node(int broker, int controller) {}

  /** Starts a broker whose data is below this folder; returns when it takes requests. */
  public static Broker start(Path folder) {
    return start(folder, List.of());
  }

  /** The same, with settings that differ from ours. */
  public static Broker start(Path folder, List<String> more) {
    return cluster(folder, 1, more).get(0);
  }

  /**
   * Starts brokers that are one cluster, each a controller too, and keep every topic three times if
   * there are three of them; returns when all take requests.
   */
  public static List<Broker> cluster(Path folder, int size) {
    String copies = Integer.toString(Math.min(size, 3));
    String written = Integer.toString(Math.min(size, 2));
    return cluster(
        folder,
        size,
        List.of(
            "default.replication.factor=" + copies,
            "min.insync.replicas=" + written,
            "offsets.topic.replication.factor=" + copies,
            "transaction.state.log.replication.factor=" + copies,
            "transaction.state.log.min.isr=" + written));
  }

  private static List<Broker> cluster(Path folder, int size, List<String> more) {
    List<Node> nodes = freePorts(size);
    List<Broker> brokers = new ArrayList<>();
    for (int id = 1; id <= size; id++) {
      Path own = size == 1 ? folder : folder.resolve("broker-" + id);
      Path settings = own.resolve("server.properties");
      try {
        Files.createDirectories(own);
        Files.writeString(
            settings, settings(own.resolve("data"), id, nodes) + String.join("\n", more));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      brokers.add(new Broker(settings, nodes.get(id - 1).broker()));
    }
    brokers.forEach(Broker::launch);
    brokers.forEach(Broker::awaitReady);
    return List.copyOf(brokers);
  }

  /** All are held until each is known, so that none is given twice. */
  private static List<Node> freePorts(int size) {
    List<ServerSocket> held = new ArrayList<>();
    List<Node> nodes = new ArrayList<>();
    try {
      for (int i = 0; i < size; i++) {
        ServerSocket broker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        held.add(broker);
        ServerSocket controller = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        held.add(controller);
        nodes.add(new Node(broker.getLocalPort(), controller.getLocalPort()));
      }
      for (ServerSocket socket : held) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return nodes;
  }

  private static String settings(Path data, int id, List<Node> nodes) {
    Node own = nodes.get(id - 1);
    String voters =
        IntStream.rangeClosed(1, nodes.size())
            .mapToObj(it -> it + "@127.0.0.1:" + nodes.get(it - 1).controller())
            .collect(Collectors.joining(","));
    return """
        process.roles=broker,controller
        node.id=%4$d
        controller.quorum.voters=%5$s
        listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
        advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
        controller.listener.names=CONTROLLER
        log.dirs=%3$s
        auto.create.topics.enable=false
        offsets.topic.replication.factor=1
        offsets.topic.num.partitions=1
        transaction.state.log.replication.factor=1
        transaction.state.log.num.partitions=1
        transaction.state.log.min.isr=1
        share.coordinator.state.topic.replication.factor=1
        share.coordinator.state.topic.min.isr=1
        group.initial.rebalance.delay.ms=0
        broker.session.timeout.ms=2000
        broker.heartbeat.interval.ms=500
        num.network.threads=2
        num.io.threads=4
        """
        .formatted(own.broker(), own.controller(), data, id, voters);
  }

  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /** Starts it again after {@link #kill} or {@link #stop}; returns when it takes requests. */
  public void start() {
    launch();
    awaitReady();
  }

  private void launch() {
    if (process.isPresent()) {
      throw new IllegalStateException("The broker runs already");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.addAll(List.of("-cp", classPath(), BrokerProcess.class.getName(), settings.toString()));
    try {
      process =
          Optional.of(
              new ProcessBuilder(command)
                  .redirectError(ProcessBuilder.Redirect.appendTo(log().toFile()))
                  .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path log() {
    return settings.resolveSibling("broker.log");
  }

  /** A node of a cluster is ready only once others are. */
  private void awaitReady() {
    try {
      // The reader stays open for the life of the process: what it prints later is little.
      BufferedReader out = process.orElseThrow().inputReader(UTF_8);
      String line = out.readLine();
      while (line != null && !line.equals(BrokerProcess.READY)) {
        line = out.readLine();
      }
      if (line == null) {
        throw new IllegalStateException("The broker did not start:\n" + Files.readString(log()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it at once, as a crash would (kill -9). */
  public void kill() {
    process.ifPresent(running -> await(running.destroyForcibly()));
    process = Optional.empty();
  }

  /** Ends it in an orderly way. */
  public void stop() {
    process.ifPresent(
        running -> {
          try {
            running.getOutputStream().close();
          } catch (IOException e) {
            running.destroyForcibly();
          }
          await(running);
        });
    process = Optional.empty();
  }

  /** Ends it; what it wrote is of no more use. */
  @Override
  public void close() {
    kill();
  }

  private static void await(Process running) {
    try {
      if (!running.waitFor(30, TimeUnit.SECONDS)) {
        running.destroyForcibly();
      }
    } catch (InterruptedException e) {
      running.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Kafka's jars, listed by the build of this module, and this module's own classes. */
  private static String classPath() {
    try (InputStream jars = Broker.class.getResourceAsStream("/broker.classpath")) {
      Path own = Path.of(Broker.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return new String(jars.readAllBytes(), UTF_8).strip() + File.pathSeparator + own;
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("Cannot find Kafka's jars", e);
    }
  }
}
