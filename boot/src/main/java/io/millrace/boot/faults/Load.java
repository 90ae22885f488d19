package io.millrace.boot.faults;

import io.millrace.core.Daemons;
import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import io.millrace.event.PersonalKey;
import io.millrace.lake.Lake;
import io.millrace.project.Project;
import io.millrace.project.StreamContract;
import io.millrace.prove.IdReader;
import io.millrace.prove.NumberedBalance;
import io.millrace.prove.NumberedIds;
import io.millrace.prove.StreamCertificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/**
 * Writes to every stream of a project alike, at a rate that can be changed, and keeps the books of
 * what was acknowledged.
 */
final class Load implements AutoCloseable {

  /** Of each stream: while one waits for its answer, the other makes its next batch. */
  private static final int SENDERS = 2;

  private static final int PATTERNS = 2_000;
  private static final int ONE_IN_LATE = 100;

  /** What the senders of one stream share. */
  record Stream(
      StreamContract contract,
      NumberedIds ids,
      NumberedBalance balance,
      Arrivals arrivals,
      List<EventPattern> patterns) {

    boolean isLate(int event) {
      return isLateEvent(event);
    }
  }

  /** What all senders share. */
  static final class Pace {
    final Posts posts = new Posts();
    final LongAdder acknowledged = new LongAdder();
    final AtomicReference<Throwable> problem = new AtomicReference<>();

    /** Events a second of one sender; 0 for none. */
    volatile double perSender;

    volatile boolean stopping;
  }

  private final DataDirectory data;
  private final Pace pace = new Pace();
  private final SortedMap<String, Stream> streams = new TreeMap<>();
  private final List<Thread> threads = new ArrayList<>();

  /** Sends nothing yet. */
  Load(Project project, DataDirectory data, long seed, InstantSource clock) {
    this.data = data;
    Random seeds = new Random(seed);
    for (StreamContract contract : project.streams().values()) {
      NumberedIds ids = new NumberedIds(seeds.nextLong());
      EventMaker maker =
          new EventMaker(contract, project.settings(), seeds.nextLong(), clock.instant());
      List<EventPattern> patterns = new ArrayList<>();
      for (int i = 0; i < PATTERNS; i++) {
        patterns.add(maker.pattern(clock.instant()));
      }
      Stream stream =
          new Stream(
              contract,
              ids,
              new NumberedBalance(contract.name(), ids, Load::isLateEvent),
              new Arrivals(),
              List.copyOf(patterns));
      streams.put(contract.name(), stream);
      for (int i = 0; i < SENDERS; i++) {
        EventMaker own =
            new EventMaker(contract, project.settings(), seeds.nextLong(), clock.instant());
        Sender sender =
            new Sender(
                stream,
                pace,
                new Door(data, contract.name()),
                own,
                new Random(seeds.nextLong()),
                clock);
        threads.add(Daemons.thread("load-" + contract.name() + "-" + i, sender));
      }
    }
    for (Thread it : threads) {
      it.setUncaughtExceptionHandler((thread, e) -> pace.problem.compareAndSet(null, e));
      it.start();
    }
  }

  private static boolean isLateEvent(int event) {
    return event % ONE_IN_LATE == 0;
  }

  /** From now on so many events a second, all streams together; 0 for none. */
  void offer(double eventsPerSecond) {
    pace.perSender = eventsPerSecond / threads.size();
  }

  /** Events that were answered for, and none of them twice. */
  long acknowledged() {
    return pace.acknowledged.sum();
  }

  Posts posts() {
    return pace.posts;
  }

  /**
   * How long ago the oldest event was acknowledged that is not in its bronze table.
   *
   * @param bronze rows by stream
   */
  double behindSeconds(Map<String, Long> bronze) {
    long now = System.nanoTime();
    return streams.values().stream()
            .mapToLong(
                it -> it.arrivals().waitedNanos(bronze.getOrDefault(it.contract().name(), 0L), now))
            .max()
            .orElse(0)
        / 1e9;
  }

  /** A sender ends by itself only if something was answered that never may be. */
  void requireWell() {
    Throwable problem = pace.problem.get();
    if (problem instanceof MillraceException known) {
      throw known;
    }
    if (problem != null) {
      throw MillraceException.us("Cannot go on sending: " + problem, problem);
    }
  }

  /** Waits until every batch has been answered, or given up. */
  void finish() {
    pace.stopping = true;
    try {
      for (Thread it : threads) {
        it.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw MillraceException.world("Cannot wait for the last answers: interrupted", e);
    }
    requireWell();
  }

  /** What was acknowledged against what the tables hold. */
  List<StreamCertificate> certify(Lake lake) {
    return streams.values().stream().map(it -> certify(it, lake)).toList();
  }

  private StreamCertificate certify(Stream stream, Lake lake) {
    String carrier = EventMaker.carrier(stream.contract()).name();
    new IdReader(lake, stream.contract(), PersonalKey.opener(stream.contract(), data), carrier)
        .forEach(stream.balance()::found);
    return stream.balance().result();
  }

  @Override
  public void close() {
    pace.stopping = true;
    threads.forEach(Thread::interrupt);
  }
}
