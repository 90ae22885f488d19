package io.millrace.schedule;

import java.nio.file.Path;
import java.time.InstantSource;

/** What the scheduler keeps, all of it in the metadata database. */
public record Books(IntervalLedger ledger, Runs runs, Backfills backfills)
    implements AutoCloseable {

  /**
   * Opens all of them, making what is missing.
   *
   * @param metadata the metadata database
   */
  public static Books open(Path metadata, InstantSource clock) {
    return new Books(
        IntervalLedger.open(metadata, clock),
        Runs.open(metadata, clock),
        Backfills.open(metadata, clock));
  }

  @Override
  public void close() {
    backfills.close();
    runs.close();
    ledger.close();
  }
}
