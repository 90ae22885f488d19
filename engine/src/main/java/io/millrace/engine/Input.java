package io.millrace.engine;

import io.millrace.lake.FieldNames;
import io.millrace.lake.PinnedTable;
import io.millrace.lake.Span;
import io.millrace.project.UnitTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Schema;

/** What a {@link Workbench} shows under the name of a table. */
public sealed interface Input {

  /**
   * A table of the lake as it was pinned.
   *
   * @param only the rows that are shown; without, all
   */
  record Table(PinnedTable table, Optional<Span> only) implements Input {}

  /**
   * Some data files of a table.
   *
   * @param schema the table's, whose field ids the files have
   * @param names what the files may call its fields
   */
  record Files(Schema schema, FieldNames names, List<String> files, Optional<Span> only)
      implements Input {
    public Files {
      files = List.copyOf(files);
    }
  }

  /**
   * Rows given as text, or as a SELECT that reads no tables.
   *
   * @param schema the columns, to whose types the values are cast
   */
  record Fixture(Schema schema, UnitTest.Rows rows) implements Input {}

  /**
   * A SELECT over the other inputs: a view of the project of which not all rows are wanted, since
   * those that are whole are made without being asked for.
   */
  record View(String sql, Optional<Span> only) implements Input {}

  /**
   * A CSV file with a line of names at its top. An empty value is null.
   *
   * @param columnTypes SQL types of columns; others are what all their values are read as
   */
  record Csv(Path file, char delimiter, Map<String, String> columnTypes) implements Input {
    public Csv {
      columnTypes = Map.copyOf(columnTypes);
    }
  }
}
