package io.millrace.stream;

import io.millrace.core.MillraceException;
import io.millrace.lake.LoadedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which files a load reads, in which order, and which it need not read: a file is known by its
 * bytes, wherever it lies.
 *
 * @param known files with the bytes of one that was loaded, or that comes before in the plan
 */
record LoadPlan(List<LoadFile> files, List<Known> known) {

  LoadPlan {
    files = List.copyOf(files);
    known = List.copyOf(known);
  }

  /**
   * A file that need not be read.
   *
   * @param as where the same bytes are, or were when they were loaded
   */
  record Known(Path path, String as) {}

  /** Bytes that are to be read. */
  long bytes() {
    return files.stream().mapToLong(LoadFile::bytes).sum();
  }

  /**
   * Plans for files in their order.
   *
   * @param loaded what the ledger has
   */
  static LoadPlan of(List<Path> paths, List<LoadedFile> loaded) {
    Map<Long, Map<String, String>> known = new HashMap<>();
    loaded.forEach(
        it ->
            known
                .computeIfAbsent(it.bytes(), bytes -> new HashMap<>())
                .put(it.sha256(), it.location()));
    Map<Long, List<LoadFile>> planned = new HashMap<>();
    List<LoadFile> files = new ArrayList<>();
    List<Known> same = new ArrayList<>();
    for (Path path : paths) {
      LoadFile file = new LoadFile(path, path.toUri().toString(), size(path));
      List<LoadFile> earlier = planned.computeIfAbsent(file.bytes(), it -> new ArrayList<>());
      Optional<String> as = as(file, known.getOrDefault(file.bytes(), Map.of()), earlier);
      if (as.isPresent()) {
        same.add(new Known(path, as.get()));
      } else {
        files.add(file);
        earlier.add(file);
      }
    }
    return new LoadPlan(files, same);
  }

  /** Few files have the same size and other bytes, so hardly a new one is read for this. */
  private static Optional<String> as(
      LoadFile file, Map<String, String> loaded, List<LoadFile> earlier) {
    if (loaded.isEmpty() && earlier.isEmpty()) {
      return Optional.empty();
    }
    String digest = FileDigest.of(file.path());
    return Optional.ofNullable(loaded.get(digest))
        .or(
            () ->
                earlier.stream()
                    .filter(it -> FileDigest.of(it.path()).equals(digest))
                    .findFirst()
                    .map(LoadFile::location));
  }

  private static long size(Path path) {
    try {
      return Files.size(path);
    } catch (IOException e) {
      throw MillraceException.caller("Cannot read %s: %s".formatted(path, e.getMessage()), e);
    }
  }
}
