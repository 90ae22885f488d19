package io.millrace.schedule;

import io.millrace.core.Interval;
import io.millrace.core.MetadataDatabase;
import io.millrace.core.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A connection to the metadata database that threads share, one at a time. */
final class Database implements AutoCloseable {

  private final Connection connection;
  private final String what;

  private Database(Connection connection, String what) {
    this.connection = connection;
    this.what = what;
  }

  /**
   * Opens the file and makes the tables that are missing.
   *
   * @param what the file holds for the caller, for messages
   * @param script a resource beside this class
   */
  static Database open(Path metadata, String what, String script) {
    try (InputStream in = Database.class.getResourceAsStream(script)) {
      Connection connection = DriverManager.getConnection(MetadataDatabase.url(metadata));
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
      return new Database(connection, what);
    } catch (SQLException | IOException e) {
      throw MillraceException.world(
          "Cannot open %s in %s: %s".formatted(what, metadata, e.getMessage()), e);
    }
  }

  /** Reads one row into a value. */
  @FunctionalInterface
  interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  synchronized <T> List<T> select(Reader<T> reader, String sql, Object... values) {
    List<T> read = new ArrayList<>();
    try (PreparedStatement select = prepare(sql, values);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        read.add(reader.read(rows));
      }
      return read;
    } catch (SQLException e) {
      throw MillraceException.world("Cannot read %s: %s".formatted(what, e.getMessage()), e);
    }
  }

  <T> Optional<T> first(Reader<T> reader, String sql, Object... values) {
    return select(reader, sql, values).stream().findFirst();
  }

  /** Does one statement. */
  synchronized void write(String sql, Object... values) {
    try {
      update(sql, values);
    } catch (SQLException e) {
      throw cannotWrite(e);
    }
  }

  /** Adds a row and returns its id. */
  synchronized long insert(String sql, Object... values) {
    try {
      update(sql, values);
      try (Statement select = connection.createStatement();
          ResultSet id = select.executeQuery("SELECT last_insert_rowid()")) {
        id.next();
        return id.getLong(1);
      }
    } catch (SQLException e) {
      throw cannotWrite(e);
    }
  }

  /** What is written together. */
  @FunctionalInterface
  interface Writes {
    void to(Updates updates) throws SQLException;
  }

  /** Does statements of a transaction. */
  @FunctionalInterface
  interface Updates {
    void update(String sql, Object... values) throws SQLException;
  }

  /** Writes all of it, or nothing. */
  synchronized void together(Writes writes) {
    try {
      connection.setAutoCommit(false);
      try {
        writes.to(this::update);
        connection.commit();
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      throw cannotWrite(e);
    }
  }

  private void update(String sql, Object... values) throws SQLException {
    try (PreparedStatement update = prepare(sql, values)) {
      update.executeUpdate();
    }
  }

  private PreparedStatement prepare(String sql, Object... values) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    return statement;
  }

  private MillraceException cannotWrite(SQLException e) {
    return MillraceException.world("Cannot write %s: %s".formatted(what, e.getMessage()), e);
  }

  /** Microseconds since 1970; the ends of {@link Interval#ALWAYS} are those of a long. */
  static long micros(Instant instant) {
    if (instant.equals(Instant.MIN)) {
      return Long.MIN_VALUE;
    }
    return instant.equals(Instant.MAX)
        ? Long.MAX_VALUE
        : ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  static Instant instant(long micros) {
    if (micros == Long.MIN_VALUE) {
      return Instant.MIN;
    }
    return micros == Long.MAX_VALUE ? Instant.MAX : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  static Interval interval(ResultSet row) throws SQLException {
    return new Interval(instant(row.getLong("from_micros")), instant(row.getLong("to_micros")));
  }

  static Optional<Long> number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(value);
  }

  static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    return number(row, column).map(Database::instant);
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
