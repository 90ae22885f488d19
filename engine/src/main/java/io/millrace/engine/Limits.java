package io.millrace.engine;

import io.millrace.project.Settings;
import java.time.Duration;

/**
 * What queries, or builds of models, may use.
 *
 * @param memoryBytes memory of one query; beyond it a query spills to disk, at most an eighth of
 *     what is free there, and then fails
 * @param timeout from start to the last row read
 * @param threads of one query
 * @param concurrent queries at one time; others wait for as long as {@code patience}
 */
public record Limits(
    long memoryBytes, Duration timeout, int threads, int concurrent, Duration patience) {

  private static final int CONCURRENT = 4;
  private static final int MAX_THREADS = 8;

  private static final Duration BUILD_TIMEOUT = Duration.ofHours(6);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  public static Limits of(Settings settings) {
    int threads = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
    return new Limits(
        settings.queryMemoryBytes(), settings.queryTimeout(), threads, CONCURRENT, PATIENCE);
  }

  /** What a build may use: time is no concern, since nobody waits for the answer. */
  public static Limits ofBuilds(Settings settings) {
    int processors = Runtime.getRuntime().availableProcessors();
    int threads = Math.min(MAX_THREADS, Math.max(1, processors / settings.buildParallelism()));
    return new Limits(
        settings.buildMemoryBytes(), BUILD_TIMEOUT, threads, settings.buildParallelism(), PATIENCE);
  }
}
