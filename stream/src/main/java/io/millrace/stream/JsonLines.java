package io.millrace.stream;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import io.millrace.lake.AcceptedContracts;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/**
 * What a process that works on the tables of a stream and ends says meanwhile: lines of JSON, of
 * which the last is its answer or a {@link Failure}. Threads may share it.
 */
final class JsonLines {

  /** A stream that runs has committed by then; one that does not does it when it starts. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private static final JsonMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private final PrintStream out;

  private JsonLines(PrintStream out) {
    this.out = out;
  }

  /** The process's work. */
  @FunctionalInterface
  interface Work {
    void run(Project project, DataDirectory data, JsonLines lines) throws InterruptedException;
  }

  /** Why it ended early. */
  private record Failure(String error, String code) {}

  /**
   * Does the work and ends the process.
   *
   * @param args begin with the project directory and the data directory
   */
  static void process(String[] args, Work work) throws InterruptedException {
    JsonLines lines = new JsonLines(System.out);
    // What others print must not come between the lines.
    System.setOut(System.err);
    int exit = 0;
    try {
      DataDirectory data = new DataDirectory(Path.of(args[1]));
      Project project =
          AcceptedContracts.inForce(ProjectReader.load(Path.of(args[0])), data.metadata());
      work.run(project, data, lines);
    } catch (MillraceException e) {
      exit = 1;
      lines.say(new Failure(e.getMessage(), e.code().name().toLowerCase(Locale.ROOT)));
    }
    System.exit(exit);
  }

  synchronized void say(Object line) {
    try {
      out.println(JSON.writeValueAsString(line));
      out.flush();
    } catch (IOException e) {
      throw MillraceException.us("Cannot write " + line, e);
    }
  }

  /**
   * Waits until the stream, which alone adds to the ledger, has committed what waits for it.
   *
   * @return whether it has within {@link #PATIENCE}
   */
  static boolean awaitCommit(BooleanSupplier waits) throws InterruptedException {
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    while (waits.getAsBoolean()) {
      if (System.nanoTime() > giveUp) {
        return false;
      }
      Thread.sleep(BETWEEN_LOOKS.toMillis());
    }
    return true;
  }
}
