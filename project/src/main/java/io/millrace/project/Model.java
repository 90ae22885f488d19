package io.millrace.project;

import io.millrace.core.TableName;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * A table or view written as SQL: {@code models/<layer>/<name>.sql}.
 *
 * @param file relative to the project directory
 * @param sql the text of the file
 * @param description the comment at its top, without the dashes
 * @param reads the tables it reads; empty if the project was read without a {@link SqlReader}
 */
public record Model(
    TableName name, Path file, String sql, String description, Set<TableName> reads) {

  public Model {
    reads = Collections.unmodifiableSet(new TreeSet<>(reads));
  }

  public Model(TableName name, Path file, String sql, String description) {
    this(name, file, sql, description, Set.of());
  }
}
