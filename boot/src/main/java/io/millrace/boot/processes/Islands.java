package io.millrace.boot.processes;

import io.millrace.core.ByteSize;
import io.millrace.core.DataDirectory;
import io.millrace.core.Endpoints;
import io.millrace.core.MillraceException;
import io.millrace.project.Durability;
import io.millrace.project.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What each process of a project is started with. */
final class Islands {

  /** Flink reaches into these packages of the JDK to copy and serialize values. */
  private static final List<String> OPENED_TO_FLINK =
      Stream.of(
              "java.lang",
              "java.lang.reflect",
              "java.io",
              "java.net",
              "java.nio",
              "java.text",
              "java.time",
              "java.util",
              "java.util.concurrent",
              "java.util.concurrent.atomic",
              "java.util.concurrent.locks",
              "sun.nio.ch")
          .map(it -> "--add-opens=java.base/" + it + "=ALL-UNNAMED")
          .toList();

  /** What a JVM ends with that is told to end when its heap is full. */
  static final int OUT_OF_MEMORY = 3;

  /**
   * What a recovery writes, with much to spare. One that cannot write its snapshot ends, in Kafka
   * 4, in an empty log: LogLoader.recoverLog takes any failure to write for damage.
   */
  private static final long RECOVERY_BYTES = 64 << 20;

  private static final String MORE_HEAP =
      "give each process more, as by MILLRACE_JAVA_OPTIONS=-Xmx1g";

  /** Any identifier does: the cluster has one node and nobody else's data comes near it. */
  private static final String KAFKA_CLUSTER_ID = "bWlsbHJhY2UtbGFwdG9wMQ";

  private final Installation installation;
  private final Project project;
  private final DataDirectory data;

  Islands(Installation installation, Project project, DataDirectory data) {
    this.installation = installation;
    this.project = project;
    this.data = data;
  }

  /**
   * The embedded broker.
   *
   * @param port where it listens, which need not be where clients are told to find it
   */
  Island broker(Endpoints endpoints, int port) {
    Path properties = data.brokerProperties();
    write(properties, brokerProperties(endpoints, port));
    List<String> options =
        List.of(
            "-Xms128m",
            "-Xmx320m",
            "-XX:+UseSerialGC",
            "-Dlog4j2.StatusLogger.level=OFF",
            "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.common.config=warn",
            "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.raft=warn",
            "-Dorg.slf4j.simpleLogger.log.state.change.logger=warn");
    List<String> format =
        installation.java(
            "broker",
            options(
                "broker",
                List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-Dlog4j2.StatusLogger.level=OFF")),
            leashed(
                0,
                "kafka.tools.StorageTool",
                "format",
                "--ignore-formatted",
                "--cluster-id",
                KAFKA_CLUSTER_ID,
                "--config",
                properties.toString()));
    return island(
            "broker",
            port,
            MORE_HEAP,
            options,
            leashed(endpoints.brokerMetrics(), "kafka.Kafka", properties.toString()))
        .needing(RECOVERY_BYTES)
        .after(new Island.First(data.kafka().resolve("meta.properties"), format));
  }

  Island stream(Endpoints endpoints) {
    List<String> options = new ArrayList<>(OPENED_TO_FLINK);
    // Events die young and nobody waits for a single one, so throughput counts, not pauses.
    options.addAll(
        List.of(
            "-XX:+UseParallelGC",
            "-Xms256m",
            "-Xmx" + project.settings().streamMemoryBytes(),
            "-XX:MaxDirectMemorySize=384m"));
    return island(
        "stream",
        endpoints.streamMetrics(),
        "it holds the id of each event for its repeat_window; raise stream_memory (now %s) in millrace.yaml, or shorten repeat_window"
            .formatted(new ByteSize(project.settings().streamMemoryBytes())),
        options,
        leashed(
            endpoints.streamMetrics(),
            "io.millrace.stream.StreamMain",
            project.directory().toString(),
            data.root().toString()));
  }

  Island server(Endpoints endpoints) {
    return island(
        "server",
        endpoints.server(),
        MORE_HEAP,
        List.of(
            "-Xms64m",
            "-Xmx512m",
            // Each proof asks Kafka anew, and its clients print all their settings each time.
            "-Dorg.slf4j.simpleLogger.log.org.apache.kafka=warn"),
        leashed(
            0,
            "io.millrace.boot.ServerMain",
            project.directory().toString(),
            data.root().toString()));
  }

  private Island island(
      String name, int port, String moreMemory, List<String> options, List<String> leashed) {
    return new Island(
        name,
        () -> installation.javaToWrite(name, options(name, options), leashed),
        installation.archive(name),
        port,
        moreMemory,
        0,
        Optional.empty());
  }

  /** The command of work that decides as the stream does and ends by itself. */
  List<String> work(String name, String main, List<String> arguments) {
    List<String> all =
        new ArrayList<>(List.of(project.directory().toString(), data.root().toString()));
    all.addAll(arguments);
    List<String> options = new ArrayList<>(OPENED_TO_FLINK);
    options.addAll(List.of("-XX:+UseParallelGC", "-Xmx" + project.settings().streamMemoryBytes()));
    return installation.java(
        "stream", options(name, options), leashed(0, main, all.toArray(String[]::new)));
  }

  /** Those of one process, and those of all. */
  private List<String> options(String process, List<String> own) {
    List<String> all = new ArrayList<>(own);
    // An hs_err file, a heap dump or a native library of a killed process stays in our directory.
    all.addAll(
        List.of(
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:ErrorFile=" + data.log(process + "-crash-%p"),
            "-Djava.io.tmpdir=" + data.temporary(process),
            "-Djava.awt.headless=true",
            "-Dfile.encoding=UTF-8",
            "-Duser.timezone=UTC",
            // A line for each file and each commit would push out of the log what a person looks
            // for.
            "-Dorg.slf4j.simpleLogger.log.org.apache.iceberg=warn",
            "-Dorg.slf4j.simpleLogger.log.org.apache.hadoop=warn",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSX"));
    return all;
  }

  private static List<String> leashed(int metricsPort, String main, String... arguments) {
    List<String> leashed =
        new ArrayList<>(List.of("io.millrace.core.Leash", Integer.toString(metricsPort), main));
    leashed.addAll(List.of(arguments));
    return leashed;
  }

  private String brokerProperties(Endpoints endpoints, int port) {
    return """
        # Written by millrace up at each start.
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:%2$d
        listeners=PLAINTEXT://127.0.0.1:%4$d,CONTROLLER://127.0.0.1:%2$d
        advertised.listeners=PLAINTEXT://%1$s
        controller.listener.names=CONTROLLER
        listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
        log.dirs=%3$s
        # Topics are made from contracts, never by a misspelt name.
        auto.create.topics.enable=false
        # Received order and received time agree: repeats are remembered by the broker's clock.
        log.message.timestamp.type=LogAppendTime
        # A broker that was killed may come back only after its session has ended.
        broker.session.timeout.ms=2000
        broker.heartbeat.interval.ms=500
        # One node, one copy.
        offsets.topic.replication.factor=1
        offsets.topic.num.partitions=4
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        transaction.state.log.num.partitions=4
        group.initial.rebalance.delay.ms=0
        # Suited to a laptop: the default cleaner alone takes 128 MB.
        log.cleaner.dedupe.buffer.size=4194304
        num.network.threads=2
        num.io.threads=4
        background.threads=2
        message.max.bytes=2097152
        %5$s
        """
        .formatted(
            endpoints.kafka(),
            endpoints.controller(),
            data.kafka().toString().replace("\\", "\\\\"),
            port,
            flushing(project.settings().durability()));
  }

  private static String flushing(Durability durability) {
    return switch (durability) {
      case PROCESS -> "# durability: process leaves it to the system when a log reaches the disk.";
      case FSYNC -> "log.flush.interval.messages=1";
    };
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw MillraceException.world("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
