package io.millrace.engine;

import io.millrace.project.Settings;
import java.time.Duration;

/**
 * What queries, or builds of models, may use.
 *
 * @param memoryBytes memory of one query; beyond it a query spills to disk, and then fails
 * @param timeout from start to the last row read
 * @param threads threads of one query; {@link #FEWEST_THREADS}, if it ran out of memory with more
 * @param concurrent queries at one time; others wait for as long as {@code patience}
 */
public record Limits(
    long memoryBytes, Duration timeout, int threads, int concurrent, Duration patience) {

  private static final int CONCURRENT = 4;
  private static final int MAX_THREADS = 8;

  /**
   * With one or two, DuckDB lets the hash table of a thread grow, 64 MB at a time, where with more
   * it spills one that is full (GROW_STRATEGY_THREAD_THRESHOLD in its radix_partitioned_hashtable),
   * so that a query needs less memory in four threads than in two, however many processors there
   * are.
   */
  private static final int FEWEST_THREADS = 4;

  private static final Duration BUILD_TIMEOUT = Duration.ofHours(6);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  public static Limits of(Settings settings) {
    int processors = Runtime.getRuntime().availableProcessors();
    int threads = Math.max(FEWEST_THREADS, Math.min(MAX_THREADS, processors));
    return new Limits(
        settings.queryMemoryBytes(), settings.queryTimeout(), threads, CONCURRENT, PATIENCE);
  }

  /** Whether a query that runs out of memory may have enough in fewer threads. */
  boolean allowFewerThreads() {
    return threads > FEWEST_THREADS;
  }

  Limits inFewestThreads() {
    return new Limits(memoryBytes, timeout, FEWEST_THREADS, concurrent, patience);
  }

  /** What a build may use: time is no concern, since nobody waits for the answer. */
  public static Limits ofBuilds(Settings settings) {
    int processors = Runtime.getRuntime().availableProcessors();
    int threads = Math.min(MAX_THREADS, Math.max(1, processors / settings.buildParallelism()));
    return new Limits(
        settings.buildMemoryBytes(), BUILD_TIMEOUT, threads, settings.buildParallelism(), PATIENCE);
  }
}
