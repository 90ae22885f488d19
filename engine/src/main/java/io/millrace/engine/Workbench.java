package io.millrace.engine;

import io.millrace.core.Interval;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.project.Model;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;

/**
 * A DuckDB for one build, with the tables it reads as views and a schema {@code build} for tables
 * of its own. Each SELECT may read those and the project's views over them, and nothing else. For
 * one thread.
 *
 * <p>Errors name the model's file and line if the SELECT holds the text of a model.
 */
public final class Workbench implements AutoCloseable {

  Workbench(
      SortedMap<TableName, Model> models,
      Limits limits,
      Path temporary,
      SortedMap<TableName, Input> inputs,
      Optional<Path> output) {}

  /**
   * Adds an input, or puts it in the place of one of the same name. Its files must be among those
   * of the inputs the bench was opened with, or in the output folder.
   *
   * @param name in any schema: {@code build.expected}, {@code changes.bronze__clicks}
   */
  public void add(TableName name, Input input) {
    throw new UnsupportedOperationException();
  }

  /** Gives all inputs that show the rows of a span those of another interval. */
  public void restrict(Interval interval) {
    throw new UnsupportedOperationException();
  }

  /**
   * The columns of a SELECT's rows as a table of the lake would have them, all optional.
   *
   * @throws MillraceException if a column has no name a table can have, or no such type
   */
  public Schema columns(String select) {
    throw new UnsupportedOperationException();
  }

  /**
   * Writes the rows of a SELECT into data files of a table, in their order.
   *
   * @param select has the table's columns under their names, and no others
   * @param folder the output folder, or one in it; made if it is not there
   * @throws MillraceException if the table is partitioned and the rows are not all of one partition
   */
  public Written write(String select, Table table, Path folder) {
    throw new UnsupportedOperationException();
  }

  /** Keeps the rows of a SELECT as the table {@code build.<name>} until the bench is closed. */
  public void temporary(String name, String select) {
    throw new UnsupportedOperationException();
  }

  /** The rows of a SELECT; to be closed before the bench is used again. */
  public Rows rows(String select) {
    throw new UnsupportedOperationException();
  }

  /**
   * The data files of an input that hold rows with the keys of a table {@code build.<keysTable>}; a
   * null is a key like another.
   *
   * @param keys columns that both have
   */
  public List<String> filesWith(TableName name, String keysTable, List<String> keys) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
