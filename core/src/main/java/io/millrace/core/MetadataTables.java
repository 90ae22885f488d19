package io.millrace.core;

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
import java.util.Optional;

/**
 * Tables of the metadata database that belong together, over a connection of their own. Threads may
 * share it, one at a time.
 */
public final class MetadataTables implements AutoCloseable {

  private final Connection connection;
  private final String what;
  private final Statements statements = new Statements();

  private MetadataTables(Connection connection, String what) {
    this.connection = connection;
    this.what = what;
  }

  /**
   * Opens the metadata database and makes the tables that are missing.
   *
   * @param metadata {@link DataDirectory#metadata()}
   * @param what the tables hold, for messages: {@code the releases}
   * @param home the class beside which the script is
   * @param script {@code releases.sql}
   */
  public static MetadataTables open(Path metadata, String what, Class<?> home, String script) {
    try {
      Connection connection = MetadataDatabase.open(metadata);
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate(script(home, script));
      }
      return new MetadataTables(connection, what);
    } catch (SQLException e) {
      throw MillraceException.world(
          "Cannot open %s in %s: %s".formatted(what, metadata, e.getMessage()), e);
    }
  }

  /** The SQL in a file beside a class. */
  public static String script(Class<?> home, String name) {
    try (InputStream script = home.getResourceAsStream(name)) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw MillraceException.us("Cannot read " + name + ": " + e.getMessage(), e);
    }
  }

  /** Reads one row into a value. */
  @FunctionalInterface
  public interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** What is read or written in one transaction, with a result. */
  @FunctionalInterface
  public interface Work<T> {
    T with(Statements statements) throws SQLException;
  }

  /** What is written in one transaction. */
  @FunctionalInterface
  public interface Writes {
    void with(Statements statements) throws SQLException;
  }

  /** Does the statements of a transaction. */
  public final class Statements {

    private Statements() {}

    public <T> List<T> select(Reader<T> reader, String sql, Object... values) throws SQLException {
      List<T> read = new ArrayList<>();
      try (PreparedStatement select = prepare(sql, values);
          ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          read.add(reader.read(rows));
        }
      }
      return read;
    }

    public <T> Optional<T> first(Reader<T> reader, String sql, Object... values)
        throws SQLException {
      return select(reader, sql, values).stream().findFirst();
    }

    /** Returns how many rows it has changed. */
    public int update(String sql, Object... values) throws SQLException {
      try (PreparedStatement update = prepare(sql, values)) {
        return update.executeUpdate();
      }
    }

    /** Adds a row and returns its id. */
    public long insert(String sql, Object... values) throws SQLException {
      update(sql, values);
      return first(row -> row.getLong(1), "SELECT last_insert_rowid()").orElseThrow();
    }

    private PreparedStatement prepare(String sql, Object... values) throws SQLException {
      PreparedStatement statement = connection.prepareStatement(sql);
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement;
    }
  }

  /** Reads one state, whatever others write meanwhile. */
  public synchronized <T> T read(Work<T> work) {
    try {
      return transaction("BEGIN", work);
    } catch (SQLException e) {
      throw MillraceException.world("Cannot read %s: %s".formatted(what, e.getMessage()), e);
    }
  }

  public <T> List<T> select(Reader<T> reader, String sql, Object... values) {
    return read(it -> it.select(reader, sql, values));
  }

  public <T> Optional<T> first(Reader<T> reader, String sql, Object... values) {
    return read(it -> it.first(reader, sql, values));
  }

  /**
   * Writes all of it or nothing, and waits for other writers before it reads anything.
   *
   * @throws MillraceException with code UNKNOWN if nobody can tell which of both
   */
  public synchronized <T> T write(Work<T> work) {
    try {
      return transaction("BEGIN IMMEDIATE", work);
    } catch (SQLException e) {
      throw MillraceException.world("Cannot write %s: %s".formatted(what, e.getMessage()), e);
    }
  }

  /** {@link #write(Work)} without a result. */
  public void together(Writes writes) {
    write(
        it -> {
          writes.with(it);
          return true;
        });
  }

  /** Does one statement. */
  public void write(String sql, Object... values) {
    write(it -> it.update(sql, values));
  }

  /** Adds a row and returns its id. */
  public long insert(String sql, Object... values) {
    return write(it -> it.insert(sql, values));
  }

  private <T> T transaction(String begin, Work<T> work) throws SQLException {
    execute(begin);
    T result;
    try {
      result = work.with(statements);
    } catch (SQLException | RuntimeException e) {
      rollBack(e);
      throw e;
    }
    try {
      execute("COMMIT");
      return result;
    } catch (SQLException e) {
      rollBack(e);
      throw MillraceException.unknown(
          "Cannot tell whether %s have what was written: %s".formatted(what, e.getMessage()), e);
    }
  }

  private void rollBack(Exception why) {
    try {
      execute("ROLLBACK");
    } catch (SQLException e) {
      // Some failures have ended the transaction themselves.
      why.addSuppressed(e);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Microseconds since 1970; the ends of {@link Interval#ALWAYS} are those of a long. */
  public static long micros(Instant instant) {
    if (instant.equals(Instant.MIN)) {
      return Long.MIN_VALUE;
    }
    return instant.equals(Instant.MAX)
        ? Long.MAX_VALUE
        : ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  public static Instant instant(long micros) {
    if (micros == Long.MIN_VALUE) {
      return Instant.MIN;
    }
    return micros == Long.MAX_VALUE ? Instant.MAX : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  public static Interval interval(ResultSet row) throws SQLException {
    return new Interval(instant(row.getLong("from_micros")), instant(row.getLong("to_micros")));
  }

  public static Optional<Long> number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(value);
  }

  public static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    return number(row, column).map(MetadataTables::instant);
  }

  @Override
  public synchronized void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw MillraceException.world("Cannot close %s: %s".formatted(what, e.getMessage()), e);
    }
  }
}
