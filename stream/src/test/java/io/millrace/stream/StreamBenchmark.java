package io.millrace.stream;

import com.sun.management.OperatingSystemMXBean;
import io.millrace.core.DataDirectory;
import io.millrace.event.EventDecoder;
import io.millrace.event.EventHeaders;
import io.millrace.event.Verdict;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger;
import io.millrace.lake.LedgerEntry;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.Settings;
import io.millrace.project.StreamContract;
import io.millrace.shop.Shop;
import io.millrace.shop.ShopEvent;
import io.millrace.shop.ShopProfile;
import io.millrace.shop.ShopStream;
import io.millrace.shop.ShopTime;
import io.millrace.testkit.Broker;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.core.execution.JobClient;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How fast the job takes clicks from Kafka to bronze, with everything on that a user has on: {@code
 * StreamBenchmark <project> <folder> <events>}.
 *
 * <p>The first run fills the folder's Kafka with the shop's clicks; later runs read the same ones
 * into a new lake. Rate and CPU time count from the first commit to the last whole one, so neither
 * the start of the JVM nor the wait for the last checkpoint is in them.
 */
final class StreamBenchmark {

  private static final String STREAM = "clicks";
  private static final double SHOP_EVENTS_PER_SECOND = 50_000;
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final long POLL_MILLIS = 100;

  private final Project project;
  private final DataDirectory data;
  private final Broker broker;
  private final ProcessHandle brokerProcess;

  private StreamBenchmark(Project project, Path folder, Broker broker) {
    this.project = project;
    this.data = new DataDirectory(folder.resolve("run-" + System.currentTimeMillis()));
    this.broker = broker;
    this.brokerProcess = ProcessHandle.current().children().findFirst().orElseThrow();
  }

  public static void main(String[] args) throws Exception {
    Project project = ProjectReader.load(Path.of(args[0]).toAbsolutePath());
    Path folder = Path.of(args[1]).toAbsolutePath();
    long events = Long.parseLong(args[2]);
    try (Broker broker = Broker.start(Files.createDirectories(folder.resolve("kafka")))) {
      StreamBenchmark benchmark = new StreamBenchmark(project, folder, broker);
      benchmark.fill(events);
      benchmark.run();
    }
    System.exit(0); // Flink leaves threads behind
  }

  private StreamContract clicks() {
    return project.streams().get(STREAM);
  }

  /** Makes the topics as the server does, and fills one as the collector does. */
  private void fill(long events) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      Set<String> there = admin.listTopics().names().get();
      if (there.contains(clicks().topic())) {
        return;
      }
      List<NewTopic> topics = new ArrayList<>();
      for (StreamContract contract : project.streams().values()) {
        topics.add(topic(contract.topic(), contract.topicPartitions()));
        topics.add(topic(contract.rejectedTopic(), 1));
      }
      admin.createTopics(topics).all().get();
    }
    Map<String, Object> settings =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            broker.bootstrapServers(),
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "lz4",
            ProducerConfig.LINGER_MS_CONFIG,
            5,
            ProducerConfig.BATCH_SIZE_CONFIG,
            256 << 10);
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      fill(producer, events);
    }
  }

  private static NewTopic topic(String name, int partitions) {
    return new NewTopic(name, partitions, (short) 1)
        .configs(Map.of("message.timestamp.type", "LogAppendTime"));
  }

  private void fill(KafkaProducer<byte[], byte[]> producer, long events) {
    Shop shop =
        new Shop(1, ShopProfile.LIVE, ShopTime.live(Clock.systemUTC(), SHOP_EVENTS_PER_SECOND));
    EventDecoder decoder = new EventDecoder(clicks(), Settings.DEFAULTS.maxEventBytes());
    byte[] version = ByteBuffer.allocate(Integer.BYTES).putInt(clicks().version()).array();
    long bytes = 0;
    for (long sent = 0; sent < events; ) {
      ShopEvent event = shop.next();
      if (event.stream() != ShopStream.CLICKS) {
        continue;
      }
      byte[] json = event.json();
      long received = ChronoUnit.MICROS.between(Instant.EPOCH, Clock.systemUTC().instant());
      byte[] key = key(decoder, json, received);
      var record = new ProducerRecord<>(clicks().topic(), key, json);
      record
          .headers()
          .add(
              new RecordHeader(
                  EventHeaders.RECEIVED, ByteBuffer.allocate(Long.BYTES).putLong(received).array()))
          .add(new RecordHeader(EventHeaders.CONTRACT_VERSION, version));
      var unused = producer.send(record); // counted in the topic by records()
      bytes += json.length;
      sent++;
    }
    System.out.printf("filled: %,d events of %d bytes%n", events, bytes / events);
  }

  /** The same key for all that break the contract, so that the check has them to find. */
  private static byte[] key(EventDecoder decoder, byte[] json, long received) {
    if (!(decoder.decode(json, 0, json.length, received) instanceof Verdict.Accepted)) {
      return new byte[0];
    }
    int position = decoder.keyPosition();
    int offset = decoder.row().offsetAt(position);
    return Arrays.copyOfRange(
        decoder.row().bytesAt(position), offset, offset + decoder.row().lengthAt(position));
  }

  private void run() throws Exception {
    long total = records();
    try (Lake lake = Lake.open(data)) {
      project.streams().values().forEach(lake::prepare);
    }
    JobClient job =
        StreamMain.environment(project, data, broker.bootstrapServers()).executeAsync("benchmark");
    long deadline = System.nanoTime() + LIMIT.toNanos();
    List<Sample> samples = new ArrayList<>();
    try (Ledger ledger = Ledger.open(data.metadata())) {
      long taken = 0;
      while (taken < total && System.nanoTime() < deadline) {
        Thread.sleep(POLL_MILLIS);
        for (LedgerEntry entry : ledger.after(STREAM, samples.size())) {
          taken += entry.ranges().stream().mapToLong(range -> range.to() - range.from()).sum();
          samples.add(sample(entry, taken));
        }
      }
      report(samples, ledger.after(STREAM, 0));
    }
    job.cancel().get();
  }

  private long records() throws Exception {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (int partition = 0; partition < clicks().topicPartitions(); partition++) {
      ends.put(new TopicPartition(clicks().topic(), partition), OffsetSpec.latest());
    }
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      return admin.listOffsets(ends).all().get().values().stream()
          .mapToLong(end -> end.offset())
          .sum();
    }
  }

  /** How things stood when an entry was found in the ledger. */
  private record Sample(long taken, long sealedAtMicros, double jobSeconds, double brokerSeconds) {}

  private Sample sample(LedgerEntry entry, long taken) {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new Sample(
        taken,
        entry.sealedAtMicros(),
        system.getProcessCpuTime() / 1e9,
        brokerProcess.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3);
  }

  private static void report(List<Sample> samples, List<LedgerEntry> entries) {
    for (int i = 1; i < samples.size(); i++) {
      print("  commit %2d".formatted(i + 1), samples.get(i - 1), samples.get(i));
    }
    // The first commits run code that is not compiled yet, the last one waits for its checkpoint.
    print("  all      ", samples.get(0), samples.get(samples.size() - 2));
    print("  warm     ", samples.get(samples.size() / 2), samples.get(samples.size() - 2));
    long[] outcomes = new long[4];
    for (LedgerEntry entry : entries) {
      for (LedgerEntry.Range range : entry.ranges()) {
        outcomes[0] += range.accepted();
        outcomes[1] += range.rejected();
        outcomes[2] += range.repeated();
        outcomes[3] += range.late();
      }
    }
    System.out.printf(
        "accepted %,d, rejected %,d, repeated %,d, late %,d%n",
        outcomes[0], outcomes[1], outcomes[2], outcomes[3]);
    System.gc();
    System.out.printf(
        "heap in use after a collection: %d MB%n",
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20);
  }

  private static void print(String what, Sample from, Sample to) {
    double millions = (to.taken - from.taken) / 1e6;
    System.out.printf(
        "%s: %,9.0f events/s; CPU s per million: job %.2f, broker %.2f%n",
        what,
        millions * 1e12 / (to.sealedAtMicros - from.sealedAtMicros),
        (to.jobSeconds - from.jobSeconds) / millions,
        (to.brokerSeconds - from.brokerSeconds) / millions);
  }
}
