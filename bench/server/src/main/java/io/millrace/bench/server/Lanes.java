package io.millrace.bench.server;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Lanes that are used together, each by a thread of its own. */
public final class Lanes implements AutoCloseable {

  private final List<Lane> lanes;
  private final ExecutorService threads;
  private final AtomicLong next = new AtomicLong();

  public Lanes(List<Lane> lanes) {
    this.lanes = List.copyOf(lanes);
    this.threads = Executors.newFixedThreadPool(lanes.size());
  }

  /** What one thread does with its lane until it is over. */
  private interface Work {
    /** Returns nanoseconds, one for each batch. */
    List<Long> run(Lane lane) throws IOException;
  }

  /** Batches a second when each lane sends one after the other. */
  public double highestRate(Duration time) {
    long from = System.nanoTime();
    long until = from + time.toNanos();
    List<Long> batches =
        run(
            lane -> {
              List<Long> took = new ArrayList<>();
              while (System.nanoTime() < until) {
                long began = System.nanoTime();
                lane.send(next.getAndIncrement());
                took.add(System.nanoTime() - began);
              }
              return took;
            });
    return batches.size() * 1e9 / (System.nanoTime() - from);
  }

  /**
   * How long batches take that are due at an even pace, whoever is still waiting for an answer:
   * each is timed from when it was due.
   *
   * @param share of all batches, 0.99 for all but the slowest in a hundred
   * @return nanoseconds
   */
  public long takes(double batchesPerSecond, Duration time, double share) {
    long from = System.nanoTime();
    long until = from + time.toNanos();
    AtomicLong due = new AtomicLong();
    List<Long> batches =
        run(
            lane -> {
              List<Long> took = new ArrayList<>();
              while (true) {
                long at = from + (long) (due.getAndIncrement() * 1e9 / batchesPerSecond);
                if (at >= until) {
                  return took;
                }
                for (long wait = at - System.nanoTime(); wait > 0; wait = at - System.nanoTime()) {
                  LockSupport.parkNanos(wait);
                }
                lane.send(next.getAndIncrement());
                took.add(System.nanoTime() - at);
              }
            });
    long[] sorted = batches.stream().mapToLong(Long::longValue).sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalStateException("Cannot measure: no batch was due within " + time);
    }
    return sorted[Math.min(sorted.length - 1, (int) (sorted.length * share))];
  }

  /** How many batches were sent in all. */
  public long sent() {
    return next.get();
  }

  private List<Long> run(Work work) {
    List<Future<List<Long>>> running =
        lanes.stream().map(lane -> threads.submit(() -> work.run(lane))).toList();
    List<Long> all = new ArrayList<>();
    try {
      for (Future<List<Long>> it : running) {
        all.addAll(it.get());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot go on: interrupted", e);
    }
    return all;
  }

  @Override
  public void close() throws IOException {
    threads.shutdownNow();
    for (Lane lane : lanes) {
      lane.close();
    }
  }
}
