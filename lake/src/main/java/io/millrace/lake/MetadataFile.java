package io.millrace.lake;

import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import java.io.IOException;
import java.nio.file.Files;

/**
 * How the SQLite file that several processes share is opened: readers never wait for a writer, and
 * a writer waits for the one before it.
 */
final class MetadataFile {

  private MetadataFile() {}

  /** The JDBC URL; the folder is made. */
  static String url(DataDirectory data) {
    try {
      Files.createDirectories(data.metadata().getParent());
    } catch (IOException e) {
      throw MillraceException.world("Cannot make " + data.root() + ": " + e.getMessage(), e);
    }
    return "jdbc:sqlite:"
        + data.metadata()
        + "?busy_timeout=20000&journal_mode=WAL&transaction_mode=IMMEDIATE";
  }
}
