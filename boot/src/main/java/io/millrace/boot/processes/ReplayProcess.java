package io.millrace.boot.processes;

import io.millrace.core.Daemons;
import io.millrace.core.DataDirectory;
import io.millrace.core.Endpoints;
import io.millrace.core.MillraceException;
import io.millrace.project.Project;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A replay in a process of its own, that ends with whoever started it. For one thread. */
public final class ReplayProcess implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 10;

  private final Path log;
  private final Process process;
  private final BufferedReader lines;

  private ReplayProcess(Path log, Process process) {
    this.log = log;
    this.process = process;
    this.lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Starts it.
   *
   * @param stream whose past it replays; one at a time of each
   * @param arguments of the stream's ReplayMain that follow
   */
  public static ReplayProcess start(
      Project project,
      DataDirectory data,
      Endpoints endpoints,
      String stream,
      List<String> arguments) {
    String name = "replay-" + stream;
    List<String> all = new ArrayList<>(List.of(stream));
    all.addAll(arguments);
    List<String> command =
        new Islands(Installation.here(), project, data, endpoints).replay(name, all);
    try {
      Keeper.emptied(data.temporary(name));
      Process process = new ProcessBuilder(command).directory(data.root().toFile()).start();
      RotatedLog log = new RotatedLog(data.log(name), Keeper.LOG_BYTES, Keeper.OLDER_LOGS);
      Daemons.thread("log-" + name, () -> pump(process, log)).start();
      return new ReplayProcess(data.log(name), process);
    } catch (IOException e) {
      throw MillraceException.world("Cannot start a replay: " + e.getMessage(), e);
    }
  }

  private static void pump(Process process, RotatedLog log) {
    try {
      log.take(process.getErrorStream());
    } catch (IOException e) {
      // The pipe of a process that was killed; what it said until then is in the log.
    }
  }

  /** The next line that it says; none once it has ended. */
  public Optional<String> next() {
    try {
      return Optional.ofNullable(lines.readLine());
    } catch (IOException e) {
      throw MillraceException.world("Cannot hear the replay: " + e.getMessage(), e);
    }
  }

  /** Where it said why, if it ended without an answer. */
  public String log() {
    return log.toString();
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
