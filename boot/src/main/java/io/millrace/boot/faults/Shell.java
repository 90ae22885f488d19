package io.millrace.boot.faults;

import io.millrace.core.MillraceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs a program of the system to its end. */
final class Shell {

  private Shell() {}

  /**
   * Runs it.
   *
   * @throws MillraceException with what it said, if its exit code is not 0
   */
  static void run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int exit = process.waitFor();
      if (exit != 0) {
        throw MillraceException.world(
            "Cannot run '%s': %s".formatted(String.join(" ", command), said.strip()));
      }
    } catch (IOException e) {
      throw MillraceException.world(
          "Cannot run '%s': %s".formatted(String.join(" ", command), e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw MillraceException.world("Cannot wait for '%s': interrupted".formatted(command), e);
    }
  }
}
