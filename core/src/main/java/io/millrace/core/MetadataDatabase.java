package io.millrace.core;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * How the SQLite file that several processes share is opened: readers never wait for a writer, and
 * a writer waits for the one before it.
 */
public final class MetadataDatabase {

  private MetadataDatabase() {}

  /**
   * Opens the file, making it and its folder if there are none. A transaction that writes begins
   * with a write: one that has read before is refused if another process wrote in between.
   *
   * @param file {@link DataDirectory#metadata()}
   */
  public static Connection open(Path file) throws SQLException {
    return DriverManager.getConnection(shared(file));
  }

  /** For libraries that open it themselves: their transactions wait before they read. */
  public static String url(Path file) {
    return shared(file) + "&transaction_mode=IMMEDIATE";
  }

  private static String shared(Path file) {
    try {
      OwnerOnly.createFolders(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw MillraceException.world(
          "Cannot make %s: %s".formatted(file.getParent(), e.getMessage()), e);
    }
    return "jdbc:sqlite:" + file + "?busy_timeout=20000&journal_mode=WAL";
  }
}
