package io.millrace.boot.faults;

import io.millrace.core.MillraceException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what is to come. */
final class Wait {

  private Wait() {}

  /** Asks again and again; false if the answer is still no when the time is over. */
  static boolean until(Duration limit, Duration between, BooleanSupplier question) {
    long end = System.nanoTime() + limit.toNanos();
    while (!question.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
      pause(between);
    }
    return true;
  }

  static void pause(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw MillraceException.world("Cannot go on: interrupted", e);
    }
  }
}
