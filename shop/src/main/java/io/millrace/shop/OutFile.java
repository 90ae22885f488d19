package io.millrace.shop;

import io.millrace.core.MillraceException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is written from its beginning on; what was there before is gone. */
final class OutFile implements AutoCloseable {

  private final String what;
  private final Path file;
  private final OutputStream out;

  /**
   * Opens it.
   *
   * @param what it is, for errors: {@code truth file}
   */
  OutFile(String what, Path file) {
    this.what = what;
    this.file = file;
    try {
      out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  void write(byte[] bytes) {
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private MillraceException unwritable(IOException cause) {
    return MillraceException.world(
        "Cannot write %s '%s': %s".formatted(what, file, cause.getMessage()), cause);
  }
}
