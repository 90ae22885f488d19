package io.millrace.project;

import java.time.Duration;
import java.time.ZoneId;

/** When due work of a model is done by itself. */
public sealed interface Trigger {

  /** When inputs have moved, but not more often than this. */
  record OnChange(Duration every) implements Trigger {}

  /**
   * At times.
   *
   * @param expression five fields, as cron reads them
   * @param catchUp whether work that was due while nothing ran is done, or only the newest interval
   */
  record Cron(String expression, ZoneId zone, boolean catchUp) implements Trigger {}

  /** Only when a person asks. */
  record Manual() implements Trigger {}
}
