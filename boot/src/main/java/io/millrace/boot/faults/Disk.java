package io.millrace.boot.faults;

import io.millrace.core.DataDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Predicate;

/** What is under a directory while others write to it: files that go meanwhile do not count. */
record Disk(long files, long bytes) {

  static Disk under(Path directory) {
    return under(directory, it -> true);
  }

  static Disk under(Path directory, Predicate<Path> which) {
    long[] sums = new long[2];
    if (!Files.exists(directory)) {
      return new Disk(0, 0);
    }
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (which.test(file)) {
                sums[0]++;
                sums[1] += attributes.size();
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path it, IOException e) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Disk(sums[0], sums[1]);
  }

  /** A file and those beside it whose names begin with its own. */
  static Disk of(Path file) {
    long[] sums = new long[2];
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(file.getParent(), file.getFileName() + "*")) {
      for (Path it : all) {
        sums[0]++;
        sums[1] += it.toFile().length();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Disk(sums[0], sums[1]);
  }

  static boolean isMetadata(Path file) {
    return file.getParent().endsWith("metadata");
  }

  /** What events take: Kafka's indexes have their full length from the start, and are empty. */
  static long ofEvents(DataDirectory data) {
    return under(data.kafka(), it -> it.toString().endsWith(".log")).bytes()
        + under(data.lake()).bytes();
  }
}
