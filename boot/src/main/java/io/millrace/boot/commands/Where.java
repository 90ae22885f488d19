package io.millrace.boot.commands;

import io.millrace.boot.processes.Installation;
import io.millrace.boot.processes.Projects;
import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** The options that say which project is meant, for commands that speak with a running one. */
final class Where {

  @Option(
      names = "--project",
      paramLabel = "DIR",
      description =
          "The project directory. Default: the current directory if it holds a project, else the project of the demo.")
  private Optional<Path> project = Optional.empty();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data directory. Default: .millrace in the project directory.")
  private Optional<Path> data = Optional.empty();

  @Option(
      names = "--key",
      paramLabel = "KEY",
      defaultValue = "${env:MILLRACE_KEY}",
      description =
          "The key to read with, see 'millrace key'. Default: the variable MILLRACE_KEY; without it, you read as somebody of the default role.")
  private Optional<String> key = Optional.empty();

  /** The server of the project, asked with the key. */
  Server server(Supplier<Installation> installation) {
    return Server.of(data(installation), key);
  }

  Path project(Supplier<Installation> installation) {
    Path here = Path.of("").toAbsolutePath();
    return project.isEmpty() && !Projects.isProject(here)
        ? installation.get().retailPack()
        : projectIn(project);
  }

  boolean namesData() {
    return data.isPresent();
  }

  DataDirectory data(Supplier<Installation> installation) {
    return data.map(DataDirectory::new).orElseGet(() -> DataDirectory.of(project(installation)));
  }

  /** The directory named, or else the current one; it has to hold a project. */
  static Path projectIn(Optional<Path> named) {
    Path directory = named.orElse(Path.of("")).toAbsolutePath().normalize();
    if (!Projects.isProject(directory)) {
      throw MillraceException.caller(
          "Cannot find a project in '%s': it has no millrace.yaml; name a project directory"
              .formatted(directory));
    }
    return directory;
  }
}
