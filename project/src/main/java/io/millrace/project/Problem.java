package io.millrace.project;

import io.millrace.project.yaml.Flaw;
import java.nio.file.Path;

/**
 * A mistake in a project directory.
 *
 * @param file relative to the project directory
 * @param line counted from 1; 0 if it is the file as a whole
 * @param what what is wrong, with the value quoted
 * @param remedy what to do about it
 */
public record Problem(Path file, int line, String what, String remedy) {

  static Problem of(Path file, Flaw flaw) {
    return new Problem(file, flaw.line(), flaw.what(), flaw.remedy());
  }

  /** {@code streams/clicks.yaml:14: type 'strng' is not known; did you mean 'string'?} */
  @Override
  public String toString() {
    return file + (line > 0 ? ":" + line : "") + ": " + what + "; " + remedy;
  }
}
