package io.millrace.boot.commands;

import io.millrace.boot.processes.Acceptance;
import io.millrace.boot.processes.ApplyRequests;
import io.millrace.core.DataDirectory;
import io.millrace.core.Endpoints;
import io.millrace.project.Project;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace apply}: a running project takes its files as they are now. */
@Command(
    name = "apply",
    mixinStandardHelpOptions = true,
    description = {
      "Let a running project go by its files as they are now: contracts, models and settings.",
      "Contracts that cannot follow the accepted ones are refused, and nothing changes. The stream and the server start again, which takes seconds; the broker runs on, nothing is lost and nothing is twice."
    },
    footer = {"", "Examples:", "  millrace apply --plan", "  millrace apply my-shop"})
final class ApplyCommand implements Callable<Integer> {

  private final Terminal terminal;

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

  @Option(names = "--plan", description = "Print what would be done, and do nothing.")
  private boolean plan;

  ApplyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    Project read = Running.read(Where.projectIn(project));
    DataDirectory directory =
        data.map(DataDirectory::new).orElseGet(() -> DataDirectory.of(read.directory()));
    Acceptance acceptance = Acceptance.of(read, directory);
    boolean runs = Endpoints.find(directory.endpoints()).isPresent();
    if (plan) {
      acceptance.lines().forEach(terminal.out()::println);
      acceptance.tables().forEach(terminal.out()::println);
      terminal
          .out()
          .println(
              runs
                  ? "The stream and the server start again"
                  : "Nothing runs that would start again");
    } else if (runs) {
      ApplyRequests.ask(directory).forEach(terminal.out()::println);
      Running.awaitReady(Server.of(directory));
      terminal.out().println("Everything runs as the files are now");
    } else {
      acceptance.acceptAlone();
      acceptance.lines().forEach(terminal.out()::println);
      terminal.out().println("Nothing runs; millrace up will go by them");
    }
    return Exit.OK.code();
  }
}
