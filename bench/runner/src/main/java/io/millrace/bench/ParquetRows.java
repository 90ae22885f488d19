package io.millrace.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/** Looks at files that a side has written, whoever wrote them. */
final class ParquetRows {

  private ParquetRows() {}

  /**
   * How many rows, how many ids, and a sum over the ids.
   *
   * @param files may be a pattern
   */
  static String describe(Path files, String id) {
    String sql =
        "SELECT count(*), count(DISTINCT id), bit_xor(hash(id)) FROM (SELECT lower(CAST(%s AS VARCHAR)) AS id FROM read_parquet('%s', hive_partitioning = false))"
            .formatted(id, files);
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return String.format(
          Locale.ROOT,
          "%,d rows with %,d ids (%s)",
          result.getLong(1),
          result.getLong(2),
          result.getString(3));
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot read " + files + ": " + e.getMessage(), e);
    }
  }
}
