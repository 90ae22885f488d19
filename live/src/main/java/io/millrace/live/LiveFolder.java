package io.millrace.live;

import io.millrace.core.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the live values of a stream are: in the folder with the highest number. When they are
 * filled anew that happens in another folder, which gets the next number once it is whole; and
 * nothing of what was before is left.
 */
final class LiveFolder {

  private static final String FILLING = "filling";

  private final Path root;

  LiveFolder(Path root) {
    this.root = root;
  }

  /** What was filled last, if anything was; makes all else go. */
  Optional<RocksStore> open() {
    deleteOthers();
    return newest().map(RocksStore::open);
  }

  /** All but what was filled last. */
  void deleteOthers() {
    Optional<Path> newest = newest();
    children().stream().filter(it -> !newest.equals(Optional.of(it))).forEach(LiveFolder::delete);
  }

  /** One with nothing in it. */
  RocksStore beginToFill() {
    Path filling = root.resolve(FILLING);
    delete(filling);
    return RocksStore.open(filling);
  }

  /** Makes what was filled the newest, and opens it. */
  RocksStore finish(RocksStore filled) {
    long number = newest().map(LiveFolder::number).orElse(0L) + 1;
    Path whole = root.resolve(Long.toString(number));
    filled.close();
    try {
      Files.move(filled.folder(), whole, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw MillraceException.world("Cannot make %s: %s".formatted(whole, e.getMessage()), e);
    }
    return RocksStore.open(whole);
  }

  private Optional<Path> newest() {
    return children().stream()
        .filter(it -> it.getFileName().toString().matches("[0-9]{1,18}"))
        .max(Comparator.comparingLong(LiveFolder::number));
  }

  private static long number(Path folder) {
    return Long.parseLong(folder.getFileName().toString());
  }

  private List<Path> children() {
    return children(root);
  }

  static List<Path> children(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children.toList();
    } catch (IOException e) {
      throw MillraceException.world("Cannot read %s: %s".formatted(folder, e.getMessage()), e);
    }
  }

  /** With all that is in it; if it is there. */
  static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw MillraceException.world("Cannot delete %s: %s".formatted(folder, e.getMessage()), e);
    }
  }
}
