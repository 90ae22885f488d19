package io.millrace.models;

import io.millrace.project.UnitTest;
import java.util.List;

/**
 * What came of a unit test.
 *
 * @param missing rows that were expected and not made
 * @param unexpected rows that were made and not expected
 */
public record UnitTestResult(UnitTest test, List<String> missing, List<String> unexpected) {

  public UnitTestResult {
    missing = List.copyOf(missing);
    unexpected = List.copyOf(unexpected);
  }

  public boolean passed() {
    return missing.isEmpty() && unexpected.isEmpty();
  }

  /** One line if it passed; if not, the rows that differ. */
  public String describe() {
    StringBuilder text = new StringBuilder();
    text.append("%s of %s (%s:%d): ".formatted(test.name(), test.model(), test.file(), test.line()))
        .append(passed() ? "passed" : "failed");
    missing.forEach(row -> text.append("\n  expected, and missing: ").append(row));
    unexpected.forEach(row -> text.append("\n  not expected, but made: ").append(row));
    return text.toString();
  }
}
