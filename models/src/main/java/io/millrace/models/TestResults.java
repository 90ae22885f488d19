package io.millrace.models;

import io.millrace.core.MetadataTables;
import io.millrace.core.TableName;
import io.millrace.project.DataTest.Severity;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * The newest result of each data test and unit test, kept in the metadata database. Safe for
 * several threads.
 */
public final class TestResults implements AutoCloseable {

  private final MetadataTables tables;

  private TestResults(MetadataTables tables) {
    this.tables = tables;
  }

  /** Opens the results, making their table if there is none. */
  public static TestResults open(Path metadata) {
    return new TestResults(
        MetadataTables.open(
            metadata, "the results of tests", TestResults.class, "test-results.sql"));
  }

  /**
   * The newest result of a test.
   *
   * @param severity {@code error} or {@code warn}
   * @param failures how many rows were wrong
   */
  public record Kept(
      String test, long run, Instant at, String severity, long failures, String sentence) {}

  /** What a unit test is kept as, since a data test may have the same name. */
  public static String ofUnitTest(String name) {
    return "unit test " + name;
  }

  /** The results of the tests of a table, by name. */
  public List<Kept> of(TableName table) {
    return tables.select(
        row ->
            new Kept(
                row.getString("test"),
                row.getLong("run"),
                MetadataTables.instant(row.getLong("tested_at_micros")),
                row.getString("severity"),
                row.getLong("failures"),
                row.getString("sentence")),
        "SELECT * FROM test_results WHERE table_name = ? ORDER BY test",
        table.toString());
  }

  void put(long run, Instant at, List<TestResult> results) {
    put(
        results.stream()
            .map(
                result ->
                    values(
                        result.test().name(),
                        result.test().table(),
                        run,
                        at,
                        result.test().severity(),
                        result.failures(),
                        result.sentence()))
            .toList());
  }

  void putUnitTests(long run, Instant at, List<UnitTestResult> results) {
    put(
        results.stream()
            .map(
                result ->
                    values(
                        ofUnitTest(result.test().name()),
                        result.test().model(),
                        run,
                        at,
                        Severity.ERROR,
                        (long) result.missing().size() + result.unexpected().size(),
                        result.describe()))
            .toList());
  }

  private static Object[] values(
      String test,
      TableName table,
      long run,
      Instant at,
      Severity severity,
      long failures,
      String sentence) {
    return new Object[] {
      test,
      table.toString(),
      run,
      MetadataTables.micros(at),
      severity.name().toLowerCase(Locale.ROOT),
      failures,
      sentence
    };
  }

  private void put(List<Object[]> rows) {
    tables.together(
        updates -> {
          for (Object[] row : rows) {
            updates.update("INSERT OR REPLACE INTO test_results VALUES (?, ?, ?, ?, ?, ?, ?)", row);
          }
        });
  }

  @Override
  public void close() {
    tables.close();
  }
}
