package io.millrace.schedule;

import io.millrace.core.Usage;
import java.nio.file.Path;
import java.time.InstantSource;

/** What the scheduler keeps, all of it in the metadata database. */
public record Books(IntervalLedger ledger, Runs runs, Backfills backfills, Usage usage)
    implements AutoCloseable {

  /**
   * Opens all of them, making what is missing.
   *
   * @param metadata the metadata database
   */
  public static Books open(Path metadata, InstantSource clock) {
    Usage usage = Usage.open(metadata, clock);
    return new Books(
        IntervalLedger.open(metadata, clock),
        Runs.open(metadata, usage, clock),
        Backfills.open(metadata, clock),
        usage);
  }

  @Override
  public void close() {
    backfills.close();
    runs.close();
    ledger.close();
    usage.close();
  }
}
