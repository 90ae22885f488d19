package io.millrace.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A DuckDB that reads and writes files, and knows nothing of Millrace. */
final class DuckDbFiles implements Closeable {

  private final Connection connection;

  DuckDbFiles(Path folder, String memory) throws SQLException {
    this.connection = DriverManager.getConnection("jdbc:duckdb:");
    run("SET memory_limit = '" + memory + "'");
    run("SET temp_directory = '" + folder.resolve("spill") + "'");
    run("SET TimeZone = 'UTC'");
    for (String schema : List.of("bronze", "quarantine", "silver", "gold")) {
      run("CREATE SCHEMA " + schema);
    }
  }

  void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Views of listed tables. */
  void views(Path list) throws IOException, SQLException {
    for (var table : FileLists.read(list).entrySet()) {
      view(table.getKey(), "", table.getValue());
    }
    // Of history nothing is late.
    run(
        "CREATE OR REPLACE VIEW quarantine.invoice_lines_late AS SELECT * FROM bronze.invoice_lines WHERE false");
  }

  /**
   * A view of files, which have the same columns.
   *
   * @param before what comes before their rows, with UNION ALL; or nothing
   */
  void view(String table, String before, List<String> files) throws SQLException {
    run("CREATE OR REPLACE VIEW %s AS %sSELECT * FROM %s".formatted(table, before, scan(files)));
  }

  static String scan(List<String> files) {
    return files.stream()
        .map(it -> "'" + it + "'")
        .collect(Collectors.joining(", ", "read_parquet([", "], hive_partitioning = false)"));
  }

  /** The rows of a SELECT, as they are read. */
  Questions.Answer ask(String sql) throws SQLException {
    Questions.Answer answer = new Questions.Answer();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        List<Object> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(rows.getObject(i));
        }
        answer.add(row);
      }
    }
    return answer;
  }

  /** The only value of the only row of a SELECT. */
  String text(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot close DuckDB: " + e.getMessage(), e);
    }
  }
}
