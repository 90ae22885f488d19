package io.millrace.engine;

import io.millrace.core.MillraceException;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The rows of one SELECT, as they are found. */
final class DuckDbRows implements Rows {

  private final DuckDbSession session;
  private final String sql;
  private final long limit;
  private final Function<SQLException, MillraceException> failure;
  private final Runnable whenClosed;
  private Statement statement;
  private ResultSet results;
  private boolean closed;
  private List<Column> columns = List.of();
  private long returned;

  /**
   * @param limit the most rows that are returned
   * @param failure how an error is told
   * @param whenClosed runs once
   */
  DuckDbRows(
      DuckDbSession session,
      String sql,
      long limit,
      Function<SQLException, MillraceException> failure,
      Runnable whenClosed) {
    this.session = session;
    this.sql = sql;
    this.limit = limit;
    this.failure = failure;
    this.whenClosed = whenClosed;
  }

  /** Starts the clock, which runs until this is closed. */
  void start() throws SQLException {
    session.startClock();
    statement = session.statement();
    results = execute();
    columns = columns(results.getMetaData());
  }

  private ResultSet execute() throws SQLException {
    try {
      return statement.executeQuery(sql);
    } catch (SQLException e) {
      if (!session.ended() && isUntold(e)) {
        throw reason().orElse(e);
      }
      throw e;
    }
  }

  /** Whether an error says only that there is no result. */
  private static boolean isUntold(SQLException e) {
    return String.valueOf(e.getMessage()).contains("Invalid result set");
  }

  /** A streamed query that fails before its first row says only that it failed; this says why. */
  private Optional<SQLException> reason() {
    try (Statement again = session.statement()) {
      again.execute("EXPLAIN ANALYZE " + sql);
      return Optional.empty();
    } catch (SQLException e) {
      return Optional.of(e);
    }
  }

  private static List<Column> columns(ResultSetMetaData metadata) throws SQLException {
    List<Column> columns = new ArrayList<>();
    for (int i = 1; i <= metadata.getColumnCount(); i++) {
      columns.add(new Column(metadata.getColumnLabel(i), metadata.getColumnTypeName(i)));
    }
    return List.copyOf(columns);
  }

  @Override
  public List<Column> columns() {
    return columns;
  }

  @Override
  public boolean next() {
    try {
      boolean found = returned < limit && results.next();
      if (session.ended()) {
        // A result that was cut off must not look like one that ended.
        throw failure.apply(new SQLException("it was told to end"));
      }
      returned++;
      return found;
    } catch (SQLException e) {
      throw failure.apply(e);
    }
  }

  @Override
  public Object value(int column) {
    try {
      return PlainValues.of(results.getObject(column + 1));
    } catch (SQLException e) {
      throw failure.apply(e);
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    session.stopClock();
    try {
      if (statement != null) {
        statement.close();
      }
    } catch (SQLException e) {
      throw failure.apply(e);
    } finally {
      whenClosed.run();
    }
  }
}
