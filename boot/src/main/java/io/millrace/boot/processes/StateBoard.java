package io.millrace.boot.processes;

import io.millrace.core.Daemons;
import io.millrace.core.MillraceException;
import io.millrace.core.ProcessState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The states of all processes, kept in a file for others to read. What a full disk refuses is
 * written as soon as there is room: whoever shows a state has a process to keep running, and must
 * not fail because of the file.
 */
final class StateBoard implements AutoCloseable {

  private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);

  private final Path file;
  private final Consumer<String> say;
  private final Map<String, ProcessState> states = new LinkedHashMap<>();
  private final ScheduledExecutorService timer = Daemons.timer("process-states");
  private boolean written = true;
  private boolean closed;

  /**
   * @param say told in a sentence when the file cannot be written
   */
  StateBoard(Path file, Consumer<String> say) {
    this.file = file;
    this.say = say;
    var unused =
        timer.scheduleWithFixedDelay(
            this::writeWhatIsMissing,
            BETWEEN_ATTEMPTS.toMillis(),
            BETWEEN_ATTEMPTS.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  synchronized void show(ProcessState state) {
    if (!closed) {
      states.put(state.name(), state);
      write();
      notifyAll();
    }
  }

  private synchronized void writeWhatIsMissing() {
    if (!closed && !written) {
      write();
    }
  }

  private void write() {
    try {
      ProcessState.write(file, List.copyOf(states.values()));
      written = true;
    } catch (MillraceException e) {
      if (written) {
        say.accept(e.getMessage() + "; it is tried again until there is room");
      }
      written = false;
    }
  }

  /** Waits until a process runs, or this is closed. */
  synchronized void awaitRunning(String process) throws InterruptedException {
    while (!closed && !isRunning(process)) {
      wait();
    }
  }

  private boolean isRunning(String process) {
    ProcessState state = states.get(process);
    return state != null && state.state() == ProcessState.State.RUNNING;
  }

  /** From now on nothing is written. */
  @Override
  public synchronized void close() {
    closed = true;
    timer.shutdown();
    notifyAll();
  }
}
