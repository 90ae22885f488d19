package io.millrace.collect;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.millrace.collect.Acknowledged.Count;
import io.millrace.collect.Acknowledged.Place;
import io.millrace.core.Daemons;
import io.millrace.core.DataDirectory;
import io.millrace.core.Incidents;
import io.millrace.core.Meters;
import io.millrace.core.MillraceException;
import io.millrace.core.NearMatch;
import io.millrace.event.EventDecoder;
import io.millrace.project.Project;
import io.millrace.project.Settings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way in over HTTP: {@code POST /v1/streams/{stream}/events}. It answers 200 only after Kafka
 * has every event of the request, accepted and rejected ones alike; whatever else it answers, the
 * producer may send the request again, since repeats are dropped by event id.
 */
public final class Collector implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Collector.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What the collector takes on at a time.
   *
   * @param requests requests being handled
   * @param bytes memory of their bodies
   * @param events events in one request
   * @param confirmation how long Kafka may take to confirm an event
   * @param blocking how long a request waits for room in the buffer to Kafka
   */
  public record Limits(
      int requests, long bytes, int events, Duration confirmation, Duration blocking) {
    public static final Limits DEFAULTS =
        new Limits(256, 64L << 20, 100_000, Settings.CONFIRMATION, Duration.ofSeconds(5));
  }

  /**
   * What was taken from producers since the process began.
   *
   * @param bytes of bodies, decompressed
   * @param cpu processor time of the threads that read and decided
   */
  public record Taken(long events, long bytes, Duration cpu) {}

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Settings settings;
  private final Limits limits;
  private final Clock clock;
  private final LongSupplier freeDiskBytes;
  private final WriteKeys keys;
  private final Acknowledged acknowledged;
  private final KafkaBreaker kafka;
  private final InFlight inFlight;
  private final Requests requests;
  private final Map<String, Door> doors = new TreeMap<>();
  private final Map<String, Allowance> allowances = new ConcurrentHashMap<>();
  private final Producer<byte[], byte[]> producer;
  // Answers are written here, because the thread that hears from Kafka must stay free to hear more.
  private final ExecutorService answers =
      Executors.newFixedThreadPool(2, work -> Daemons.thread("collector-answers", work));

  /** A collector for this project, writing to Kafka at these bootstrap servers. */
  public static Collector of(Project project, DataDirectory data, String kafka, Meters meters) {
    return new Collector(
        project, data, kafka, meters, Limits.DEFAULTS, Clock.systemUTC(), freeBytes(data.root()));
  }

  Collector(
      Project project,
      DataDirectory data,
      String kafka,
      Meters meters,
      Limits limits,
      Clock clock,
      LongSupplier freeDiskBytes) {
    this.settings = project.settings();
    this.limits = limits;
    this.clock = clock;
    this.freeDiskBytes = freeDiskBytes;
    this.keys = new WriteKeys(data);
    this.inFlight =
        new InFlight(limits.requests(), Math.max(limits.bytes(), settings.maxBodyBytes()));
    this.requests = new Requests(meters, inFlight);
    project
        .streams()
        .forEach(
            (name, stream) -> doors.put(name, new Door(stream, settings.maxEventBytes(), meters)));
    this.producer = producer(kafka, settings, limits);
    this.acknowledged = Acknowledged.open(data.metadata());
    this.kafka = new KafkaBreaker(Incidents.open(data.metadata(), clock), clock);
  }

  /** Adds the collector's route. */
  public void addTo(Javalin app) {
    app.post("/v1/streams/{stream}/events", this::receive);
  }

  /** What was taken, by stream. */
  public Map<String, Taken> taken() {
    Map<String, Taken> taken = new TreeMap<>();
    doors.forEach((name, door) -> taken.put(name, door.taken()));
    return taken;
  }

  private void receive(Context ctx) {
    long started = System.nanoTime();
    try {
      Accepted request = admit(ctx);
      ctx.future(() -> answer(ctx, request, started));
    } catch (Refused refused) {
      refuse(ctx, refused, started);
    } catch (RuntimeException e) {
      log.error("Cannot handle a request", e);
      refuse(ctx, Refused.broken("Cannot handle the request: a bug in Millrace"), started);
    }
  }

  /** An error as the API shows it: a sentence, and who must act. */
  record Failure(String error, String code) {}

  /** A request whose events are on their way to Kafka. */
  private record Accepted(
      Door door,
      Verdicts verdicts,
      Delivery delivery,
      InFlight.Share share,
      int bodyBytes,
      Duration cpu) {}

  private Accepted admit(Context ctx) {
    long cpu = THREADS.getCurrentThreadCpuTime();
    String keyName = keyName(ctx);
    Door door = door(ctx.pathParam("stream"));
    BodyFormat format = BodyFormat.of(ctx.header("Content-Type"));
    Verdicts verdicts = new Verdicts(listing(ctx));
    requireDisk();
    Allowance allowance =
        allowances.computeIfAbsent(
            keyName, name -> new Allowance(settings.maxEventsPerSecond(), nanos()));
    take(allowance, 0);
    InFlight.Share share = inFlight.enter();
    try {
      Body body =
          Body.read(
              ctx.bodyInputStream(),
              Optional.ofNullable(ctx.header("Content-Encoding"))
                  .orElse("")
                  .toLowerCase(Locale.ROOT),
              ctx.req().getContentLengthLong(),
              settings.maxBodyBytes(),
              share);
      Elements elements = format.split(body, limits.events());
      elements.requireAtMost(Topics.maxKeptBytes(settings));
      take(allowance, elements.count());
      kafka.pass();
      long now = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
      Delivery delivery = new Delivery();
      long received = atEventTime(ctx) ? EventDecoder.AT_EVENT_TIME : now;
      door.send(body.bytes(), elements, received, now, verdicts, producer, delivery);
      delivery.sealed();
      Duration worked = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - cpu);
      return new Accepted(door, verdicts, delivery, share, body.length(), worked);
    } catch (RuntimeException e) {
      share.close();
      throw e;
    }
  }

  private CompletableFuture<Void> answer(Context ctx, Accepted request, long started) {
    return request
        .delivery()
        .done()
        .handleAsync(
            (kept, problem) -> {
              try {
                if (problem == null) {
                  if (!kept.isEmpty()) {
                    kafka.confirmed();
                  }
                  confirm(ctx, request, kept, started);
                } else {
                  kafka.unconfirmed(problem.getMessage());
                  refuse(ctx, unconfirmed(problem), started);
                }
              } finally {
                request.share().close();
              }
              return null;
            },
            answers);
  }

  private void confirm(Context ctx, Accepted request, Map<Place, Count> kept, long started) {
    acknowledged.add(kept);
    request.door().count(request.verdicts(), request.bodyBytes(), request.cpu());
    requests.answered(Duration.ofNanos(System.nanoTime() - started));
    ctx.contentType("application/json").result(request.verdicts().toJson());
  }

  private static Refused unconfirmed(Throwable problem) {
    return Refused.unconfirmed(
        "Cannot say whether the events were kept: Kafka did not confirm them (%s); send them again, repeats are dropped by event id"
            .formatted(problem.getMessage()));
  }

  private void refuse(Context ctx, Refused refused, long started) {
    requests.refused(refused.word(), Duration.ofNanos(System.nanoTime() - started));
    refused
        .retryAfter()
        .ifPresent(
            wait ->
                ctx.header("Retry-After", Long.toString(wait.plusNanos(999_999_999).toSeconds())));
    if (refused.status() == 401) {
      ctx.header("WWW-Authenticate", "Bearer");
    }
    Failure failure =
        new Failure(refused.getMessage(), refused.code().name().toLowerCase(Locale.ROOT));
    ctx.status(refused.status())
        .contentType("application/json")
        .result(JSON.valueToTree(failure).toString());
  }

  private String keyName(Context ctx) {
    String header = Optional.ofNullable(ctx.header("Authorization")).orElse("");
    if (!header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      throw Refused.noKey(
          "Cannot take events without a write key: send the header 'Authorization: Bearer <key>'");
    }
    return keys.nameOf(header.substring(7).strip())
        .orElseThrow(
            () -> Refused.noKey("Cannot take events with this write key: it is not known"));
  }

  private Door door(String stream) {
    Door door = doors.get(stream);
    if (door == null) {
      throw Refused.unknownStream(
          "Cannot find stream '%s': %s"
              .formatted(stream, NearMatch.remedy(doors.keySet(), stream)));
    }
    return door;
  }

  private static Verdicts.Listing listing(Context ctx) {
    String wanted = Optional.ofNullable(ctx.queryParam("verdicts")).orElse("all");
    return switch (wanted) {
      case "all" -> Verdicts.Listing.ALL;
      case "rejected" -> Verdicts.Listing.REJECTED;
      default ->
          throw Refused.unreadable(
              "Cannot list verdicts '%s': use all or rejected".formatted(wanted));
    };
  }

  private static boolean atEventTime(Context ctx) {
    String wanted = ctx.header("X-Millrace-Received");
    if (wanted != null && !wanted.equals("event-time")) {
      throw Refused.unreadable(
          "Cannot understand X-Millrace-Received '%s': send event-time or nothing"
              .formatted(wanted));
    }
    return wanted != null;
  }

  private void requireDisk() {
    long free = freeDiskBytes.getAsLong();
    if (free < settings.minFreeDiskBytes()) {
      throw Refused.diskFull(
          "Cannot take events: %d bytes of disk are free, and %d are kept free; make room"
              .formatted(free, settings.minFreeDiskBytes()));
    }
  }

  private void take(Allowance allowance, int events) {
    Duration wait = allowance.take(events, nanos());
    if (!wait.isZero()) {
      throw Refused.tooFast(
          "Cannot take more than %d events a second from one write key: send them again later"
              .formatted(settings.maxEventsPerSecond()),
          wait);
    }
  }

  private long nanos() {
    return ChronoUnit.NANOS.between(Instant.EPOCH, clock.instant());
  }

  /** Asks for the disk once, because finding it reads all mounts of the machine. */
  private static LongSupplier freeBytes(Path folder) {
    try {
      FileStore disk = Files.getFileStore(Files.createDirectories(folder));
      return () -> usable(disk);
    } catch (IOException e) {
      throw MillraceException.world("Cannot find the disk of " + folder, e);
    }
  }

  private static long usable(FileStore disk) {
    try {
      return disk.getUsableSpace();
    } catch (IOException e) {
      throw MillraceException.world("Cannot ask for the free space of " + disk, e);
    }
  }

  private static Producer<byte[], byte[]> producer(String kafka, Settings settings, Limits limits) {
    long confirmation = limits.confirmation().toMillis();
    int maxRecordBytes = Topics.maxRecordBytes(settings);
    Map<String, Object> config =
        Map.ofEntries(
            Map.entry(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka),
            Map.entry(ProducerConfig.CLIENT_ID_CONFIG, "millrace-collector"),
            Map.entry(ProducerConfig.ACKS_CONFIG, "all"),
            Map.entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true),
            Map.entry(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4"),
            Map.entry(ProducerConfig.LINGER_MS_CONFIG, 5),
            Map.entry(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10),
            Map.entry(
                ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(64L << 20, 2L * maxRecordBytes)),
            Map.entry(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, maxRecordBytes),
            Map.entry(ProducerConfig.MAX_BLOCK_MS_CONFIG, limits.blocking().toMillis()),
            Map.entry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) confirmation),
            Map.entry(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) (confirmation / 2)),
            Map.entry(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500L));
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Waits for what is on its way to Kafka, then writes the counts. */
  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
    answers.shutdown();
    acknowledged.close();
    kafka.close();
  }
}
