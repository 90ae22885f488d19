package io.millrace.schedule;

import io.millrace.core.Interval;
import io.millrace.project.Schedule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides which intervals of a table are built next. Reads nothing and writes nothing. */
final class Next {

  /** The most intervals of one build: what is lost when it fails. */
  static final int MAX_INTERVALS = 32;

  private Next() {}

  /**
   * Who asks, and for what.
   *
   * @param span only intervals that overlap it
   * @param backfill the one that asks; its intervals are left to it by others
   */
  record Asked(Interval span, Optional<Long> backfill) {

    /** Whether it is for whoever asks, whatever state it is in. */
    boolean isOf(Entry entry) {
      return entry.interval().overlaps(span)
          && (entry.backfill().isEmpty() || entry.backfill().equals(backfill));
    }

    // Who decides holds the table's lock, so what seems to run was left by an error.
    boolean isFor(Entry entry) {
      return isOf(entry) && (entry.isDue() || entry.state() == Entry.State.RUNNING);
    }
  }

  /**
   * The intervals of the next build, the oldest first. One that has failed before is built alone,
   * so that it takes no others down with it.
   *
   * @param open the intervals that are not done, in order
   */
  static List<Entry> of(List<Entry> open, Schedule schedule, Asked asked, Instant now) {
    List<Entry> next = new ArrayList<>();
    for (Entry entry : open) {
      if (entry.state() == Entry.State.SKIPPED) {
        continue;
      }
      boolean taken = asked.isFor(entry) && !entry.notBefore().isAfter(now);
      if (schedule.dependsOnPast()) {
        return taken ? List.of(entry) : List.of();
      }
      if (taken && entry.attempts() > 0 && next.isEmpty()) {
        return List.of(entry);
      }
      if (taken && entry.attempts() == 0) {
        next.add(entry);
      }
      if (next.size() == MAX_INTERVALS) {
        break;
      }
    }
    return next;
  }

  /** When what failed is tried again by itself; never if empty. */
  static Optional<Instant> again(Schedule schedule, int attempts, Instant now) {
    // Doubling 30 times is longer than any delay that can be meant.
    return attempts <= schedule.retries()
        ? Optional.of(
            now.plus(schedule.retryDelay().multipliedBy(1L << Math.min(attempts - 1, 30))))
        : Optional.empty();
  }
}
