package io.millrace.boot.processes;

import io.millrace.core.DataDirectory;
import io.millrace.core.Endpoints;
import io.millrace.core.FileLock;
import io.millrace.core.MillraceException;

/** Keeps a data directory to one {@code up}. */
final class DataLock {

  private DataLock() {}

  /**
   * Makes the data directory if there is none, for its owner's eyes only, and locks it.
   *
   * @throws MillraceException naming the holder, if another process holds it
   */
  static FileLock take(DataDirectory data) {
    return FileLock.take(data.lock()).orElseThrow(() -> refused(data));
  }

  private static MillraceException refused(DataDirectory data) {
    return MillraceException.world(
        "Cannot start on '%s': it is in use by process %s%s; stop that one, or name another directory with --data"
            .formatted(
                data.root(),
                FileLock.holder(data.lock()),
                Endpoints.find(data.endpoints()).map(it -> " at " + it.serverUrl()).orElse("")));
  }
}
