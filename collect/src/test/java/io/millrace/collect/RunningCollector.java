package io.millrace.collect;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.millrace.core.DataDirectory;
import io.millrace.core.Meters;
import io.millrace.project.Project;
import io.millrace.project.Settings;
import io.millrace.testkit.Broker;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A collector behind a real HTTP server and before a real broker whose topics are new. */
final class RunningCollector implements AutoCloseable {

  static final long NOW_MICROS = 1_770_000_000_123_456L;
  static final long FREE_BYTES = 1_000;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final DataDirectory data;
  private final Broker broker;
  private final Settings settings;
  private final Meters meters = new Meters();
  private final AdjustableClock clock = new AdjustableClock();
  private final Collector collector;
  private final Javalin server;
  private final String key;

  private RunningCollector(Path folder, Broker broker, Settings settings, Collector.Limits limits) {
    this.broker = broker;
    this.settings = settings;
    this.data = DataDirectory.of(folder);
    this.key = new WriteKeys(data).renewLocal();
    Project project = Clicks.project(folder, settings);
    this.collector =
        new Collector(
            project, data, broker.bootstrapServers(), meters, limits, clock, () -> FREE_BYTES);
    this.server = Javalin.create(config -> config.showJavalinBanner = false);
    collector.addTo(server);
    server.start("127.0.0.1", 0);
  }

  static RunningCollector start(Path folder, Broker broker) throws Exception {
    return start(folder, broker, settings(1_000_000, 0));
  }

  static RunningCollector start(Path folder, Broker broker, Settings settings) throws Exception {
    removeTopics(broker);
    new Topics(broker.bootstrapServers(), Clicks.project(folder, settings))
        .make(Duration.ofSeconds(30));
    return new RunningCollector(folder, broker, settings, Collector.Limits.DEFAULTS);
  }

  /** On the topics that are there, as after a restart. */
  static RunningCollector start(Path folder, Broker broker, Collector.Limits limits) {
    return new RunningCollector(folder, broker, settings(1_000_000, 0), limits);
  }

  private static void removeTopics(Broker broker) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin.deleteTopics(admin.listTopics().names().get()).all().get();
    }
  }

  static Settings settings(int maxEventsPerSecond, long minFreeDiskBytes) {
    Settings defaults = Settings.DEFAULTS;
    return new Settings(
        Optional.empty(),
        defaults.flink(),
        defaults.warehouse(),
        defaults.warehouseEndpoint(),
        defaults.checkpoints(),
        defaults.durability(),
        defaults.commitInterval(),
        defaults.streamParallelism(),
        defaults.streamMemoryBytes(),
        defaults.queryMemoryBytes(),
        defaults.queryTimeout(),
        defaults.maxBodyBytes(),
        defaults.maxEventBytes(),
        maxEventsPerSecond,
        minFreeDiskBytes,
        defaults.topicRetention(),
        defaults.personalRetention(),
        defaults.snapshotRetention(),
        defaults.hourlySnapshots(),
        defaults.buildMemoryBytes(),
        defaults.buildParallelism(),
        defaults.upkeepCpuPercent(),
        defaults.upkeepBytes());
  }

  DataDirectory data() {
    return data;
  }

  Meters meters() {
    return meters;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  Loader loader() {
    return Loader.to(url(), key, settings);
  }

  void advance(Duration by) {
    clock.now = clock.now.plus(by);
  }

  HttpResponse<String> post(String type, String body) throws Exception {
    return post(type, body.getBytes(UTF_8));
  }

  HttpResponse<String> post(String type, byte[] body, String... headers) throws Exception {
    return postTo("clicks", type, body, headers);
  }

  HttpResponse<String> postTo(String path, String type, byte[] body, String... headers)
      throws Exception {
    HttpRequest.Builder request = request(path, type, key);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.POST(BodyPublishers.ofByteArray(body)));
  }

  /** Without a Content-Length. */
  HttpResponse<String> postChunks(String type, byte[] gzip) throws Exception {
    return send(
        request("clicks", type, key)
            .header("Content-Encoding", "gzip")
            .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(gzip))));
  }

  HttpResponse<String> postWithKey(String other, String line) throws Exception {
    return send(
        request("clicks", "application/x-ndjson", other).POST(BodyPublishers.ofString(line)));
  }

  private HttpRequest.Builder request(String path, String type, String bearer) {
    String target = path.contains("?") ? path.replace("?", "/events?") : path + "/events";
    return HttpRequest.newBuilder(url().resolve("/v1/streams/" + target))
        .header("Content-Type", type)
        .header("Authorization", "Bearer " + bearer);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  static JsonNode json(HttpResponse<String> response) throws IOException {
    return JSON.readTree(response.body());
  }

  static String error(HttpResponse<String> response) throws IOException {
    return json(response).get("error").textValue();
  }

  /** What the topic has now. */
  List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    Map<String, Object> config = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      while (partitions.stream().anyMatch(it -> consumer.position(it) < ends.get(it))) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
      return records;
    }
  }

  void stop() {
    server.stop();
    collector.close();
  }

  @Override
  public void close() {
    stop();
  }

  private static final class AdjustableClock extends Clock {
    private volatile Instant now = Instant.EPOCH.plusNanos(NOW_MICROS * 1_000);

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }
}
