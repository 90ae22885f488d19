package io.millrace.engine;

import io.millrace.core.MillraceException;
import java.sql.SQLException;

/** DuckDB's errors in our words, with who must act. */
final class DuckDbErrors {

  private DuckDbErrors() {}

  static MillraceException failure(SQLException e, Limits limits) {
    String message = String.valueOf(e.getMessage());
    if (message.startsWith("Out of Memory") || message.contains("could not allocate block")) {
      return MillraceException.caller(
          "Cannot run the query: it needs more than the %d MB that query_memory allows; read fewer rows or columns, or raise it"
              .formatted(limits.memoryBytes() >> 20),
          e);
    }
    String reason = "Cannot run the query: " + reason(message);
    if (message.startsWith("IO Error")) {
      return MillraceException.world(reason, e);
    }
    if (message.startsWith("INTERNAL") || message.startsWith("FATAL")) {
      return MillraceException.us(reason, e);
    }
    return MillraceException.caller(reason, e);
  }

  /** Without the kind in front, which says what the rest says again. */
  private static String reason(String message) {
    return message.strip().replaceFirst("^[A-Z][A-Za-z ]* Error: ", "");
  }
}
