package io.millrace.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A small file that is replaced in one step: a reader sees the old text or the new one whole. */
public final class WholeFile {

  private WholeFile() {}

  public static void replace(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Path written = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
      Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw MillraceException.world("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
