package io.millrace.boot.processes;

import io.millrace.core.DataDirectory;
import io.millrace.core.FileLock;
import io.millrace.core.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The data directory of a demo: each demo begins with nothing, so that its numbers are its own.
 * What an earlier demo left is removed; data of anybody else's is never touched.
 */
public final class DemoData {

  private DemoData() {}

  /**
   * Empties the directory and marks it as a demo's.
   *
   * @throws MillraceException if a project runs on it, or it holds data that no demo made
   */
  public static void begin(DataDirectory data) {
    FileLock lock = DataLock.take(data);
    try {
      if (!Files.exists(data.demoMark()) && !isNew(data)) {
        throw MillraceException.caller(
            "Cannot run the demo on '%s': it holds data that no demo made; name an empty directory with --data"
                .formatted(data.root()));
      }
      empty(data);
      Files.createFile(data.demoMark());
    } catch (IOException e) {
      throw MillraceException.world("Cannot empty '" + data.root() + "': " + e.getMessage(), e);
    } finally {
      lock.close();
    }
  }

  /** What is kept from now on is somebody's: no demo removes it any more. */
  public static void keep(DataDirectory data) {
    try {
      Files.deleteIfExists(data.demoMark());
    } catch (IOException e) {
      throw MillraceException.world("Cannot delete " + data.demoMark() + ": " + e.getMessage(), e);
    }
  }

  private static boolean isNew(DataDirectory data) throws IOException {
    try (Stream<Path> all = Files.walk(data.root())) {
      return all.filter(Files::isRegularFile).allMatch(data.lock()::equals);
    }
  }

  private static void empty(DataDirectory data) throws IOException {
    try (Stream<Path> all = Files.walk(data.root())) {
      for (Path it : all.sorted(Comparator.reverseOrder()).toList()) {
        if (!it.equals(data.root()) && !data.lock().startsWith(it)) {
          Files.delete(it);
        }
      }
    }
  }
}
