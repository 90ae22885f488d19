package io.millrace.stream;

import io.millrace.core.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The checkpoint that a new process resumes from. Flink numbers checkpoints on through restarts and
 * renames {@code _metadata} into place last, so the highest number with that file is the newest
 * that is complete.
 *
 * @param uri such as {@code file:///data/checkpoints/<job>/chk-42}
 */
record RestorePoint(String uri, long checkpoint) {

  private static final Pattern METADATA = Pattern.compile("(.*/[0-9a-f]{32}/chk-(\\d+))/_metadata");

  static Optional<RestorePoint> newest(Path checkpoints) {
    return newest(
        in(checkpoints)
            .flatMap(RestorePoint::in)
            .flatMap(RestorePoint::in)
            .map(file -> file.toUri().toString())
            .toList());
  }

  /** What a folder holds; nothing if it is none, or Flink has removed it meanwhile. */
  private static Stream<Path> in(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList().stream();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Stream.empty();
    } catch (IOException e) {
      throw MillraceException.world("Cannot read " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Of these files, each by its URI. */
  static Optional<RestorePoint> newest(Collection<String> files) {
    return files.stream()
        .map(METADATA::matcher)
        .filter(Matcher::matches)
        .map(match -> new RestorePoint(match.group(1), Long.parseLong(match.group(2))))
        .max(Comparator.comparingLong(RestorePoint::checkpoint));
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
