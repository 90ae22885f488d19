package io.millrace.schedule;

import io.millrace.schedule.Run.Kind;
import java.util.Map;
import java.util.Optional;

/** A run that is recorded once there is something to record, and that a person can cancel. */
final class LiveRun implements AutoCloseable {

  private final Runs runs;
  private final Map<Long, LiveRun> running;
  private final Kind kind;
  private final String what;
  private final String why;
  private OpenRun open;
  private volatile String stopped = "";

  /**
   * Nothing is recorded yet.
   *
   * @param running where it is found by its id as long as it runs
   */
  LiveRun(Runs runs, Map<Long, LiveRun> running, Kind kind, String what, String why) {
    this.runs = runs;
    this.running = running;
    this.kind = kind;
    this.what = what;
    this.why = why;
  }

  synchronized OpenRun get() {
    if (open == null) {
      open = runs.begin(kind, what, why);
      running.put(open.id(), this);
    }
    return open;
  }

  synchronized Optional<OpenRun> recorded() {
    return Optional.ofNullable(open);
  }

  String why() {
    return why;
  }

  /** Has it end before its next build. */
  void stop(String reason) {
    stopped = reason;
  }

  boolean isStopped() {
    return !stopped.isEmpty();
  }

  @Override
  public synchronized void close() {
    if (open != null) {
      if (isStopped()) {
        open.cancelled(stopped);
      }
      open.close();
      running.remove(open.id());
    }
  }
}
