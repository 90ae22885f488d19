package io.millrace.schedule;

import io.millrace.schedule.Run.State;

/** A step that is going on. Ended once; what is said after that is dropped. */
public final class OpenStep implements Warehouse.Progress {

  private final OpenRun run;
  private final Runs runs;
  private final long id;
  private int lines;
  private boolean ended;

  OpenStep(OpenRun run, Runs runs, long id) {
    this.run = run;
    this.runs = runs;
    this.id = id;
  }

  public long id() {
    return id;
  }

  /** Keeps a line, up to {@link Runs#MAX_LINES} of them. */
  @Override
  public synchronized void say(String line) {
    lines++;
    if (!ended && lines <= Runs.MAX_LINES) {
      runs.addLine(id, lines, lines < Runs.MAX_LINES ? line : "what followed was not kept");
    }
  }

  public void done(long rows) {
    end(State.DONE, rows, "", "");
  }

  /** Ends it well, with something to say. */
  public void done(long rows, String message) {
    end(State.DONE, rows, message, "");
  }

  public void failed(String message) {
    end(State.FAILED, 0, message, "");
  }

  /** Ends it: the rows were refused, and are on a branch. */
  public void refused(String message, String branch) {
    end(State.FAILED, 0, message, branch);
  }

  public void skipped(String message) {
    end(State.SKIPPED, 0, message, "");
  }

  // Not while holding this lock: the run holds its own when it ends its steps.
  private void end(State state, long rows, String message, String branch) {
    if (endsNow()) {
      runs.endStep(id, state, rows, message, branch);
      run.ended(this, state, message);
    }
  }

  private synchronized boolean endsNow() {
    boolean first = !ended;
    ended = true;
    return first;
  }
}
