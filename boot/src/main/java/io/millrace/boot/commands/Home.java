package io.millrace.boot.commands;

import io.millrace.core.DataDirectory;
import io.millrace.project.Project;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The project a command is given, and where its data is, for commands that need nothing running.
 */
final class Home {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PROJECT",
      description = "The project directory. Default: the current directory.")
  private Optional<Path> project = Optional.empty();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data directory. Default: .millrace in the project directory.")
  private Optional<Path> data = Optional.empty();

  Path project() {
    return Where.projectIn(project);
  }

  DataDirectory data(Project read) {
    return data.map(DataDirectory::new).orElseGet(() -> DataDirectory.of(read.directory()));
  }
}
