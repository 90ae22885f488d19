package io.millrace.boot.faults;

import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import io.millrace.project.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory for one run, removed when it is over. The data directory in it is on a file system of
 * its own where that can be mounted, so that its disk can be full while the machine's is not.
 */
final class Scratch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Scratch.class);

  private static final long DISK_BYTES = 4L << 30;
  private static final long LEFT_WHEN_FULL_BYTES = 64 << 10;
  private static final int ATTEMPTS = 10;

  /**
   * Mounts, says so or why not, and lets go of the mount when its standard input ends, which it
   * does however this process dies.
   */
  private static final String HOLD_MOUNT =
      """
      mount -t tmpfs -o size="$2",mode=0700 millrace-faults "$1" 2>&1 || exit 1
      echo mounted
      cat >/dev/null
      umount "$1" || umount -l "$1"
      """;

  private final Path directory;
  private final Optional<Process> mount;
  private final String whyNoDisk;
  private boolean kept;

  private Scratch(Path directory, Optional<Process> mount, String whyNoDisk) {
    this.directory = directory;
    this.mount = mount;
    this.whyNoDisk = whyNoDisk;
  }

  /**
   * Refuses a project that has nothing of its own to be tried on.
   *
   * @throws MillraceException if its events would stay on an external Kafka, or its tables in a
   *     bucket
   */
  static void requireOwnParts(Project project) {
    if (project.settings().kafka().isPresent()) {
      throw MillraceException.caller(
          "Cannot try %s: its events would stay on the Kafka that its settings name; try a copy without the setting kafka"
              .formatted(project.name()));
    }
    if (project.settings().warehouse().isPresent()) {
      throw MillraceException.caller(
          "Cannot try %s: its tables would stay in the bucket that its settings name; try a copy without the setting warehouse"
              .formatted(project.name()));
    }
  }

  /** With a disk of its own if that is wanted and this machine allows it. */
  static Scratch make(boolean ownDisk) {
    try {
      Path directory = Files.createTempDirectory("millrace-faults");
      Path disk = Files.createDirectory(directory.resolve("disk"));
      if (!ownDisk) {
        return new Scratch(directory, Optional.empty(), "nothing of the plan needs a small disk");
      }
      Process holder =
          new ProcessBuilder(
                  "sh", "-c", HOLD_MOUNT, "mount", disk.toString(), Long.toString(DISK_BYTES))
              .start();
      String answer = holder.inputReader().readLine();
      return "mounted".equals(answer)
          ? new Scratch(directory, Optional.of(holder), "")
          : new Scratch(directory, Optional.empty(), "cannot mount a small disk: " + answer);
    } catch (IOException e) {
      throw MillraceException.world("Cannot make a scratch directory: " + e.getMessage(), e);
    }
  }

  DataDirectory data() {
    return new DataDirectory(directory.resolve("disk/data"));
  }

  /** Not on the disk that may be full. */
  Path file(String name) {
    return directory.resolve(name);
  }

  /** Why its disk cannot be filled; empty if it can. */
  Optional<String> whyNoDisk() {
    return Optional.of(whyNoDisk).filter(it -> !it.isEmpty());
  }

  /** From now on nothing more can be written: the disk becomes as small as what is on it. */
  void fill() {
    long left = LEFT_WHEN_FULL_BYTES;
    for (int attempt = 1; ; attempt++) {
      try {
        resize(used() + left);
        return;
      } catch (MillraceException e) {
        // More than is left was written in between: a disk cannot be smaller than what is on it.
        if (attempt == ATTEMPTS) {
          throw e;
        }
        left *= 2;
      }
    }
  }

  private long used() {
    try {
      FileStore disk = Files.getFileStore(directory.resolve("disk"));
      return disk.getTotalSpace() - disk.getUnallocatedSpace();
    } catch (IOException e) {
      throw MillraceException.world("Cannot look at " + directory + ": " + e.getMessage(), e);
    }
  }

  /** Makes room again. */
  void free() {
    resize(DISK_BYTES);
  }

  private void resize(long bytes) {
    Shell.run(
        List.of("mount", "-o", "remount,size=" + bytes, directory.resolve("disk").toString()));
  }

  /** Leaves everything where it can be looked at, and says where. */
  Path keep() {
    kept = true;
    if (mount.isEmpty()) {
      return directory;
    }
    Path copy = directory.resolve("kept");
    Shell.run(List.of("cp", "-a", directory.resolve("disk").toString(), copy.toString()));
    return copy;
  }

  /** What cannot be removed is said and left, so that what the run found out is not lost. */
  @Override
  public void close() {
    try {
      if (mount.isPresent()) {
        mount.get().getOutputStream().close();
        mount.get().onExit().join();
      }
      if (!kept) {
        delete();
      }
    } catch (IOException | UncheckedIOException e) {
      log.warn("Cannot remove {}: {}", directory, e.getMessage());
    }
  }

  private void delete() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path it : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(it);
      }
    }
  }
}
