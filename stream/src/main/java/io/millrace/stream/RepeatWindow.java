package io.millrace.stream;

import java.time.Duration;

/**
 * The event ids that one topic partition has seen of late, by which repeats are known.
 *
 * <p>Time is the broker's append time. That depends on nothing but the topic, so whoever reads the
 * same records again decides the same.
 */
final class RepeatWindow extends Window<IdSet> {

  /** Of an entry: generation, high, low. */
  static final int WIDTH = 3;

  RepeatWindow(Duration window) {
    this(window.toMillis());
  }

  private RepeatWindow(long window) {
    super(window, WIDTH, IdSet[]::new, IdSet::new);
  }

  /** Remembers an id for so many events: time is how many came before. */
  static RepeatWindow overEvents(long events) {
    return new RepeatWindow(events);
  }

  /** Whether this is the first time the id is seen; it is remembered then. */
  boolean isFirst(long high, long low, long time) {
    if (has(high, low, time)) {
      return false;
    }
    long newest = generations.newest();
    generations.of(newest).add(high, low);
    long entry = additions.add();
    additions.set(entry, 0, newest);
    additions.set(entry, 1, high);
    additions.set(entry, 2, low);
    return true;
  }

  /** Whether the id is remembered at this time. */
  boolean has(long high, long low, long time) {
    generations.advanceTo(time);
    for (int age = 0; age < Generations.COUNT; age++) {
      IdSet set = generations.before(age);
      if (set != null && set.contains(high, low)) {
        return true;
      }
    }
    return false;
  }

  @Override
  void restore(long[] entry) {
    long generation = entry[0];
    generations.advance(generation);
    if (!hasForgotten(generation) && !generations.of(generation).contains(entry[1], entry[2])) {
      generations.of(generation).add(entry[1], entry[2]);
    }
  }
}
