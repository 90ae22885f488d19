package io.millrace.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintStream;

/**
 * Standard error of a process that must not outlive a fault of mapped memory: it ends the process
 * when such a fault is printed.
 *
 * <p>A page of a mapped file that a full disk has no room for is an {@link InternalError} in the
 * thread that touches it. Kafka's broker meets it in the index of a log whose records it has just
 * written, refuses them, and goes on without counting them: what is sent next gets the same
 * offsets, and the recovery after a crash, on finding offsets twice, empties the log. Ended before
 * it answers, the broker recovers a log that is whole.
 */
final class MemoryFaults extends PrintStream {

  MemoryFaults(PrintStream standardError) {
    super(standardError, true, UTF_8);
  }

  /** How a {@link Throwable} prints itself. */
  @Override
  public void println(Object printed) {
    super.println(printed);
    for (Throwable it = thrown(printed); it != null; it = it.getCause()) {
      if (isFault(it)) {
        super.println("Ended, since memory has no disk behind it: " + it);
        Runtime.getRuntime().halt(1);
      }
    }
  }

  private static Throwable thrown(Object printed) {
    return printed instanceof Throwable thrown ? thrown : null;
  }

  private static boolean isFault(Throwable thrown) {
    return thrown instanceof InternalError
        && String.valueOf(thrown.getMessage()).contains("memory access");
  }
}
