package io.millrace.engine;

import io.millrace.core.MillraceException;

/** SQL over the lake. Each query sees one consistent set of snapshots. Safe for several threads. */
public interface Engine extends AutoCloseable {

  /**
   * Starts a query. The rows come as they are found; the caller closes them.
   *
   * @throws MillraceException if the query is refused, fails, or too many are running
   */
  Rows query(Query query);

  @Override
  void close();
}
