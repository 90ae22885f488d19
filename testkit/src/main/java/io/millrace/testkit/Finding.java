package io.millrace.testkit;

import java.nio.file.Path;

/**
 * Something untidy, and what to do about it. Printed as {@code file:line: advice}, which editors
 * turn into a link.
 *
 * @param line from 1
 */
public record Finding(Path file, int line, String advice) {

  @Override
  public String toString() {
    return file + ":" + line + ": " + advice;
  }
}
