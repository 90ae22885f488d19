package io.millrace.boot.processes;

import io.millrace.core.DataDirectory;
import io.millrace.core.Endpoints;
import io.millrace.core.MillraceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Keeps a data directory to one {@code up}; the system releases it however the holder ends. */
final class DataLock implements AutoCloseable {

  private final FileChannel channel;

  private DataLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Makes the data directory if there is none, for its owner's eyes only, and locks it.
   *
   * @throws MillraceException naming the holder, if another process holds it
   */
  static DataLock take(DataDirectory data) {
    try {
      if (!Files.exists(data.root())) {
        Files.createDirectories(data.root().getParent());
        Files.createDirectory(
            data.root(),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      Files.createDirectories(data.lock().getParent());
      FileChannel channel =
          FileChannel.open(
              data.lock(),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        channel.close();
        throw refused(data);
      }
      byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
      channel.truncate(0).write(ByteBuffer.wrap(pid));
      return new DataLock(channel);
    } catch (IOException e) {
      throw MillraceException.world("Cannot use '" + data.root() + "': " + e.getMessage(), e);
    }
  }

  private static MillraceException refused(DataDirectory data) throws IOException {
    Path lock = data.lock();
    return MillraceException.world(
        "Cannot start on '%s': it is in use by process %s%s; stop that one, or name another directory with --data"
            .formatted(
                data.root(),
                Files.readString(lock),
                Endpoints.find(data.endpoints()).map(it -> " at " + it.serverUrl()).orElse("")));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw MillraceException.world("Cannot release the data directory: " + e.getMessage(), e);
    }
  }
}
