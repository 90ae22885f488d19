package io.millrace.lake;

import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The right to load files into a stream, which nobody shares: numbers of files follow each other,
 * and who is erased meanwhile must not come back. The system takes it from a process that ends.
 */
public final class LoadLock implements AutoCloseable {

  private final FileChannel channel;

  private LoadLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Takes it; empty if somebody else has it. */
  public static Optional<LoadLock> take(DataDirectory data, String stream) {
    Path file = data.loadLock(stream);
    try {
      Files.createDirectories(file.getParent());
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (isLocked(channel)) {
        return Optional.of(new LoadLock(channel));
      }
      channel.close();
      return Optional.empty();
    } catch (IOException e) {
      throw MillraceException.world("Cannot use %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // by another thread
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw MillraceException.world("Cannot release a lock: " + e.getMessage(), e);
    }
  }
}
