package io.millrace.boot.faults;

import io.millrace.core.ProcessState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the system says of a process.
 *
 * @param memoryBytes resident, without what is only mapped from files and can be dropped
 */
record Vitals(long memoryBytes, int threads, int openFiles) {

  private static final long KB = 1024;

  /** Of a process; empty where the system has no {@code /proc}, or the process is gone. */
  static Optional<Vitals> of(long pid) {
    Path process = Path.of("/proc", Long.toString(pid));
    if (!Files.isDirectory(process)) {
      return Optional.empty();
    }
    try (Stream<Path> open = Files.list(process.resolve("fd"))) {
      List<String> status = Files.readAllLines(process.resolve("status"));
      return Optional.of(
          new Vitals(
              number(status, "RssAnon:") * KB,
              (int) number(status, "Threads:"),
              (int) open.count()));
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }

  private static long number(List<String> status, String name) {
    return status.stream()
        .filter(it -> it.startsWith(name))
        .findFirst()
        .map(it -> Long.parseLong(it.replaceAll("\\D", "")))
        .orElse(0L);
  }

  /** A process of a project that runs. */
  record Part(String name, long pid, int restarts) {}

  /** All of them, {@code up} too. */
  static List<Part> parts(Path processes, long up) {
    List<Part> parts = new ArrayList<>();
    ProcessState.read(processes)
        .forEach(it -> parts.add(new Part(it.name(), it.pid(), it.restarts())));
    parts.add(new Part("up", up, 0));
    return parts;
  }
}
