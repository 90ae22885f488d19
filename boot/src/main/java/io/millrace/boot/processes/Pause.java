package io.millrace.boot.processes;

import java.time.Duration;

/** How long to wait before a process is started again: twice as long each time it dies soon. */
final class Pause {

  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /** A process that ran this long is well; what it died of is news. */
  private static final Duration WELL = Duration.ofMinutes(1);

  private Duration next = FIRST;

  Duration after(Duration ran) {
    Duration pause = ran.compareTo(WELL) >= 0 ? FIRST : next;
    Duration doubled = pause.multipliedBy(2);
    next = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    return pause;
  }
}
