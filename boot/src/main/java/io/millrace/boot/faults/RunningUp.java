package io.millrace.boot.faults;

import io.millrace.boot.processes.Installation;
import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import io.millrace.core.ProcessState;
import io.millrace.prove.Fault.Victim;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** The project, run by {@code millrace up} in a process of its own, on a leash. */
final class RunningUp implements AutoCloseable {

  private static final long STOP_LIMIT_S = 30;

  /**
   * How it is started.
   *
   * @param serverPort asked for each start, as a server that was killed may still hold its port
   * @param broker what {@code up} takes for {@code --broker-behind}, if a proxy stands there
   */
  record Start(
      Installation installation,
      Path project,
      DataDirectory data,
      Path log,
      IntSupplier serverPort,
      Optional<String> broker) {}

  private final Start start;
  private Process process;

  private RunningUp(Start start) {
    this.start = start;
  }

  static RunningUp start(Start start) {
    RunningUp up = new RunningUp(start);
    up.start();
    return up;
  }

  void start() {
    try {
      List<String> words =
          new ArrayList<>(
              List.of(
                  "io.millrace.core.Leash",
                  "0",
                  "io.millrace.boot.Main",
                  "up",
                  start.project().toString(),
                  "--data",
                  start.data().root().toString(),
                  "--port",
                  Integer.toString(start.serverPort().getAsInt())));
      start.broker().ifPresent(it -> words.addAll(List.of("--broker-behind", it)));
      List<String> command =
          start
              .installation()
              .java(
                  "server",
                  List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"),
                  words);
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.appendTo(start.log().toFile()))
              .start();
    } catch (IOException e) {
      throw MillraceException.world("Cannot start the project: " + e.getMessage(), e);
    }
  }

  /** The process that a victim is now; empty while it is down. */
  Optional<ProcessHandle> find(Victim victim) {
    return ProcessState.read(start.data().processes()).stream()
        .filter(it -> it.name().equals(victim.toString()) && it.pid() != 0)
        .findFirst()
        .flatMap(it -> ProcessHandle.of(it.pid()));
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** kill -9 of {@code up}: its leash ends the others. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** As a system does that shuts down. */
  void stop() {
    process.destroy();
    process.onExit().completeOnTimeout(process, STOP_LIMIT_S, TimeUnit.SECONDS).join();
    if (process.isAlive()) {
      throw MillraceException.us(
          "Cannot stop the project: up does not end within %d s".formatted(STOP_LIMIT_S));
    }
  }

  /** Returns when those that it has started have ended too, by their leash at the latest. */
  @Override
  public void close() {
    List<ProcessHandle> parts =
        ProcessState.read(start.data().processes()).stream()
            .filter(it -> it.pid() != 0)
            .flatMap(it -> ProcessHandle.of(it.pid()).stream())
            .toList();
    process.destroy();
    process.onExit().completeOnTimeout(process, STOP_LIMIT_S, TimeUnit.SECONDS).join();
    process.destroyForcibly();
    for (ProcessHandle part : parts) {
      part.onExit().completeOnTimeout(part, STOP_LIMIT_S, TimeUnit.SECONDS).join();
    }
  }
}
