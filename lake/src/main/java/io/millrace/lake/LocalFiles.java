package io.millrace.lake;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.apache.iceberg.Files;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;

/**
 * Iceberg's files on a local disk, without Hadoop's file system and its checksum files. Locations
 * are absolute paths; {@code file:} before them is understood.
 */
final class LocalFiles implements FileIO {

  private static final long serialVersionUID = 1L;

  @Override
  public InputFile newInputFile(String location) {
    return Files.localInput(file(location));
  }

  @Override
  public OutputFile newOutputFile(String location) {
    File file = file(location);
    try {
      // Iceberg makes the folder too, but fails if another thread makes it in the same moment.
      java.nio.file.Files.createDirectories(file.toPath().getParent());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make the folder of " + location, e);
    }
    return Files.localOutput(file);
  }

  @Override
  public void deleteFile(String location) {
    try {
      java.nio.file.Files.deleteIfExists(path(location));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + location, e);
    }
  }

  static Path path(String location) {
    return file(location).toPath();
  }

  private static File file(String location) {
    return new File(location.replaceFirst("^file:/*", "/"));
  }
}
