package io.millrace.boot.commands;

import io.millrace.boot.processes.Acceptance;
import io.millrace.boot.processes.ApplyRequests;
import io.millrace.core.DataDirectory;
import io.millrace.core.Endpoints;
import io.millrace.project.Flink;
import io.millrace.project.Project;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

  @Mixin private Home home;

  @Option(names = "--plan", description = "Print what would be done, and do nothing.")
  private boolean plan;

  ApplyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    Project read = Running.read(home.project());
    DataDirectory directory = home.data(read);
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
      if (read.settings().flink() == Flink.EMBEDDED) {
        Running.awaitReady(Server.of(directory));
      }
      terminal.out().println("Everything runs as the files are now");
    } else {
      acceptance.acceptAlone();
      acceptance.lines().forEach(terminal.out()::println);
      terminal.out().println("Nothing runs; millrace up will go by them");
    }
    return Exit.OK.code();
  }
}
