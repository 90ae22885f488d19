package io.millrace.live;

import io.millrace.core.Daemons;
import io.millrace.core.Meters;
import io.millrace.core.MillraceException;
import io.millrace.event.LiveRow;
import io.millrace.live.LiveStore.Applied;
import io.millrace.live.LiveTopic.Told;
import io.millrace.project.StreamContract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live values of one stream: a thread follows the topic of its live rows, from where the store
 * says it is. It fills the store from bronze when there is none, when the topic has lost what comes
 * next, and when bronze has been changed behind its back: by a correction, another contract, or an
 * erasure, which says so. Safe for several threads.
 */
public final class LiveStream implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LiveStream.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);
  private static final Duration PATIENCE_WITH_FOLLOWER = Duration.ofSeconds(5);
  private static final Duration PATIENCE_WITH_READERS = Duration.ofMillis(20);

  private final StreamContract contract;
  private final LiveFolder folder;
  private final Filling filling;
  private final String kafka;
  private final LongAdder taken;
  private final LongAdder older;
  private final Thread thread;

  /** Readers have it for as long as they read; the follower alone takes another store. */
  private final ReentrantReadWriteLock reading = new ReentrantReadWriteLock();

  private Optional<RocksStore> store = Optional.empty();

  // Guarded by this, which is told of every change.
  private Map<Integer, Long> followed = Map.of();
  private long fillsWanted;
  private long fillsDone;
  private boolean closed;

  LiveStream(
      StreamContract contract, LiveFolder folder, Filling filling, String kafka, Meters meters) {
    this.contract = contract;
    this.folder = folder;
    this.filling = filling;
    this.kafka = kafka;
    this.taken = counter(meters, "taken");
    this.older = counter(meters, "older");
    this.thread = Daemons.thread("live " + contract.name(), this::run);
  }

  private LongAdder counter(Meters meters, String outcome) {
    return meters.counter(
        "millrace_live_rows_total",
        "Rows that live values were told of.",
        "stream",
        contract.name(),
        "outcome",
        outcome);
  }

  void start() {
    thread.start();
  }

  public StreamContract contract() {
    return contract;
  }

  /** The newest row of a key, if there is one. */
  public Optional<LiveRow> find(String key) {
    reading.readLock().lock();
    try {
      return filled().find(key);
    } finally {
      reading.readLock().unlock();
    }
  }

  /** Hands over every row, all of one moment. */
  public void forEach(Consumer<LiveRow> taker) {
    reading.readLock().lock();
    try {
      filled().forEach(taker);
    } finally {
      reading.readLock().unlock();
    }
  }

  private boolean isOutdated() {
    reading.readLock().lock();
    try {
      return filling.isOutdated(position());
    } finally {
      reading.readLock().unlock();
    }
  }

  private RocksStore filled() {
    return store.orElseThrow(
        () ->
            MillraceException.world(
                "Cannot read the live values of '%s': they are being filled from %s; try again later"
                    .formatted(contract.name(), contract.bronze())));
  }

  /**
   * Waits until all rows have been taken that the topic of live rows has before some offsets, and
   * those of bronze if it has been corrected.
   *
   * @return false if that takes longer
   */
  public boolean awaitFollowed(Map<Integer, Long> offsets, Duration patience) {
    if (isOutdated() && !refill(patience)) {
      return false;
    }
    return await(
        () ->
            fillsDone == fillsWanted
                && offsets.entrySet().stream()
                    .allMatch(it -> followed.getOrDefault(it.getKey(), 0L) >= it.getValue()),
        patience);
  }

  /**
   * Fills them from bronze as it is now, so that nothing is left of what it no longer has.
   *
   * @return false if that takes longer; it goes on
   */
  public boolean refill(Duration patience) {
    long mine;
    synchronized (this) {
      fillsWanted++;
      mine = fillsWanted;
    }
    return await(() -> fillsDone >= mine, patience);
  }

  private synchronized boolean await(BooleanSupplier done, Duration patience) {
    long giveUp = System.nanoTime() + patience.toNanos();
    try {
      while (!done.getAsBoolean()) {
        long left = (giveUp - System.nanoTime()) / 1_000_000;
        if (left <= 0 || closed) {
          return false;
        }
        wait(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void run() {
    while (!isClosed()) {
      try {
        if (store.isEmpty()) {
          swap(opened());
        }
        follow();
      } catch (KafkaException | MillraceException e) {
        log.warn("Live values of '{}': {}", contract.name(), e.getMessage());
        pause(PAUSE);
      } catch (RuntimeException e) {
        log.error("Live values of '{}'", contract.name(), e);
        pause(PAUSE);
      }
    }
  }

  /** What cannot be opened is filled anew, since bronze has all of it. */
  private Optional<RocksStore> opened() {
    try {
      return folder.open();
    } catch (MillraceException e) {
      log.warn("Live values of '{}': {}", contract.name(), e.getMessage());
      return Optional.empty();
    }
  }

  /** Until something is to be begun again. */
  private void follow() {
    try (LiveTopic topic = new LiveTopic(kafka, contract.liveTopic())) {
      fillIfOutdated();
      if (!topic.goTo(position().next())) {
        log.warn("Topic '{}' has lost what comes next", contract.liveTopic());
        fill();
        return;
      }
      long looked = System.nanoTime();
      while (!isClosed() && !isFillWanted()) {
        take(topic.poll());
        if (System.nanoTime() - looked > BETWEEN_LOOKS.toNanos()) {
          if (filling.isOutdated(position())) {
            return;
          }
          looked = System.nanoTime();
        }
      }
    } catch (InvalidOffsetException e) {
      log.warn("Topic '{}' has lost what comes next", contract.liveTopic());
      fill();
    }
  }

  private void take(Told told) {
    RocksStore open = store.orElseThrow();
    LivePosition position = open.position();
    if (!told.rows().isEmpty()) {
      List<LiveRow> rows =
          told.rows().stream().filter(row -> !position.isDecided(row.version())).toList();
      count(apply(open, rows, position.followedTo(told.next())));
    }
    synchronized (this) {
      followed = told.next();
      notifyAll();
    }
  }

  private Applied apply(RocksStore open, List<LiveRow> rows, LivePosition position) {
    try {
      return open.apply(rows, position);
    } catch (MillraceException e) {
      // After some failures, such as a full disk, it takes nothing before it is opened again.
      swap(Optional.empty());
      throw e;
    }
  }

  private void count(Applied applied) {
    taken.add(applied.taken());
    older.add(applied.older());
  }

  private LivePosition position() {
    return store.map(RocksStore::position).orElse(LivePosition.NONE);
  }

  private synchronized boolean isFillWanted() {
    return fillsDone < fillsWanted;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private void fillIfOutdated() {
    if (store.isEmpty() || isFillWanted() || filling.isOutdated(position())) {
      fill();
    }
  }

  private void fill() {
    long wanted;
    synchronized (this) {
      wanted = fillsWanted;
      followed = Map.of();
    }
    log.info("Filling the live values of '{}' from {}", contract.name(), contract.bronze());
    RocksStore filled = folder.beginToFill();
    try {
      filling.fill(filled);
    } catch (RuntimeException e) {
      filled.close();
      throw e;
    }
    swap(Optional.of(folder.finish(filled)));
    folder.deleteOthers();
    synchronized (this) {
      fillsDone = wanted;
      notifyAll();
    }
  }

  /**
   * Takes another store and closes the one before. Without queueing for the lock, because readers
   * would queue behind this.
   */
  private void swap(Optional<RocksStore> next) {
    while (!reading.writeLock().tryLock()) {
      pause(PATIENCE_WITH_READERS);
    }
    Optional<RocksStore> before = store;
    try {
      store = next;
    } finally {
      reading.writeLock().unlock();
    }
    before.ifPresent(RocksStore::close);
  }

  private synchronized void pause(Duration length) {
    var unused = await(() -> closed, length);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(PATIENCE_WITH_FOLLOWER.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      return; // it is filling; what it leaves is begun again
    }
    reading.writeLock().lock();
    try {
      store.ifPresent(RocksStore::close);
      store = Optional.empty();
    } finally {
      reading.writeLock().unlock();
    }
  }
}
