package io.millrace.engine;

import io.millrace.core.MillraceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/** The rows of one query and the DuckDB it runs in; closing ends both. */
final class DuckDbRows implements Rows {

  private final Query query;
  private final Limits limits;
  private final Path spill;
  private final Runnable whenClosed;
  private DuckDBConnection connection;
  private volatile Statement statement;
  private ResultSet results;
  private Future<?> deadline;
  private volatile boolean timedOut;
  private boolean closed;
  private List<Column> columns = List.of();
  private long returned;

  /**
   * @param spill a folder of its own, for what does not fit into memory
   * @param whenClosed runs once
   */
  DuckDbRows(Query query, Limits limits, Path spill, Runnable whenClosed) {
    this.query = query;
    this.limits = limits;
    this.spill = spill;
    this.whenClosed = whenClosed;
  }

  void start(QueryPlan plan, Path metadata, ScheduledExecutorService timer) {
    try {
      connection =
          DriverManager.getConnection("jdbc:duckdb:", settings()).unwrap(DuckDBConnection.class);
      run("SET TimeZone = 'UTC'");
      for (String layer : QueryPlan.layers()) {
        run("CREATE SCHEMA " + layer);
      }
      for (OperationsTable table : plan.copies()) {
        table.copy(metadata, connection);
      }
      for (String view : plan.views()) {
        run(view);
      }
      lock(plan.files());
      statement = connection.createStatement();
      deadline = timer.schedule(this::timeOut, limits.timeout().toMillis(), TimeUnit.MILLISECONDS);
      results = execute();
      columns = columns(results.getMetaData());
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private ResultSet execute() throws SQLException {
    try {
      return statement.executeQuery(query.sql());
    } catch (SQLException e) {
      if (!timedOut && String.valueOf(e.getMessage()).contains("Invalid result set")) {
        throw reason().orElse(e);
      }
      throw e;
    }
  }

  /** A streamed query that fails before its first row says only that it failed; this says why. */
  private Optional<SQLException> reason() {
    try (Statement again = connection.createStatement()) {
      statement = again;
      again.execute("EXPLAIN ANALYZE " + query.sql());
      return Optional.empty();
    } catch (SQLException e) {
      return Optional.of(e);
    }
  }

  private Properties settings() {
    Properties settings = new Properties();
    settings.setProperty("memory_limit", limits.memoryBytes() + "B");
    settings.setProperty("threads", Integer.toString(limits.threads()));
    settings.setProperty("temp_directory", spill.toString());
    settings.setProperty("autoload_known_extensions", "false");
    settings.setProperty("autoinstall_known_extensions", "false");
    settings.setProperty("allow_community_extensions", "false");
    settings.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
    return settings;
  }

  /** These files stay readable; nothing else on this machine is, from here on. */
  private void lock(List<String> files) throws SQLException {
    run("SET allowed_paths = [" + TableViews.texts(files) + "]");
    run("SET enable_external_access = false");
    run("SET lock_configuration = true");
  }

  private void run(String sql) throws SQLException {
    try (Statement once = connection.createStatement()) {
      once.execute(sql);
    }
  }

  private static List<Column> columns(ResultSetMetaData metadata) throws SQLException {
    List<Column> columns = new ArrayList<>();
    for (int i = 1; i <= metadata.getColumnCount(); i++) {
      columns.add(new Column(metadata.getColumnLabel(i), metadata.getColumnTypeName(i)));
    }
    return List.copyOf(columns);
  }

  private void timeOut() {
    timedOut = true;
    try {
      statement.cancel();
    } catch (SQLException e) {
      // It has ended by itself.
    }
  }

  @Override
  public List<Column> columns() {
    return columns;
  }

  @Override
  public boolean next() {
    try {
      boolean found = returned < query.limit() && results.next();
      if (timedOut) {
        // A result that was cut off must not look like one that ended.
        throw failure(new SQLException("the time is over"));
      }
      returned++;
      return found;
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  @Override
  public Object value(int column) {
    try {
      return PlainValues.of(results.getObject(column + 1));
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private MillraceException failure(SQLException e) {
    return timedOut
        ? MillraceException.caller(
            "Cannot run the query: it took longer than the %d s that query_timeout allows; read less, or raise it"
                .formatted(limits.timeout().toSeconds()),
            e)
        : DuckDbErrors.failure(e, limits);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (deadline != null) {
      deadline.cancel(false);
    }
    try {
      // A statement that failed has been closed by DuckDB.
      if (statement != null && !statement.isClosed()) {
        statement.cancel();
      }
      if (connection != null) {
        // Also closes what was opened on it.
        connection.close();
      }
    } catch (SQLException e) {
      throw MillraceException.us("Cannot end the query: " + e.getMessage(), e);
    } finally {
      whenClosed.run();
      deleteSpill(spill);
    }
  }

  static void deleteSpill(Path spill) {
    if (!Files.exists(spill)) {
      return;
    }
    try (Stream<Path> files = Files.walk(spill)) {
      files.sorted(Comparator.reverseOrder()).forEach(DuckDbRows::delete);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot empty " + spill, e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + file, e);
    }
  }
}
