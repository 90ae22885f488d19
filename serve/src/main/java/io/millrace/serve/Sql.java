package io.millrace.serve;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** SQL over the lake, as the API needs it. */
@FunctionalInterface
public interface Sql {

  /**
   * Runs one SELECT and hands over its rows as they are found.
   *
   * @throws io.millrace.core.MillraceException if the statement is refused, fails or takes too long
   */
  void run(String sql, Optional<Instant> asOf, Rows rows);

  /** Takes the rows of a result, columns first. */
  interface Rows {

    void columns(List<Column> columns);

    /** Takes the next row; false when no more are wanted. */
    boolean row(List<?> values);
  }

  record Column(String name, String type) {}
}
