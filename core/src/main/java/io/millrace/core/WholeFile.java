package io.millrace.core;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;

/** A small file that is replaced in one step: a reader sees the old text or the new one whole. */
public final class WholeFile {

  private WholeFile() {}

  public static void replace(Path file, String text) {
    try {
      OwnerOnly.createFolders(file.getParent());
      Path written = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
      Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw MillraceException.world("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * What a file of properties says, if it is there.
   *
   * @throws MillraceException if it cannot be read, or a number in it is none
   */
  public static <T> Optional<T> find(Path file, Function<Properties, T> meaning) {
    Properties values = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      values.load(reader);
      return Optional.of(meaning.apply(values));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      throw MillraceException.world("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
