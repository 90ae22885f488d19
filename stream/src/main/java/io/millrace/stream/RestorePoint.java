package io.millrace.stream;

import io.millrace.core.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The checkpoint that a new process resumes from. Flink numbers checkpoints on through restarts and
 * renames {@code _metadata} into place last, so the highest number with that file is the newest
 * that is complete.
 *
 * @param directory such as {@code checkpoints/<job>/chk-42}
 */
record RestorePoint(Path directory, long checkpoint) {

  private static final String PREFIX = "chk-";

  static Optional<RestorePoint> newest(Path checkpoints) {
    if (!Files.isDirectory(checkpoints)) {
      return Optional.empty();
    }
    try (Stream<Path> jobs = Files.list(checkpoints)) {
      return jobs.filter(Files::isDirectory)
          .flatMap(RestorePoint::ofJob)
          .max(Comparator.comparingLong(RestorePoint::checkpoint));
    } catch (IOException e) {
      throw MillraceException.world("Cannot read " + checkpoints + ": " + e.getMessage(), e);
    }
  }

  private static Stream<RestorePoint> ofJob(Path job) {
    try (Stream<Path> checkpoints = Files.list(job)) {
      return checkpoints
          .filter(path -> path.getFileName().toString().startsWith(PREFIX))
          .filter(path -> Files.exists(path.resolve("_metadata")))
          .map(
              path ->
                  new RestorePoint(
                      path,
                      Long.parseLong(path.getFileName().toString().substring(PREFIX.length()))))
          .toList()
          .stream();
    } catch (IOException e) {
      throw MillraceException.world("Cannot read " + job + ": " + e.getMessage(), e);
    }
  }

  /**
   * Has the next start go on where the tables end: what a checkpoint knows beside is read again.
   */
  static void forget(Path checkpoints) {
    try (Stream<Path> files = Files.walk(checkpoints)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw MillraceException.world("Cannot empty " + checkpoints + ": " + e.getMessage(), e);
    }
  }
}
