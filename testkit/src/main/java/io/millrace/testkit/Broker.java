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

/**
 * A real Kafka broker (KRaft, one node) on the loopback interface, in a process and on a class path
 * of its own. It can be killed and started again on the same port and data.
 */
public final class Broker implements AutoCloseable {

  private final Path settings;
  private final int port;
  private Optional<Process> process = Optional.empty();

  private Broker(Path settings, int port) {
    this.settings = settings;
    this.port = port;
  }

  /** Starts a broker whose data is below this folder; returns when it takes requests. */
  public static Broker start(Path folder) {
    return start(folder, List.of());
  }

  /** The same, with settings that differ from ours. */
  public static Broker start(Path folder, List<String> more) {
    int port;
    Path settings = folder.resolve("server.properties");
    try (ServerSocket broker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket controller = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = broker.getLocalPort();
      Files.createDirectories(folder);
      Files.writeString(
          settings,
          settings(folder.resolve("data"), port, controller.getLocalPort())
              + String.join("\n", more));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Broker started = new Broker(settings, port);
    started.start();
    return started;
  }

  private static String settings(Path data, int broker, int controller) {
    return """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:%2$d
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
        .formatted(broker, controller, data);
  }

  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /** Starts it again after {@link #kill} or {@link #stop}; returns when it takes requests. */
  public void start() {
    if (process.isPresent()) {
      throw new IllegalStateException("The broker runs already");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.addAll(List.of("-cp", classPath(), BrokerProcess.class.getName(), settings.toString()));
    Path log = settings.resolveSibling("broker.log");
    try {
      Process started =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      process = Optional.of(started);
      // The reader stays open for the life of the process: what it prints later is little.
      BufferedReader out = started.inputReader(UTF_8);
      String line = out.readLine();
      while (line != null && !line.equals(BrokerProcess.READY)) {
        line = out.readLine();
      }
      if (line == null) {
        throw new IllegalStateException("The broker did not start:\n" + Files.readString(log));
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
