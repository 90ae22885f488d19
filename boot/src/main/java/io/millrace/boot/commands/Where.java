package io.millrace.boot.commands;

import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options that say which data directory is meant. */
final class Where {

  static final String PROJECT_FILE = "millrace.yaml";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data directory. Default: .millrace in the project directory.")
  private Optional<Path> data;

  DataDirectory data(Path project) {
    return data.map(DataDirectory::new).orElseGet(() -> DataDirectory.of(project));
  }

  /** The project named, or else the current directory, which then has to hold one. */
  static Path project(Optional<Path> named) {
    Path directory = named.orElse(Path.of("")).toAbsolutePath().normalize();
    if (!Files.exists(directory.resolve(PROJECT_FILE))) {
      throw MillraceException.caller(
          "Cannot find a project in '%s': it has no %s; name a project directory"
              .formatted(directory, PROJECT_FILE));
    }
    return directory;
  }
}
