package io.millrace.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The working copy that the tests run in. Its files are those git knows or would add, so that build
 * output never counts.
 */
public record Repository(Path root) {

  public Repository {
    root = root.toAbsolutePath().normalize();
  }

  /** The working copy around the current directory, which is a module's in a build. */
  public static Repository here() {
    Path start = Path.of("").toAbsolutePath();
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve(".mvn"))) {
        return new Repository(folder);
      }
    }
    throw new IllegalStateException("Cannot find the repository: no .mvn folder above " + start);
  }

  /** The files, relative to the root, in order. */
  public List<Path> files() {
    // The owner of a checkout is often not the user who tests it; git would refuse to list it.
    ProcessBuilder git =
        new ProcessBuilder(
            "git",
            "-c",
            "safe.directory=*",
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard");
    git.directory(root.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
    try {
      Process process = git.start();
      String names = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException("Cannot list the files of " + root + ": git refused");
      }
      return names
          .lines()
          .flatMap(line -> List.of(line.split("\0")).stream())
          .filter(name -> !name.isEmpty())
          .map(Path::of)
          .filter(file -> Files.isRegularFile(root.resolve(file)))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot list the files of " + root + ": interrupted", e);
    }
  }

  /** The files whose names end in one of these. */
  public List<TextFile> texts(String... suffixes) {
    return files().stream()
        .filter(file -> Stream.of(suffixes).anyMatch(file.toString()::endsWith))
        .map(this::text)
        .toList();
  }

  public TextFile text(Path file) {
    try {
      return new TextFile(file, Files.readString(root.resolve(file)));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }
}
