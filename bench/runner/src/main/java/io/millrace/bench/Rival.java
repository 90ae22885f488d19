package io.millrace.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * One side of a contest: a program that does the work once and says its figures by {@link Report}.
 *
 * @param command the program, given an empty folder for what it makes
 * @param made says what it made, looking into that folder: all sides must have made the same
 */
record Rival(String name, Function<Path, List<String>> command, Made made) {

  /** Looks at what a side left, and describes it. */
  interface Made {
    /** Where how much was made is what is measured. */
    Made NOT_COMPARED = folder -> "";

    String of(Path folder) throws IOException;
  }

  Rival(String name, Function<Path, List<String>> command) {
    this(name, command, Made.NOT_COMPARED);
  }

  /**
   * What a run gave.
   *
   * @param figures by their names
   * @param memoryBytes the most of the machine's memory that it held at a time
   * @param made what it made, in words
   */
  record Measured(Map<String, Double> figures, long memoryBytes, String made) {}

  /** Runs it to its end; its folder is deleted, but for its log if it fails. */
  Measured run(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path log = folder.resolveSibling(folder.getFileName() + ".log");
    Process process = new ProcessBuilder(command.apply(folder)).redirectError(log.toFile()).start();
    try (BufferedReader out = process.inputReader(UTF_8)) {
      Map<String, Double> figures = new TreeMap<>();
      OptionalLong elsewhere = OptionalLong.empty();
      long memory = 0;
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith(Report.RESULT)) {
          String[] words = line.substring(Report.RESULT.length()).split(" ", 2);
          figures.put(words[0], Double.parseDouble(words[1]));
        } else if (line.startsWith(Report.MEMORY)) {
          elsewhere = OptionalLong.of(Long.parseLong(line.substring(Report.MEMORY.length())));
        } else if (line.equals(Report.END)) {
          memory = Report.peak(process.pid());
          process.getOutputStream().close();
        }
      }
      int status = ended(process);
      if (status != 0 || figures.isEmpty()) {
        throw new IllegalStateException(
            "Cannot measure %s: it ended with status %d; see %s".formatted(name, status, log));
      }
      Files.delete(log);
      return new Measured(figures, elsewhere.orElse(memory), made.of(folder));
    } finally {
      end(process);
      Scrap.delete(folder);
    }
  }

  /** What still runs goes first, or it would write into the folder that is deleted. */
  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
  }

  private static int ended(Process process) {
    try {
      return process.waitFor(1, TimeUnit.MINUTES) ? process.exitValue() : -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot go on: interrupted", e);
    }
  }
}
