package io.millrace.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What {@code up} knows of one process of a running project. {@code up} keeps the list in {@link
 * DataDirectory#processes}, one line a process, and the server shows it.
 *
 * @param name broker, stream or server
 * @param pid the operating system's number; 0 while the process is down
 * @param restarts how often it was started again since {@code up} began
 * @param since when it entered this state, to the millisecond
 */
public record ProcessState(String name, State state, long pid, int restarts, Instant since) {

  /** Where a process stands. */
  public enum State {
    /** It runs and does not listen yet. */
    STARTING,
    RUNNING,
    /** It died, and is started again after a pause. */
    DOWN;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Replaces the file in one step, so that a reader sees the old list or the new one whole. */
  public static void write(Path file, List<ProcessState> states) {
    StringBuilder text = new StringBuilder();
    for (ProcessState it : states) {
      text.append(
          "%s=%s %d %d %s\n"
              .formatted(it.name(), it.state(), it.pid(), it.restarts(), it.since().toString()));
    }
    WholeFile.replace(file, text.toString());
  }

  /** The processes in the order they were written; none if no project runs there. */
  public static List<ProcessState> read(Path file) {
    List<ProcessState> states = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        states.add(parse(line));
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException | IllegalArgumentException | DateTimeParseException e) {
      throw MillraceException.world("Cannot read " + file + ": " + e.getMessage(), e);
    }
    return List.copyOf(states);
  }

  private static ProcessState parse(String line) {
    int equals = line.indexOf('=');
    String[] values = line.substring(equals + 1).split(" ", -1);
    if (equals < 0 || values.length != 4) {
      throw new IllegalArgumentException("'" + line + "' is not a process's state");
    }
    return new ProcessState(
        line.substring(0, equals),
        State.valueOf(values[0].toUpperCase(Locale.ROOT)),
        Long.parseLong(values[1]),
        Integer.parseInt(values[2]),
        Instant.parse(values[3]));
  }
}
