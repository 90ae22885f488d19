package io.millrace.models;

import io.millrace.project.DataTest;
import java.util.List;

/**
 * What came of a data test.
 *
 * @param failures how many rows are wrong; 0 if it passed
 * @param examples some of them, as {@code {day=2026-01-31, rows=2}}
 * @param what what the rows are
 */
record TestResult(DataTest test, long failures, List<String> examples, String what) {

  TestResult {
    examples = List.copyOf(examples);
  }

  boolean passed() {
    return failures == 0;
  }

  boolean refuses() {
    return !passed() && test.severity() == DataTest.Severity.ERROR;
  }

  /** {@code not_null_daily_sales_day: 3 rows of gold.daily_sales have no day, such as {...}}. */
  String sentence() {
    return passed()
        ? test.name() + ": passed"
        : "%s: %,d %s, such as %s (%s:%d)"
            .formatted(
                test.name(),
                failures,
                what,
                String.join(" and ", examples),
                test.file(),
                test.line());
  }
}
