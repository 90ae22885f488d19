package io.millrace.boot;

import io.millrace.core.Daemons;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A producer that never rests, so that upkeep has something to do. */
final class Churn implements AutoCloseable {

  private static final int EVENTS = 5;

  private final ScheduledExecutorService timer = Daemons.timer("churn");
  private final Supplier<Command> up;
  private String batch = SmallShop.sales(EVENTS);
  private long confirmed;

  Churn(Supplier<Command> up) {
    this.up = up;
    var unused = timer.scheduleWithFixedDelay(this::post, 0, 300, TimeUnit.MILLISECONDS);
  }

  /** What was not confirmed is posted again. */
  private synchronized void post() {
    try {
      if (up.get().postOnce("churn", batch) == 200) {
        confirmed += EVENTS;
        batch = SmallShop.sales(EVENTS);
      }
    } catch (InterruptedException | RuntimeException e) {
      // Nothing is up at the moment.
    }
  }

  /** How many events were confirmed. */
  synchronized long confirmed() {
    return confirmed;
  }

  @Override
  public void close() {
    timer.shutdown();
  }
}
