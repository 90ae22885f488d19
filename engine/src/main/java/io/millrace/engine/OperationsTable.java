package io.millrace.engine;

import io.millrace.core.MetadataDatabase;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * A small table that other modules keep in SQLite, copied into the query that names it. Its two SQL
 * files have the same columns: {@code table} as the query sees them, {@code rows} as SQLite has
 * them, with timestamps as microseconds.
 */
enum OperationsTable {
  ACKNOWLEDGED,
  COMMITS,
  INTERVALS,
  LOADED_FILES,
  RELEASES,
  REPLAYS,
  RUN_STEPS,
  RUNS;

  TableName table() {
    return new TableName("ops", name().toLowerCase(Locale.ROOT));
  }

  /** Makes the table; it stays empty as long as nobody has written the one in SQLite. */
  void copy(Path metadata, DuckDBConnection to) throws SQLException {
    create(to);
    try (Connection from = MetadataDatabase.open(metadata)) {
      if (exists(from)) {
        copyRows(from, to);
      }
    } catch (SQLException e) {
      throw MillraceException.world("Cannot read " + table() + ": " + e.getMessage(), e);
    }
  }

  /** Makes the table, in a schema {@code ops} that is there. */
  void create(Connection in) throws SQLException {
    try (Statement create = in.createStatement()) {
      create.execute(sql("table"));
    }
  }

  private boolean exists(Connection from) throws SQLException {
    String sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?";
    try (PreparedStatement select = from.prepareStatement(sql)) {
      select.setString(1, table().name());
      try (ResultSet found = select.executeQuery()) {
        return found.next();
      }
    }
  }

  private void copyRows(Connection from, DuckDBConnection to) throws SQLException {
    try (Statement select = from.createStatement();
        ResultSet rows = select.executeQuery(sql("rows"));
        DuckDBAppender appender = to.createAppender("ops", table().name())) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        appender.beginRow();
        for (int i = 1; i <= columns; i++) {
          if (rows.getObject(i) == null) {
            appender.appendNull();
          } else if (rows.getMetaData().getColumnName(i).endsWith("_micros")) {
            appender.appendEpochMicros(rows.getLong(i));
          } else if (rows.getObject(i) instanceof Number number) {
            appender.append(number.longValue());
          } else {
            appender.append(rows.getString(i));
          }
        }
        appender.endRow();
      }
    }
  }

  private String sql(String kind) {
    String file = "ops/" + table().name() + "." + kind + ".sql";
    try (InputStream in = OperationsTable.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }
}
