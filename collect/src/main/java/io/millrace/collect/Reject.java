package io.millrace.collect;

import java.nio.file.Path;

/**
 * An event of a file that was rejected.
 *
 * @param line where it began in the file, from 1
 * @param reason as quarantine tables have it: {@code wrong_type}
 * @param field dotted path of the field; empty when it is the whole event
 * @param detail the sentence that says what was wrong
 */
public record Reject(Path file, long line, String reason, String field, String detail) {

  @Override
  public String toString() {
    String place = field.isEmpty() ? "" : " at " + field;
    return "%s:%d: %s%s: %s".formatted(file, line, reason, place, detail);
  }
}
