package io.millrace.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How far a stream is, over time, and how fast it goes once it is warm. */
public final class Progress {

  /** Code is compiled, caches are filled, the first checkpoints are over. */
  private static final Duration WARM_UP = Duration.ofSeconds(20);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  /** Without anything new for so long, the topic is at its end. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private record Mark(long millis, long events) {}

  private final Duration length;
  private final List<Mark> marks = new ArrayList<>();
  private int looksInVain;

  /**
   * @param length how long to measure after the warm-up
   */
  public Progress(Duration length) {
    this.length = length;
  }

  /**
   * Notes that so many events in all were done at a time; the first mark starts the warm-up.
   *
   * @param millis when, on any clock
   */
  public void add(long millis, long events) {
    if (marks.isEmpty() || marks.get(marks.size() - 1).millis < millis) {
      marks.add(new Mark(millis, events));
      looksInVain = 0;
    }
  }

  /** Waits a little, and returns whether there is more to look at. */
  public boolean goesOn() throws InterruptedException {
    Thread.sleep(BETWEEN_LOOKS.toMillis());
    return !isOver() && looksInVain++ < PATIENCE.dividedBy(BETWEEN_LOOKS);
  }

  /** Whether the time to be measured is over. */
  private boolean isOver() {
    return !marks.isEmpty()
        && last().millis - marks.get(0).millis >= WARM_UP.plus(length).toMillis();
  }

  private Mark last() {
    return marks.get(marks.size() - 1);
  }

  /**
   * Events a second, from the first mark after the warm-up to the last.
   *
   * @throws IllegalStateException if the input came to its end before that
   */
  public double eventsPerSecond() {
    Optional<Mark> warm =
        marks.stream()
            .filter(it -> it.millis - marks.get(0).millis >= WARM_UP.toMillis())
            .findFirst();
    if (warm.isEmpty() || warm.get().millis == last().millis) {
      throw new IllegalStateException("Cannot measure: it ended before it was warm");
    }
    return (last().events - warm.get().events) * 1e3 / (last().millis - warm.get().millis);
  }
}
