package io.millrace.boot.processes;

import io.millrace.core.DataDirectory;
import io.millrace.core.Incident.Kind;
import io.millrace.core.Incidents;
import io.millrace.core.MillraceException;
import java.time.Clock;
import java.util.function.Consumer;

/**
 * An incident for as long as a process has too little memory. What cannot be written is only said:
 * the process is to be started again all the same.
 */
final class MemoryIncident {

  private static final String DONE = "it is started again each time, and goes on where it was";

  private final String process;
  private final DataDirectory data;
  private final Clock clock;
  private final Consumer<String> say;

  /**
   * @param say told in a sentence what could not be written
   */
  MemoryIncident(String process, DataDirectory data, Clock clock, Consumer<String> say) {
    this.process = process;
    this.data = data;
    this.clock = clock;
    this.say = say;
  }

  /**
   * Begins it, or says it once more.
   *
   * @param cause why the process ended, and what to do
   */
  void begin(String cause) {
    write(it -> it.report(Kind.MEMORY, process, "its heap", cause, 0, DONE));
  }

  /** Says that the process has enough; nothing if it never had too little. */
  void end() {
    write(it -> it.end(Kind.MEMORY, process));
  }

  private void write(Consumer<Incidents> change) {
    try (Incidents incidents = Incidents.open(data.metadata(), clock)) {
      change.accept(incidents);
    } catch (MillraceException e) {
      say.accept(e.getMessage());
    }
  }
}
