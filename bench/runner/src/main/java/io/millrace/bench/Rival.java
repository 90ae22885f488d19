package io.millrace.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * One side of a contest: a program that does the work once and prints {@code RESULT} and a number.
 *
 * @param command the program, given an empty folder for what it makes
 */
record Rival(String name, Function<Path, List<String>> command) {

  private static final String RESULT = "RESULT ";
  private static final String PEAK = "VmHWM:";

  /**
   * What a run gave.
   *
   * @param memoryBytes the most of the machine's memory that it held at a time
   */
  record Measured(double value, long memoryBytes) {}

  /** Runs it to its end; its folder is deleted, but for its log if it fails. */
  Measured run(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path log = folder.resolveSibling(folder.getFileName() + ".log");
    Process process = new ProcessBuilder(command.apply(folder)).redirectError(log.toFile()).start();
    try (BufferedReader out = process.inputReader(UTF_8)) {
      Optional<Double> value = Optional.empty();
      long memory = 0;
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        // Each line it prints is a chance to look; the last one comes before it ends.
        memory = Math.max(memory, peak(process.pid()));
        if (line.startsWith(RESULT)) {
          value = Optional.of(Double.parseDouble(line.substring(RESULT.length())));
          process.getOutputStream().close();
        }
      }
      int status = ended(process);
      if (status != 0 || value.isEmpty()) {
        throw new IllegalStateException(
            "Cannot measure %s: it ended with status %d; see %s".formatted(name, status, log));
      }
      Files.delete(log);
      return new Measured(value.get(), memory);
    } finally {
      process.destroyForcibly();
      Scrap.delete(folder);
    }
  }

  private static int ended(Process process) {
    try {
      return process.waitFor(1, TimeUnit.MINUTES) ? process.exitValue() : -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot go on: interrupted", e);
    }
  }

  private static long peak(long pid) {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    try {
      return Files.readAllLines(status).stream()
          .filter(it -> it.startsWith(PEAK))
          .mapToLong(it -> Long.parseLong(it.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
