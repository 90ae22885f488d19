package io.millrace.models;

import io.millrace.core.MillraceException;
import io.millrace.engine.Rows;
import io.millrace.engine.Workbench;
import io.millrace.project.ColumnTracer;
import io.millrace.project.DataTest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Runs the data tests of a table on a state of it that nobody reads yet. */
final class DataTests {

  private static final int EXAMPLES = 3;

  private final Site site;
  private final InstantSource clock;

  DataTests(Site site, InstantSource clock) {
    this.site = site;
    this.clock = clock;
  }

  /**
   * Runs one test.
   *
   * @param bench holds the table as it would be published, and what else the test reads
   */
  TestResult run(DataTest test, Workbench bench) {
    return run(test, FailingRows.of(test, clock.instant()), bench);
  }

  /** Runs one test by a SELECT that finds what it would find. */
  TestResult run(DataTest test, FailingRows failing, Workbench bench) {
    try {
      long failures = count(failing.sql(), bench);
      List<String> examples = failures == 0 ? List.of() : examples(failing.sql(), bench);
      return new TestResult(test, failures, examples, failing.what());
    } catch (MillraceException e) {
      throw MillraceException.caller(
          "Cannot run test %s (%s:%d): %s"
              .formatted(test.name(), test.file(), test.line(), e.getMessage()),
          e);
    }
  }

  private static long count(String sql, Workbench bench) {
    try (Rows rows = bench.rows("SELECT count(*) FROM (" + sql + "\n)")) {
      rows.next();
      return ((Number) rows.value(0)).longValue();
    }
  }

  /** Rows without what is personal in them: they are kept where nobody looks for personal data. */
  private List<String> examples(String sql, Workbench bench) {
    List<String> examples = new ArrayList<>();
    Set<String> hidden =
        site.sql().trace(sql, site.lineage().columns()).columns().stream()
            .filter(site.personal()::isIn)
            .map(ColumnTracer.Output::name)
            .collect(Collectors.toSet());
    try (Rows rows = bench.rows("SELECT * FROM (" + sql + "\n) LIMIT " + EXAMPLES)) {
      while (rows.next()) {
        examples.add(RowText.of(rows, hidden));
      }
    }
    return examples;
  }
}
