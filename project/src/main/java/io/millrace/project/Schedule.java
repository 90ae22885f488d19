package io.millrace.project;

import java.time.Duration;

/**
 * How a model is built by itself.
 *
 * @param retries attempts after the first, when what failed may work later
 * @param retryDelay before the first of them; each further one waits twice as long
 * @param dependsOnPast an interval waits until the one before it is done
 */
public record Schedule(Trigger trigger, int retries, Duration retryDelay, boolean dependsOnPast) {

  /** Without a word in {@code schema.yml}. */
  public static final Schedule DEFAULT =
      new Schedule(new Trigger.OnChange(Duration.ofSeconds(30)), 3, Duration.ofSeconds(10), false);
}
