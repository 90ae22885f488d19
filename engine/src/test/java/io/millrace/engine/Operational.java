package io.millrace.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.shop.InboxFile;
import io.millrace.shop.ShopEvent;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

/**
 * The operational database of the pack that ships, in a real PostgreSQL of its own. Its definitions
 * and what fills it are the pack's files; nothing of them is repeated here.
 */
final class Operational implements AutoCloseable {

  private final EmbeddedPostgres server;
  private final Connection connection;

  /** Without rows. */
  Operational() {
    try {
      server = EmbeddedPostgres.builder().setServerConfig("TimeZone", "UTC").start();
      connection = server.getPostgresDatabase().getConnection();
      execute(file("schema.sql"));
      execute(file("inbox.sql"));
      execute("SET search_path TO shop");
      connection.setAutoCommit(false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String file(String name) throws IOException {
    return Files.readString(RetailWarehouse.PACK.resolve("operational").resolve(name));
  }

  static String resource(String name) {
    try (var file = Operational.class.getResourceAsStream(name)) {
      return new String(file.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Does what the shop did: whatever happened, once, by the file that people give to psql. */
  Operational live(List<ShopEvent> events) throws SQLException, IOException {
    Path file = Files.createTempFile("inbox", ".sql");
    try {
      try (InboxFile inbox = new InboxFile(file)) {
        events.forEach(inbox::add);
      }
      run(Files.readString(file));
    } finally {
      Files.delete(file);
    }
    return commit(file("fill.sql"));
  }

  /** What psql does with it: a line with a backslash is its own, and rows follow on COPY. */
  private void run(String script) throws SQLException, IOException {
    String statements = script.replaceFirst("(?m)^\\\\set .*\n", "");
    int rows = statements.indexOf("FROM STDIN;\n") + "FROM STDIN;\n".length();
    int end = statements.indexOf("\\.\n", rows);
    String head = statements.substring(0, rows);
    String copy = head.substring(head.indexOf("COPY "));
    execute(head.substring(0, head.length() - copy.length()));
    new CopyManager(connection.unwrap(BaseConnection.class))
        .copyIn(copy, new StringReader(statements.substring(rows, end)));
    execute(statements.substring(end + "\\.\n".length()));
  }

  /** Runs statements as a transaction, which ends with them or leaves nothing. */
  Operational commit(String sql) throws SQLException {
    try {
      execute(sql);
      connection.commit();
    } finally {
      connection.rollback();
    }
    return this;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** What the database says of its days, for the stream of closings. */
  List<Map<String, Object>> closings() throws SQLException, IOException {
    return rows(file("closing.sql"));
  }

  /** The rows of a SELECT by column; arrays as lists. */
  List<Map<String, Object>> rows(String sql) throws SQLException {
    List<Map<String, Object>> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet results = statement.executeQuery(sql)) {
      while (results.next()) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 1; i <= results.getMetaData().getColumnCount(); i++) {
          Object value = results.getObject(i);
          row.put(
              results.getMetaData().getColumnLabel(i),
              value instanceof Array array ? List.of((Object[]) array.getArray()) : value);
        }
        rows.add(row);
      }
    }
    connection.rollback();
    return rows;
  }

  /** The one value of a SELECT, as text. */
  String value(String sql) throws SQLException {
    return String.valueOf(rows(sql).get(0).values().iterator().next());
  }

  @Override
  public void close() {
    try {
      connection.close();
      server.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
