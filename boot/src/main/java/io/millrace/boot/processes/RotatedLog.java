package io.millrace.boot.processes;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The output of one process: a file and a fixed number of older ones, {@code name.log.1} being the
 * newest of those. What a full disk refuses is dropped, because a process whose output nobody takes
 * stops.
 */
final class RotatedLog {

  private final Path file;
  private final long maxBytes;
  private final int olderFiles;

  RotatedLog(Path file, long maxBytes, int olderFiles) {
    this.file = file;
    this.maxBytes = maxBytes;
    this.olderFiles = olderFiles;
  }

  /** Copies until the stream ends. */
  void take(InputStream output) throws IOException {
    byte[] buffer = new byte[16 << 10];
    for (int length = output.read(buffer); length >= 0; length = output.read(buffer)) {
      append(buffer, length);
    }
  }

  private void append(byte[] buffer, int length) {
    try {
      Files.createDirectories(file.getParent());
      if (Files.exists(file) && Files.size(file) + length > maxBytes) {
        rotate();
      }
      try (OutputStream out =
          Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        out.write(buffer, 0, length);
      }
    } catch (IOException e) {
      // See the first paragraph: there is nowhere to say it.
    }
  }

  private void rotate() throws IOException {
    for (int age = olderFiles; age > 0; age--) {
      Path younger = age == 1 ? file : older(age - 1);
      try {
        Files.move(younger, older(age), StandardCopyOption.REPLACE_EXISTING);
      } catch (NoSuchFileException e) {
        // There are not that many yet.
      }
    }
  }

  private Path older(int age) {
    return file.resolveSibling(file.getFileName() + "." + age);
  }
}
