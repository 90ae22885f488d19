package io.millrace.boot.processes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.Daemons;
import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import io.millrace.project.Project;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Work on the tables of a stream, or its deployment, in a process of its own, which has the
 * stream's class path and ends with whoever started it. It says what it does in lines of JSON. For
 * one thread.
 */
public final class StreamWork implements AutoCloseable {

  /** What is done. */
  public enum Kind {
    REPLAY("io.millrace.stream.ReplayMain"),
    LOAD("io.millrace.stream.LoadMain"),
    DEPLOY("io.millrace.stream.DeployMain");

    private final String main;

    Kind(String main) {
      this.main = main;
    }

    /** The class that does it. */
    String main() {
      return main;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PATIENCE_SECONDS = 10;

  private final Kind kind;
  private final String stream;

  private final Path log;
  private final Process process;
  private final BufferedReader lines;

  private StreamWork(Kind kind, String stream, Path log, Process process) {
    this.kind = kind;
    this.stream = stream;
    this.log = log;
    this.process = process;
    this.lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Starts it.
   *
   * @param stream whose tables it works on, one at a time of each; {@code stream} for all
   * @param arguments of the kind's main class that follow
   */
  public static StreamWork start(
      Kind kind, Project project, DataDirectory data, String stream, List<String> arguments) {
    String name = kind + "-" + stream;
    List<String> all = new ArrayList<>(List.of(stream));
    all.addAll(arguments);
    List<String> command =
        new Islands(Installation.here(), project, data).work(name, kind.main(), all);
    try {
      Keeper.emptied(data.temporary(name));
      Process process = new ProcessBuilder(command).directory(data.root().toFile()).start();
      RotatedLog log = new RotatedLog(data.log(name), Keeper.LOG_BYTES, Keeper.OLDER_LOGS);
      Daemons.thread("log-" + name, () -> pump(process, log)).start();
      return new StreamWork(kind, stream, data.log(name), process);
    } catch (IOException e) {
      throw MillraceException.world("Cannot start a %s: %s".formatted(kind, e.getMessage()), e);
    }
  }

  private static void pump(Process process, RotatedLog log) {
    try {
      log.take(process.getErrorStream());
    } catch (IOException e) {
      // The pipe of a process that was killed; what it said until then is in the log.
    }
  }

  /**
   * Hands over what it says, line by line, to its end; the last one says that it is complete.
   *
   * @throws MillraceException as it says, or if it ended early
   */
  public void follow(Consumer<ObjectNode> taker) {
    boolean complete = false;
    for (Optional<String> said = next(); said.isPresent(); said = next()) {
      ObjectNode line = read(said.get());
      if (line.has("error")) {
        throw failure(line.get("code").asText(), line.get("error").asText());
      }
      complete = line.get("complete").asBoolean();
      taker.accept(line);
    }
    if (!complete) {
      throw MillraceException.world(
          "Cannot %s '%s': its process ended early; its log is %s".formatted(kind, stream, log));
    }
  }

  private Optional<String> next() {
    try {
      return Optional.ofNullable(lines.readLine());
    } catch (IOException e) {
      throw MillraceException.world("Cannot hear the %s: %s".formatted(kind, e.getMessage()), e);
    }
  }

  private ObjectNode read(String line) {
    try {
      return JSON.readValue(line, ObjectNode.class);
    } catch (JsonProcessingException e) {
      throw MillraceException.us("Cannot read what a %s says: %s".formatted(kind, line), e);
    }
  }

  private static MillraceException failure(String code, String error) {
    return switch (MillraceException.Code.valueOf(code.toUpperCase(Locale.ROOT))) {
      case CALLER -> MillraceException.caller(error);
      case WORLD -> MillraceException.world(error);
      case US -> MillraceException.us(error);
      case UNKNOWN -> MillraceException.unknown(error, null);
    };
  }

  /** Ends it, if it has not ended. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
