package io.millrace.models;

import io.millrace.core.MetadataDatabase;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The newest result of each data test, kept in the metadata database. Safe for several threads. */
public final class TestResults implements AutoCloseable {

  private final Connection connection;

  private TestResults(Connection connection) {
    this.connection = connection;
  }

  /** Opens the results, making their table if there is none. */
  public static TestResults open(Path metadata) {
    try (InputStream script = TestResults.class.getResourceAsStream("test-results.sql")) {
      Connection connection = MetadataDatabase.open(metadata);
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate(new String(script.readAllBytes(), StandardCharsets.UTF_8));
      }
      return new TestResults(connection);
    } catch (SQLException | IOException e) {
      throw MillraceException.world("Cannot open " + metadata + ": " + e.getMessage(), e);
    }
  }

  /**
   * The newest result of a test.
   *
   * @param severity {@code error} or {@code warn}
   * @param failures how many rows were wrong
   */
  public record Kept(
      String test, long run, Instant at, String severity, long failures, String sentence) {}

  /** The results of the tests of a table, by name. */
  public synchronized List<Kept> of(TableName table) {
    String sql = "SELECT * FROM test_results WHERE table_name = ? ORDER BY test";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setString(1, table.toString());
      List<Kept> kept = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          kept.add(
              new Kept(
                  rows.getString("test"),
                  rows.getLong("run"),
                  Instant.EPOCH.plus(rows.getLong("tested_at_micros"), ChronoUnit.MICROS),
                  rows.getString("severity"),
                  rows.getLong("failures"),
                  rows.getString("sentence")));
        }
      }
      return kept;
    } catch (SQLException e) {
      throw MillraceException.world("Cannot read results of tests: " + e.getMessage(), e);
    }
  }

  synchronized void put(long run, Instant at, List<TestResult> results) {
    String sql = "INSERT OR REPLACE INTO test_results VALUES (?, ?, ?, ?, ?, ?, ?)";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      connection.setAutoCommit(false);
      for (TestResult result : results) {
        insert.setString(1, result.test().name());
        insert.setString(2, result.test().table().toString());
        insert.setLong(3, run);
        insert.setLong(4, ChronoUnit.MICROS.between(Instant.EPOCH, at));
        insert.setString(5, result.test().severity().name().toLowerCase(Locale.ROOT));
        insert.setLong(6, result.failures());
        insert.setString(7, result.sentence());
        insert.executeUpdate();
      }
      connection.commit();
    } catch (SQLException e) {
      throw MillraceException.world("Cannot keep results of tests: " + e.getMessage(), e);
    } finally {
      autoCommit();
    }
  }

  private void autoCommit() {
    try {
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      throw MillraceException.world("Cannot keep results of tests: " + e.getMessage(), e);
    }
  }

  @Override
  public synchronized void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw MillraceException.world("Cannot close results of tests: " + e.getMessage(), e);
    }
  }
}
