package io.millrace.project;

import java.util.List;

/**
 * Reads the SQL of models. A port: reading SQL takes an engine, which this module must not know.
 */
@FunctionalInterface
public interface SqlReader {

  Sql read(String text);

  /** What a text of SQL is. */
  sealed interface Sql {

    /**
     * A single SELECT.
     *
     * @param references the tables it reads, not its own common table expressions
     */
    record Select(List<Reference> references) implements Sql {
      public Select {
        references = List.copyOf(references);
      }
    }

    /**
     * Something else: not SQL, no SELECT, more than one statement.
     *
     * @param line counted from 1 in the text
     * @param what {@code syntax error at or near "FORM"}
     */
    record Refused(int line, String what, String remedy) implements Sql {}
  }

  /**
   * A table as a SELECT names it.
   *
   * @param table as written: {@code bronze.clicks}
   * @param line counted from 1 in the text; 0 if the reader cannot say
   */
  record Reference(String table, int line) {}
}
