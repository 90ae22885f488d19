package io.millrace.boot.faults;

import java.util.ArrayDeque;
import java.util.Deque;

/** When events of a stream were acknowledged, until they are in its table. Takes many threads. */
final class Arrivals {

  private record Mark(long total, long nanos) {}

  private final Deque<Mark> waiting = new ArrayDeque<>();
  private long total;

  synchronized void acknowledged(long events, long nanos) {
    total += events;
    waiting.addLast(new Mark(total, nanos));
  }

  /** For how long the oldest event waits that is not among so many rows; 0 if none does. */
  synchronized long waitedNanos(long rows, long nanos) {
    while (!waiting.isEmpty() && waiting.peekFirst().total() <= rows) {
      waiting.removeFirst();
    }
    return waiting.isEmpty() ? 0 : nanos - waiting.peekFirst().nanos();
  }
}
