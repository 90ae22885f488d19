package io.millrace.lake;

import io.millrace.core.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.aws.s3.S3FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;

/**
 * Files behind an S3 API. DuckDB cannot reach them, so data files it reads have copies here, and
 * those it writes are written here and then stored. A data file never changes, so a copy is never
 * behind; a copy that nobody has asked for of late makes room for others.
 */
final class ObjectFiles implements LakeFiles {

  private static final long serialVersionUID = 1L;
  private static final String SCHEME = "s3://";

  /** Of all copies together, when there are older ones to drop. */
  private static final long MOST_BYTES = 20L << 30;

  /** Longer than a query or a build that was given a path may take. */
  private static final Duration LONGEST_USE = Duration.ofHours(6);

  /** After that it goes, be there room or not: it may be what a killed build has left. */
  private static final Duration KEPT_UNUSED = Duration.ofDays(7);

  private final transient S3FileIO objects;
  private final transient Path copies;

  /**
   * @param endpoint of the S3 API; empty for that of AWS
   * @param copies a folder for copies
   */
  ObjectFiles(String endpoint, Path copies) {
    this.copies = copies;
    this.objects =
        Bucket.client(endpoint, Map.of("s3.staging-dir", copies.resolve("staging").toString()));
  }

  @Override
  public InputFile newInputFile(String name) {
    return name.startsWith(SCHEME)
        ? objects.newInputFile(name)
        : org.apache.iceberg.Files.localInput(name);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return objects.newOutputFile(location);
  }

  @Override
  public void deleteFile(String name) {
    String location = location(name);
    try {
      // First, because what cannot be deleted is deleted again while the object is there.
      Files.deleteIfExists(Path.of(path(location)));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete the copy of " + location, e);
    }
    objects.deleteFile(location);
  }

  @Override
  public String path(String location) {
    return location.startsWith(SCHEME)
        ? copies.resolve(location.substring(SCHEME.length())).toString()
        : location;
  }

  private String location(String name) {
    return name.startsWith(SCHEME) ? name : SCHEME + copies.relativize(Path.of(name));
  }

  @Override
  public void fetch(Collection<String> paths) {
    boolean grown = false;
    for (String each : paths) {
      Path path = Path.of(each);
      if (path.startsWith(copies)) {
        try {
          grown |= !isHere(path);
        } catch (IOException e) {
          throw MillraceException.world(
              "Cannot copy %s: %s".formatted(location(each), e.getMessage()), e);
        }
      }
    }
    if (grown) {
      makeRoom();
    }
  }

  private boolean isHere(Path path) throws IOException {
    try {
      Files.setLastModifiedTime(path, FileTime.from(Instant.now()));
      return true;
    } catch (NoSuchFileException e) {
      copy(path);
      return false;
    }
  }

  /** Under another name until it is whole. */
  private void copy(Path path) throws IOException {
    Files.createDirectories(path.getParent());
    Path part = path.resolveSibling(path.getFileName() + "." + UUID.randomUUID() + ".part");
    try (InputStream in = objects.newInputFile(location(path.toString())).newStream()) {
      Files.copy(in, part);
      Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private record Copy(Path path, long bytes, Instant used) {}

  private List<Copy> known() throws IOException {
    List<Copy> known = new ArrayList<>();
    Files.walkFileTree(
        copies,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes file) {
            known.add(new Copy(path, file.size(), file.lastModifiedTime().toInstant()));
            return FileVisitResult.CONTINUE;
          }

          /** Another query has taken it away meanwhile. */
          @Override
          public FileVisitResult visitFileFailed(Path path, IOException e) {
            return FileVisitResult.CONTINUE;
          }
        });
    return known;
  }

  private void makeRoom() {
    try {
      List<Copy> known = known();
      known.sort(Comparator.comparing(Copy::used));
      long bytes = known.stream().mapToLong(Copy::bytes).sum();
      Instant now = Instant.now();
      for (Copy copy : known) {
        Duration rest = Duration.between(copy.used(), now);
        if (rest.compareTo(bytes > MOST_BYTES ? LONGEST_USE : KEPT_UNUSED) < 0) {
          break;
        }
        Files.deleteIfExists(copy.path());
        bytes -= copy.bytes();
      }
    } catch (IOException e) {
      throw MillraceException.world("Cannot make room in %s: %s".formatted(copies, e), e);
    }
  }

  @Override
  public String stored(String path) {
    String location = location(path);
    try (OutputStream out = objects.newOutputFile(location).createOrOverwrite()) {
      Files.copy(Path.of(path), out);
    } catch (IOException e) {
      throw MillraceException.world("Cannot store %s: %s".formatted(location, e.getMessage()), e);
    }
    return location;
  }

  @Override
  public List<FileInfo> below(String folder) {
    List<FileInfo> files = new ArrayList<>();
    objects.listPrefix(folder + "/").forEach(files::add);
    return files;
  }

  @Override
  public void close() {
    objects.close();
  }
}
