package io.millrace.lake;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.apache.iceberg.Files;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;

/**
 * Iceberg's files on a local disk, without Hadoop's file system and its checksum files. Locations
 * are absolute paths; {@code file:} before them is understood.
 */
final class LocalFiles implements LakeFiles {

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
      java.nio.file.Files.deleteIfExists(file(location).toPath());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + location, e);
    }
  }

  @Override
  public String path(String location) {
    return file(location).toString();
  }

  @Override
  public void fetch(Collection<String> paths) {
    // They are here.
  }

  @Override
  public String stored(String path) {
    return path;
  }

  @Override
  public List<FileInfo> below(String folder) {
    try (Stream<Path> files = java.nio.file.Files.walk(file(folder).toPath())) {
      return files
          .map(Path::toFile)
          .filter(File::isFile)
          .map(it -> new FileInfo(it.toString(), it.length(), it.lastModified()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + folder, e);
    }
  }

  private static File file(String location) {
    return new File(location.replaceFirst("^file:/*", "/"));
  }
}
