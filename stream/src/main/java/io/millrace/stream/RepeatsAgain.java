package io.millrace.stream;

import io.millrace.project.StreamContract;

/**
 * Which events of a partition are repeats, decided again in the order of offsets without the times
 * at which the broker took them. What was decided stays decided, unless the contract now decides
 * otherwise about an event of the same id: so with the same contract nothing is another repeat than
 * before. Only for events that the contract has changed its mind about does the time matter, and
 * one near it has to do.
 */
final class RepeatsAgain {

  /** Ids of all events that count. */
  private final RepeatWindow counted;

  /** Ids of events that count and did not. */
  private final RepeatWindow fresh;

  /** Ids of events that do not count and did. */
  private final RepeatWindow gone;

  RepeatsAgain(StreamContract contract) {
    counted = new RepeatWindow(contract.repeatWindow());
    fresh = new RepeatWindow(contract.repeatWindow());
    gone = new RepeatWindow(contract.repeatWindow());
  }

  /** An event that counts as it did, because what came before stays as it is. */
  void remember(long high, long low, long time) {
    add(counted, high, low, time);
  }

  /**
   * An event that keeps the contract.
   *
   * @return whether it is the first of its id
   */
  boolean isFirst(Outcome was, long high, long low, long time) {
    boolean first =
        switch (was) {
          case ACCEPTED, LATE -> !fresh.has(high, low, time);
          case REPEATED -> gone.has(high, low, time) && !counted.has(high, low, time);
          case REJECTED -> !counted.has(high, low, time);
        };
    boolean wasFirst = was == Outcome.ACCEPTED || was == Outcome.LATE;
    if (first) {
      add(counted, high, low, time);
    }
    if (first && !wasFirst) {
      add(fresh, high, low, time);
    }
    if (!first && wasFirst) {
      add(gone, high, low, time);
    }
    return first;
  }

  /** An event that does not keep the contract any longer. */
  void drop(Outcome was, long high, long low, long time) {
    if (was == Outcome.ACCEPTED || was == Outcome.LATE) {
      add(gone, high, low, time);
    }
  }

  private static void add(RepeatWindow window, long high, long low, long time) {
    boolean unused = window.isFirst(high, low, time);
  }

  /** Gives up what windows keep for a checkpoint, which nobody makes here. */
  void forgetAdditions() {
    for (RepeatWindow window : new RepeatWindow[] {counted, fresh, gone}) {
      Additions unused = window.takeAdditions();
    }
  }
}
