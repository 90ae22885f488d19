package io.millrace.core;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Keeps callers from something outside that does not work. After some failures in a row it is open;
 * then one call at a time is let through, after pauses that grow, to see whether it works again.
 * Threads may share it. The pattern is Nygard's circuit breaker (Release It!, 2007).
 */
public final class Breaker {

  /**
   * When it opens, and how long it stays so.
   *
   * @param failures in a row that open it
   * @param first pause before the first trial; each further one is twice as long
   * @param longest pause before a trial, and how long a trial may take before there is another
   */
  public record Limits(int failures, Duration first, Duration longest) {}

  /** Hears of the change, once for each. Called under the breaker's lock. */
  public interface Listener {
    void opened(String cause);

    void closed();
  }

  private final Limits limits;
  private final InstantSource clock;
  private final Listener listener;

  private int failures;
  private Duration pause;
  private Instant trialAt = Instant.MIN;

  public Breaker(Limits limits, InstantSource clock, Listener listener) {
    this.limits = limits;
    this.clock = clock;
    this.listener = listener;
    this.pause = limits.first();
  }

  /**
   * How long a call has to wait. Zero lets it go ahead, and then it should say how it went; if it
   * says nothing, another is let through some time later.
   */
  public synchronized Duration toWait() {
    if (!isOpen()) {
      return Duration.ZERO;
    }
    Duration wait = Duration.between(clock.instant(), trialAt);
    if (wait.compareTo(Duration.ZERO) > 0) {
      return wait;
    }
    trialAt = clock.instant().plus(limits.longest());
    return Duration.ZERO;
  }

  public synchronized void succeeded() {
    boolean wasOpen = isOpen();
    failures = 0;
    pause = limits.first();
    if (wasOpen) {
      listener.closed();
    }
  }

  /**
   * Counts a failure.
   *
   * @param cause in a sentence
   */
  public synchronized void failed(String cause) {
    boolean wasOpen = isOpen();
    failures++;
    if (!isOpen()) {
      return;
    }
    trialAt = clock.instant().plus(pause);
    Duration twice = pause.multipliedBy(2);
    pause = twice.compareTo(limits.longest()) < 0 ? twice : limits.longest();
    if (!wasOpen) {
      listener.opened(cause);
    }
  }

  private boolean isOpen() {
    return failures >= limits.failures();
  }
}
