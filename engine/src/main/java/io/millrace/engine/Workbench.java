package io.millrace.engine;

import io.millrace.core.Identifiers;
import io.millrace.core.Interval;
import io.millrace.core.MillraceException;
import io.millrace.core.Quoted;
import io.millrace.core.TableName;
import io.millrace.lake.ParquetFooter;
import io.millrace.project.Model;
import io.millrace.project.PersonalColumns;
import io.millrace.project.SelectText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;

/**
 * A DuckDB for one build, with the tables it reads as views and a schema {@code build} for tables
 * of its own. Each SELECT may read those and the project's views over them, and nothing else. For
 * one thread.
 *
 * <p>Errors name the model's file and line if the SELECT holds the text of a model.
 */
public final class Workbench implements AutoCloseable {

  private static final String BUILD = "build";

  private final DuckDbSession session;
  private final List<Model> models;
  private final InputViews inputs;
  private final Consumer<List<String>> fetch;
  private final Runnable whenClosed;

  Workbench(
      DuckDbSession session,
      List<Model> models,
      PersonalColumns personal,
      DuckDbSqlReader reader,
      Consumer<List<String>> fetch,
      Runnable whenClosed) {
    this.session = session;
    this.models = models;
    this.inputs = new InputViews(session, models, personal, reader);
    this.fetch = fetch;
    this.whenClosed = whenClosed;
  }

  void start(SortedMap<TableName, Input> first, Optional<Path> output) {
    List<String> files = new ArrayList<>();
    first.values().forEach(input -> files.addAll(InputViews.allFiles(input)));
    fetch.accept(files);
    try {
      session.lock(files, output.map(folder -> folder.toAbsolutePath().normalize()));
      session.run("CREATE SCHEMA " + BUILD);
    } catch (SQLException e) {
      throw session.failure(e);
    }
    first.forEach(inputs::declare);
    first.keySet().forEach(inputs::make);
  }

  /**
   * Adds an input, or puts it in the place of one of the same name. Its files must be among those
   * of the inputs the bench was opened with, or in the output folder.
   *
   * @param name in any schema: {@code build.expected}, {@code changes.bronze__clicks}
   */
  public void add(TableName name, Input input) {
    inputs.declare(name, input);
    inputs.make(name);
  }

  /** Gives all inputs that show the rows of a span those of another interval. */
  public void restrict(Interval interval) {
    inputs.restrict(interval);
  }

  /**
   * The columns of a SELECT's rows as a table of the lake would have them, all optional.
   *
   * @throws MillraceException if a column has no name a table can have, or no such type
   */
  public Schema columns(String select) {
    Origin origin = inputs.prepare(select);
    AtomicInteger ids = new AtomicInteger();
    Set<String> names = new HashSet<>();
    List<Types.NestedField> columns = new ArrayList<>();
    for (Rows.Column column : describe(select, origin)) {
      if (!Identifiers.isValid(column.name())) {
        throw Task.BUILD.refused(
            "%s: a column is called '%s'; use AS to give it a name of lower-case letters, digits and '_'"
                .formatted(origin.name(), column.name()));
      }
      if (!names.add(column.name())) {
        throw Task.BUILD.refused(
            "%s: two columns are called '%s'; use AS to give one another name"
                .formatted(origin.name(), column.name()));
      }
      try {
        int id = ids.incrementAndGet();
        columns.add(
            Types.NestedField.optional(
                id, column.name(), ColumnTypes.of(column.type(), ids::incrementAndGet)));
      } catch (ColumnTypes.Unknown e) {
        throw Task.BUILD.refused(
            "%s: column '%s' has %s".formatted(origin.name(), column.name(), e.getMessage()));
      }
    }
    return new Schema(columns);
  }

  /** Names and types, the way DuckDB spells them. */
  private List<Rows.Column> describe(String select, Origin origin) {
    List<Rows.Column> columns = new ArrayList<>();
    try (Rows rows = start("DESCRIBE\n", SelectText.of(select), origin)) {
      while (rows.next()) {
        columns.add(new Rows.Column((String) rows.value(0), (String) rows.value(1)));
      }
    }
    return columns;
  }

  /**
   * Writes the rows of a SELECT into data files of a table, in their order.
   *
   * @param select has the table's columns under their names, and no others
   * @param folder the output folder, or one in it; made if it is not there
   * @throws MillraceException if the table is partitioned and the rows of a file are not all of one
   *     partition
   */
  public Written write(String select, Table table, Path folder) {
    Origin origin = inputs.prepare(select);
    requireColumns(select, table, origin);
    String casts =
        table.schema().columns().stream()
            .map(
                column -> {
                  String name = Quoted.name(column.name());
                  return "CAST(made.%s AS %s) AS %s"
                      .formatted(name, TableViews.type(column.type()), name);
                })
            .collect(Collectors.joining(", "));
    String head = "SELECT " + casts + " FROM (\n";
    String copy =
        ParquetCopy.intoFolder(
            head + SelectText.of(select) + "\n) AS made", table.schema(), made(folder).toString());
    session.startClock();
    try (Statement statement = session.statement();
        ResultSet result = statement.executeQuery(copy)) {
      result.next();
      return written(table, (Object[]) result.getArray(2).getArray(), result.getLong(1));
    } catch (SQLException e) {
      throw inputs.failure(e, origin.behind(head));
    } finally {
      session.stopClock();
    }
  }

  private void requireColumns(String select, Table table, Origin origin) {
    Set<String> there = new TreeSet<>();
    describe(select, origin).forEach(column -> there.add(column.name()));
    Set<String> wanted = new TreeSet<>();
    table.schema().columns().forEach(column -> wanted.add(column.name()));
    if (!there.equals(wanted)) {
      throw Task.BUILD.refused(
          "%s: it makes the columns %s, but %s has %s"
              .formatted(origin.name(), there, table.name(), wanted));
    }
  }

  private static Path made(Path folder) {
    try {
      return Files.createDirectories(folder.toAbsolutePath().normalize());
    } catch (IOException e) {
      throw MillraceException.world("Cannot make the folder " + folder + ": " + e, e);
    }
  }

  private static Written written(Table table, Object[] files, long rows) {
    List<DataFile> entries = new ArrayList<>();
    try {
      for (Object file : files) {
        entries.add(ParquetFooter.dataFile(table, file.toString()));
      }
      return new Written(entries, rows);
    } catch (MillraceException e) {
      for (Object file : files) {
        table.io().deleteFile(file.toString());
      }
      throw e;
    }
  }

  /** Keeps the rows of a SELECT as the table {@code build.<name>} until the bench is closed. */
  public void temporary(String name, String select) {
    TableName table = new TableName(BUILD, name);
    Origin origin = inputs.prepare(select);
    String head = "CREATE OR REPLACE TABLE %s AS\n".formatted(Quoted.name(table));
    try {
      session.run(head + select);
    } catch (SQLException e) {
      throw inputs.failure(e, origin.behind(head));
    }
    inputs.declare(table);
  }

  /** The rows of a SELECT; to be closed before the bench is used again. */
  public Rows rows(String select) {
    return start("", select, inputs.prepare(select));
  }

  private Rows start(String head, String select, Origin origin) {
    DuckDbRows rows =
        new DuckDbRows(
            session,
            head + select,
            Long.MAX_VALUE,
            e -> inputs.failure(e, origin.behind(head)),
            () -> {});
    try {
      rows.start();
      return rows;
    } catch (SQLException e) {
      rows.close();
      throw inputs.failure(e, origin.behind(head));
    } catch (RuntimeException e) {
      rows.close();
      throw e;
    }
  }

  /**
   * The data files of an input that hold rows with the keys of a table {@code build.<keysTable>}; a
   * null is a key like another.
   *
   * @param name of a table, or of files
   * @param keys columns that both have
   */
  public List<String> filesWith(TableName name, String keysTable, List<String> keys) {
    Optional<String> scan = inputs.scanWithFile(name, keys);
    if (scan.isEmpty()) {
      return List.of();
    }
    String sql =
        "SELECT DISTINCT filename FROM (%s) AS kept SEMI JOIN %s AS wanted ON %s ORDER BY filename"
            .formatted(
                scan.get(),
                Quoted.name(new TableName(BUILD, keysTable)),
                Quoted.sameKey("kept", "wanted", keys));
    List<String> files = new ArrayList<>();
    try (Rows rows = start("", sql, Origin.of(sql, models))) {
      while (rows.next()) {
        files.add((String) rows.value(0));
      }
    }
    return List.copyOf(files);
  }

  @Override
  public void close() {
    whenClosed.run();
    session.close();
  }
}
