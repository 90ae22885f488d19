package io.millrace.project;

import io.millrace.core.TableName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rows in, rows out: what a model makes of given inputs; dbt's {@code unit_tests}.
 *
 * @param given rows of inputs; an input that is not named is empty
 * @param file where it is written, with its line
 */
public record UnitTest(
    String name,
    TableName model,
    String description,
    List<Given> given,
    Rows expect,
    Path file,
    int line) {

  public UnitTest {
    given = List.copyOf(given);
  }

  public record Given(TableName input, Rows rows) {}

  /** Rows as text. A column that is not named is null, and is not compared in what is expected. */
  public sealed interface Rows {

    /**
     * Rows by column.
     *
     * @param rows column to the text of its value, empty for null
     */
    record Listed(List<Map<String, Optional<String>>> rows) implements Rows {
      public Listed {
        rows = List.copyOf(rows);
      }
    }

    /** {@code format: sql}: a SELECT that reads no tables. */
    record Select(String sql) implements Rows {}
  }
}
