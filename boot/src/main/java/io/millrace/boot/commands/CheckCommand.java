package io.millrace.boot.commands;

import io.millrace.engine.DuckDbSqlReader;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.Reading;
import io.millrace.schedule.CronTimes;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code millrace check}: reads a project and says everything that is wrong with it. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = "Read a project and list every mistake in it, each with its file and line.",
    footer = {"", "Examples:", "  millrace check", "  millrace check my-shop"})
final class CheckCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PROJECT",
      description = "The project directory. Default: the current directory.")
  private Optional<Path> project = Optional.empty();

  CheckCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Path directory = Where.projectIn(project);
    try (DuckDbSqlReader sql = new DuckDbSqlReader()) {
      Reading reading = ProjectReader.read(directory, sql);
      return reading instanceof Reading.Flawed flawed ? flawed(flawed) : sound(reading.orThrow());
    }
  }

  private int sound(Project project) {
    List<String> mistakes = CronTimes.mistakes(project);
    if (!mistakes.isEmpty()) {
      mistakes.forEach(terminal.out()::println);
      return Exit.NO.code();
    }
    terminal
        .out()
        .printf(
            "%s has no mistakes (streams: %d, models: %d)%n",
            project.name(), project.streams().size(), project.models().size());
    return Exit.OK.code();
  }

  private int flawed(Reading.Flawed flawed) {
    flawed.problems().forEach(it -> terminal.out().println(it));
    int count = flawed.problems().size();
    terminal.out().println(terminal.bad(count == 1 ? "1 mistake" : count + " mistakes"));
    return Exit.NO.code();
  }
}
