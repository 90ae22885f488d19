package io.millrace.collect;

import io.millrace.collect.ReplayLog.Sent;
import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import io.millrace.project.Project;
import io.millrace.project.StreamContract;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends rejected events through the contract as it is now. What it accepts goes to the stream's
 * topic, once, however often a replay is interrupted and run again; what it rejects stays where it
 * is. Safe for several threads; a stream has one replay at a time.
 */
public final class Replays {

  private static final Logger log = LoggerFactory.getLogger(Replays.class);

  /** Of one transaction, which readers see whole. */
  static final int BATCH_EVENTS = 1_000;

  private static final int BATCH_BYTES = 8 << 20;

  /** Longer than it takes to settle what a killed replay has left, which a server does first. */
  private static final long PATIENCE_SECONDS = 10;

  private final Project project;
  private final Path metadata;
  private final String kafka;
  private final Map<String, ReentrantLock> busy = new HashMap<>();

  public Replays(Project project, DataDirectory data, String kafka) {
    this.project = project;
    this.metadata = data.metadata();
    this.kafka = kafka;
    project.streams().keySet().forEach(stream -> busy.put(stream, new ReentrantLock()));
  }

  /**
   * What a replay would find now, without sending anything.
   *
   * @param events of the stream's quarantine
   * @return how many events were rejected for which reason and what the contract says of them now
   */
  public SortedMap<Judged, Long> plan(String stream, Iterator<RejectedEvent> events) {
    StreamContract contract = project.contract(stream);
    return alone(
        stream,
        () -> {
          settle(contract);
          try (ReplayLog done = ReplayLog.open(metadata)) {
            Judge judge = new Judge(contract, project.settings().maxEventBytes(), done);
            events.forEachRemaining(judge::judge);
            return judge.counts();
          }
        });
  }

  /**
   * Sends those that the contract accepts and that no replay has sent.
   *
   * @param events of the stream's quarantine, read while others are sent
   * @param progress told after each transaction what has become of the events so far
   * @throws MillraceException if Kafka did not confirm all of it; run again, it sends the rest
   */
  public SortedMap<Judged, Long> send(
      String stream, Iterator<RejectedEvent> events, Consumer<SortedMap<Judged, Long>> progress) {
    StreamContract contract = project.contract(stream);
    return alone(
        stream,
        () -> {
          try (ReplayLog done = ReplayLog.open(metadata);
              ReplayTopic topic = open(contract)) {
            settle(stream, done, topic);
            done.add(stream, List.of(), topic.ends());
            Judge judge = new Judge(contract, project.settings().maxEventBytes(), done);
            Batch batch = new Batch();
            while (events.hasNext()) {
              RejectedEvent event = events.next();
              judge.judge(event).ifPresent(record -> batch.add(event.origin(), record));
              if (batch.isFull()) {
                send(stream, batch, done, topic);
                progress.accept(judge.counts());
              }
            }
            send(stream, batch, done, topic);
            done.complete(stream);
            return judge.counts();
          }
        });
  }

  /** What one transaction sends. */
  private static final class Batch {
    private final Map<Origin, ProducerRecord<byte[], byte[]>> records = new LinkedHashMap<>();
    private long bytes;

    void add(Origin origin, ProducerRecord<byte[], byte[]> record) {
      records.put(origin, record);
      bytes += record.value().length;
    }

    boolean isFull() {
      return records.size() >= BATCH_EVENTS || bytes >= BATCH_BYTES;
    }

    void clear() {
      records.clear();
      bytes = 0;
    }
  }

  private static void send(String stream, Batch batch, ReplayLog done, ReplayTopic topic) {
    if (!batch.records.isEmpty()) {
      List<Sent> sent = topic.send(batch.records);
      Map<Integer, Long> behind = new HashMap<>();
      sent.forEach(it -> behind.merge(it.partition(), it.offset() + 1, Math::max));
      done.add(stream, sent, behind);
      batch.clear();
    }
  }

  /**
   * Ends what a process that died has left: its transaction is taken back, so that readers of the
   * topic go on, and what it had sent becomes known.
   */
  public void settle() {
    for (StreamContract contract : project.streams().values()) {
      ReentrantLock lock = busy.get(contract.name());
      // A replay that runs already has settled first.
      if (lock.tryLock()) {
        try {
          settle(contract);
        } finally {
          lock.unlock();
        }
      }
    }
  }

  private void settle(StreamContract contract) {
    try (ReplayLog done = ReplayLog.open(metadata)) {
      if (!done.marks(contract.name()).isEmpty()) {
        try (ReplayTopic topic = open(contract)) {
          settle(contract.name(), done, topic);
        }
      }
    }
  }

  private static void settle(String stream, ReplayLog done, ReplayTopic topic) {
    SortedMap<Integer, Long> marks = done.marks(stream);
    if (!marks.isEmpty()) {
      List<Sent> sent = topic.sentSince(marks);
      done.settle(stream, sent);
      log.info(
          "A replay of {} was interrupted; {} events it had sent were found", stream, sent.size());
    }
  }

  private ReplayTopic open(StreamContract contract) {
    return ReplayTopic.open(
        contract.name(),
        contract.topic(),
        kafka,
        "millrace.%s.replay.%s".formatted(project.name(), contract.name()),
        Topics.maxRecordBytes(project.settings()));
  }

  private <T> T alone(String stream, Supplier<T> work) {
    ReentrantLock lock = busy.get(stream);
    if (!taken(lock)) {
      throw MillraceException.world(
          "Cannot replay '%s': a replay of it is running; try again when it has ended"
              .formatted(stream));
    }
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  private static boolean taken(ReentrantLock lock) {
    try {
      return lock.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
