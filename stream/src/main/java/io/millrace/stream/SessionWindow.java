package io.millrace.stream;

import io.millrace.event.EventDecoder;
import io.millrace.project.StreamContract;
import java.time.Duration;
import java.util.Optional;

/**
 * The sessions of one topic partition: events of a key that follow each other by no more than a gap
 * of event time. A session is named by the event time of the event that opened it, so each event
 * knows its session at once, and none has to be closed.
 *
 * <p>An event belongs to the newest session of its key if it is no more than the gap away from it,
 * before or after. Otherwise it opens another; one that is older than that stands for itself alone.
 * A key is forgotten, in generations of append time, once no event that is not late could still
 * belong to its session. That depends on nothing but the topic, so whoever reads the same records
 * again decides the same.
 */
final class SessionWindow extends Window<SessionMap> {

  /** Of an entry: generation, high, low, started, last. */
  static final int WIDTH = 5;

  private static final int HIGH = 1;
  private static final int LOW = 2;
  private static final int STARTED = 3;
  private static final int LAST = 4;

  private static final long NOT_ADDED = -1;

  private final long gapMicros;

  /** For a partition of a stream, if it keeps sessions. */
  static Optional<SessionWindow> of(StreamContract contract) {
    return contract.sessionGap().map(gap -> new SessionWindow(gap, memory(contract)));
  }

  SessionWindow(Duration gap, Duration memory) {
    super(memory.toMillis(), WIDTH, SessionMap[]::new, SessionMap::new);
    this.gapMicros = gap.toNanos() / 1_000;
  }

  /** How long a contract has a key remembered after an event of it; not at all without sessions. */
  static Duration memory(StreamContract contract) {
    return contract
        .sessionGap()
        .map(gap -> gap.plus(contract.lateness()).plus(EventDecoder.MAX_AHEAD))
        .orElse(Duration.ZERO);
  }

  /**
   * When the session began that an event belongs to.
   *
   * @param high and low, a hash of the key, not zero
   * @param eventTime in microseconds, as is what it returns
   * @param appended when the broker took it, in milliseconds
   */
  long startOf(long high, long low, long eventTime, long appended) {
    generations.advanceTo(appended);
    for (int age = 0; age < Generations.COUNT; age++) {
      SessionMap map = generations.before(age);
      int slot = map == null ? -1 : map.find(high, low);
      if (slot >= 0) {
        return startOf(high, low, eventTime, map, slot, age);
      }
    }
    remember(high, low, eventTime, eventTime);
    return eventTime;
  }

  private long startOf(long high, long low, long eventTime, SessionMap map, int slot, int age) {
    long started = map.started(slot);
    long last = map.last(slot);
    if (eventTime < started - gapMicros) {
      return eventTime;
    }
    if (eventTime > last + gapMicros) {
      remember(high, low, eventTime, eventTime);
      return eventTime;
    }
    long newLast = Math.max(last, eventTime);
    if (age == 0 && additions.has(map.addition(slot))) {
      map.setLast(slot, newLast);
      additions.set(map.addition(slot), LAST, newLast);
    } else {
      remember(high, low, started, newLast);
    }
    return started;
  }

  private void remember(long high, long low, long started, long last) {
    long newest = generations.newest();
    long entry = additions.add();
    additions.set(entry, 0, newest);
    additions.set(entry, HIGH, high);
    additions.set(entry, LOW, low);
    additions.set(entry, STARTED, started);
    additions.set(entry, LAST, last);
    generations.of(newest).put(high, low, started, last, entry);
  }

  /** Of entries of one key the one whose session reaches farther is the newer. */
  @Override
  void restore(long[] entry) {
    long generation = entry[0];
    generations.advance(generation);
    if (hasForgotten(generation)) {
      return;
    }
    SessionMap map = generations.of(generation);
    int slot = map.find(entry[HIGH], entry[LOW]);
    if (slot < 0 || map.last(slot) < entry[LAST]) {
      map.put(entry[HIGH], entry[LOW], entry[STARTED], entry[LAST], NOT_ADDED);
    }
  }
}
