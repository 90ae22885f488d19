package io.millrace.core;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A right that one process has at a time, and one part of a process. The system takes it from a
 * process that ends, however it does. The file stays, and says who had it last.
 */
public final class FileLock implements AutoCloseable {

  private final Path file;
  private final FileChannel channel;

  private FileLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes it, and makes the file and its folder if there is none.
   *
   * @return empty if somebody else has it
   * @throws MillraceException if the file cannot be written
   */
  public static Optional<FileLock> take(Path file) {
    try {
      OwnerOnly.createFolders(file.getParent());
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!isLocked(channel)) {
        channel.close();
        return Optional.empty();
      }
      byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
      channel.truncate(0).write(ByteBuffer.wrap(pid));
      return Optional.of(new FileLock(file, channel));
    } catch (IOException e) {
      throw MillraceException.world("Cannot use '%s': %s".formatted(file, e.getMessage()), e);
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // by another part of this process
    }
  }

  /** The id of the process that has it, or had it last. */
  public static String holder(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw MillraceException.world("Cannot read '%s': %s".formatted(file, e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw MillraceException.world("Cannot release '%s': %s".formatted(file, e.getMessage()), e);
    }
  }
}
