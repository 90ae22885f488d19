package io.millrace.boot.processes;

import io.millrace.bench.ProducerSettings;
import io.millrace.bench.Report;
import io.millrace.bench.server.HttpLane;
import io.millrace.bench.server.Lane;
import io.millrace.bench.server.Lanes;
import io.millrace.bench.server.NettyCollector;
import io.millrace.bench.server.ProducerLane;
import io.millrace.collect.Topics;
import io.millrace.collect.WriteKeys;
import io.millrace.core.DataDirectory;
import io.millrace.core.Endpoints;
import io.millrace.core.ProcessState;
import io.millrace.core.ProcessState.State;
import io.millrace.event.PersonalKey;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.StreamContract;
import io.millrace.shop.Shop;
import io.millrace.shop.ShopEvent;
import io.millrace.shop.ShopProfile;
import io.millrace.shop.ShopStream;
import io.millrace.shop.ShopTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;

/**
 * Sends clicks to the server process as it ships, to a plain server in its place, or to Kafka
 * itself; the broker is the one that ships. {@code MeasuredCollect SIDE HOME PROJECT FOLDER
 * SECONDS}, where SIDE is {@code millrace}, {@code netty} or {@code producer}.
 */
public final class MeasuredCollect {

  private static final int EVENTS_IN_A_BATCH = 100;

  /** They come round again: Kafka compresses them in smaller pieces than all of them are. */
  private static final int BATCHES = 500;

  /** As many requests wait for Kafka at a time. */
  private static final int LANES = 16;

  private static final Duration WARM_UP = Duration.ofSeconds(20);
  private static final Duration START = Duration.ofMinutes(1);
  private static final double OF_ALL = 0.99;

  private final Project project;
  private final DataDirectory data;
  private final Endpoints endpoints;
  private final Map<String, ProcessState> states = new ConcurrentHashMap<>();
  private final List<Keeper> running = new ArrayList<>();

  private MeasuredCollect(Project project, DataDirectory data, Endpoints endpoints) {
    this.project = project;
    this.data = data;
    this.endpoints = endpoints;
  }

  public static void main(String[] args) throws Exception {
    Project project = ProjectReader.load(Path.of(args[2]));
    DataDirectory data = new DataDirectory(Path.of(args[3]));
    Ports ports = new Ports(new SecureRandom());
    Endpoints endpoints =
        new Endpoints(
            "127.0.0.1:" + ports.any(), ports.any(), ports.any(), ports.any(), ports.any());
    MeasuredCollect side = new MeasuredCollect(project, data, endpoints);
    Duration part = Duration.ofSeconds(Math.max(1, Long.parseLong(args[4]) / 3));
    try {
      side.measure(args[0], new Installation(Path.of(args[1])), part);
    } finally {
      side.stop();
    }
    System.exit(0);
  }

  private void measure(String side, Installation home, Duration part) throws Exception {
    Acceptance.of(project, data).accept();
    String key = new WriteKeys(data).renewLocal();
    PersonalKey.of(data); // as `millrace up` makes it before any process needs it
    endpoints.write(data.endpoints());
    Islands islands = new Islands(home, project, data);
    keep(islands.broker(endpoints, endpoints.kafkaPort()));
    new Topics(endpoints.kafka(), project).make(START);
    switch (side) {
      case "millrace" -> keep(islands.server(endpoints));
      case "netty" -> keep(netty(home));
      case "producer" -> {}
      default -> throw new IllegalArgumentException(side);
    }
    List<List<byte[]>> batches = batches();
    Map<String, Double> figures;
    try (Lanes lanes = new Lanes(lanes(side, key, batches))) {
      double warm = lanes.highestRate(WARM_UP);
      double rate = lanes.highestRate(part);
      long nanos = lanes.takes(rate / 2, part, OF_ALL);
      System.err.printf("warm-up %.0f, then %.0f batches/s%n", warm, rate);
      figures = Map.of("collect", rate * EVENTS_IN_A_BATCH, "collect-p99", nanos / 1e6);
      requireKept(lanes.sent() * EVENTS_IN_A_BATCH);
    }
    ProcessState server = states.get("server");
    if (server != null) {
      Report.memory(Report.peak(server.pid()));
    }
    Report.end(figures);
  }

  private void keep(Island island) throws InterruptedException {
    Keeper keeper =
        new Keeper(
            island, data, Clock.systemUTC(), it -> states.put(it.name(), it), System.err::println);
    running.add(keeper);
    keeper.start();
    Instant giveUp = Instant.now().plus(START);
    while (Optional.ofNullable(states.get(island.name()))
        .filter(it -> it.state() == State.RUNNING)
        .isEmpty()) {
      if (Instant.now().isAfter(giveUp)) {
        throw new IllegalStateException("Cannot measure: the " + island.name() + " does not start");
      }
      Thread.sleep(100);
    }
  }

  /** With the memory that the server has, and an archive of its classes as the server's. */
  private Island netty(Installation home) {
    Path dist = home.home().resolve("dist");
    String jars =
        Stream.of("bench/server/*", "bench/runner/bench-runner.jar", "lib/server/*")
            .map(it -> dist.resolve(it).toString())
            .collect(Collectors.joining(":"));
    ClassArchive archive = new ClassArchive(dist.resolve("bench/server"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(archive.optionsToWrite());
    command.addAll(
        List.of(
            "-Xms64m",
            "-Xmx512m",
            "-Dorg.slf4j.simpleLogger.log.org.apache.kafka=warn",
            "-cp",
            jars,
            "io.millrace.core.Leash",
            "0",
            NettyCollector.class.getName(),
            Integer.toString(endpoints.server()),
            endpoints.kafka(),
            clicks().topic()));
    return new Island(
        "server", () -> command, archive, endpoints.server(), "measure less", 0, Optional.empty());
  }

  private StreamContract clicks() {
    return project.streams().get(ShopStream.CLICKS.toString());
  }

  private static List<List<byte[]>> batches() {
    ShopTime time = ShopTime.steady(Instant.now(), 50_000);
    Shop shop = new Shop(1, ShopProfile.LIVE, time);
    List<List<byte[]>> batches = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      List<byte[]> batch = new ArrayList<>();
      while (batch.size() < EVENTS_IN_A_BATCH) {
        ShopEvent event = shop.next();
        if (event.stream() == ShopStream.CLICKS) {
          batch.add(event.json());
        }
      }
      batches.add(batch);
    }
    return batches;
  }

  private List<Lane> lanes(String side, String key, List<List<byte[]>> batches) throws IOException {
    List<Lane> lanes = new ArrayList<>();
    if (side.equals("producer")) {
      var producer = new KafkaProducer<byte[], byte[]>(ProducerSettings.of(endpoints.kafka()));
      for (int i = 0; i < LANES; i++) {
        lanes.add(new ProducerLane(producer, clicks().topic(), batches));
      }
      return lanes;
    }
    String path = "/v1/streams/" + clicks().name() + "/events?verdicts=rejected";
    List<byte[]> requests =
        batches.stream().map(it -> HttpLane.request(path, key, lines(it))).toList();
    for (int i = 0; i < LANES; i++) {
      lanes.add(new HttpLane(endpoints.server(), requests));
    }
    return lanes;
  }

  private static byte[] lines(List<byte[]> events) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (byte[] event : events) {
      lines.writeBytes(event);
      lines.write('\n');
    }
    return lines.toByteArray();
  }

  /** What was answered for is there, each once. */
  private void requireKept(long events) throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", endpoints.kafka()))) {
      Map<TopicPartition, OffsetSpec> ends =
          admin
              .describeTopics(List.of(clicks().topic(), clicks().rejectedTopic()))
              .allTopicNames()
              .get()
              .values()
              .stream()
              .flatMap(
                  topic ->
                      topic.partitions().stream()
                          .map(it -> new TopicPartition(topic.name(), it.partition())))
              .collect(Collectors.toMap(it -> it, it -> OffsetSpec.latest()));
      long kept =
          admin.listOffsets(ends).all().get().values().stream().mapToLong(it -> it.offset()).sum();
      if (kept != events) {
        throw new IllegalStateException(
            "Cannot measure: %,d events were sent and Kafka has %,d".formatted(events, kept));
      }
    }
  }

  private void stop() throws InterruptedException {
    for (int i = running.size() - 1; i >= 0; i--) {
      running.get(i).stop();
      running.get(i).end(Instant.now().plusSeconds(10));
    }
  }
}
