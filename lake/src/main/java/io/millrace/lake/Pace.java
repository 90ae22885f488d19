package io.millrace.lake;

import java.lang.management.ManagementFactory;
import java.time.Duration;

/** How upkeep keeps to its share of the processor: what it has used of it, and how it rests. */
@FunctionalInterface
public interface Pace {

  /** Waits for a while, on the thread that works. */
  void rest(Duration pause);

  /**
   * The processor time that this thread has used so far. Not the time on the clock: where others
   * keep the processors busy upkeep takes long, has used little, and is needed most.
   */
  default Duration used() {
    return Duration.ofNanos(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
  }
}
