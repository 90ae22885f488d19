package io.millrace.schedule;

import io.millrace.core.Interval;
import io.millrace.schedule.Run.State;
import java.util.ArrayList;
import java.util.List;

/**
 * A run that is going on. What it says is kept at once. Closed without a word it is done, unless
 * one of its steps failed or was never ended. Threads may share it.
 */
public final class OpenRun implements AutoCloseable {

  private final Runs runs;
  private final long id;
  private final List<OpenStep> open = new ArrayList<>();
  private String failure = "";
  private boolean ended;

  OpenRun(Runs runs, long id) {
    this.runs = runs;
    this.id = id;
  }

  public long id() {
    return id;
  }

  /** Begins a step that is about a whole table, or about a chore of that name. */
  public OpenStep step(String table) {
    return step(table, List.of(Interval.ALWAYS), 1);
  }

  /**
   * Begins a step.
   *
   * @param intervals in order, at least one
   * @param attempt counted from 1
   */
  public synchronized OpenStep step(String table, List<Interval> intervals, int attempt) {
    OpenStep step = new OpenStep(this, runs, runs.addStep(id, table, intervals, attempt));
    open.add(step);
    return step;
  }

  synchronized void ended(OpenStep step, State state, String message) {
    open.remove(step);
    if (state == State.FAILED && failure.isEmpty()) {
      failure = message;
    }
  }

  /** Ends it: what it was for was not reached. */
  public void failed(String message) {
    end(State.FAILED, message);
  }

  /** Ends it: a person stopped it. */
  public void cancelled(String message) {
    end(State.CANCELLED, message);
  }

  /** Ends it, with something to say. */
  public void done(String message) {
    end(State.DONE, message);
  }

  private synchronized void end(State state, String message) {
    if (!ended) {
      ended = true;
      runs.endRun(id, state, message);
    }
  }

  @Override
  public void close() {
    for (OpenStep step : unended()) {
      step.failed("it was not finished");
    }
    synchronized (this) {
      end(failure.isEmpty() ? State.DONE : State.FAILED, failure);
    }
  }

  private synchronized List<OpenStep> unended() {
    return List.copyOf(open);
  }
}
