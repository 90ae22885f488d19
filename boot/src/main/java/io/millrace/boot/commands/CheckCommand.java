package io.millrace.boot.commands;

import io.millrace.boot.processes.Projects;
import io.millrace.collect.KafkaSafety;
import io.millrace.engine.DuckDbSqlReader;
import io.millrace.lake.AcceptedContracts;
import io.millrace.project.ContractChange;
import io.millrace.project.Durability;
import io.millrace.project.Judgement;
import io.millrace.project.Lineage;
import io.millrace.project.PersonalColumns;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.Reading;
import io.millrace.project.StreamContract;
import io.millrace.schedule.CronTimes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace check}: reads a project and says everything that is wrong with it. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Read a project and list every mistake in it, each with its file and line.",
      "Contracts are judged beside those that were accepted, if the project has run, or beside those of another version of the project."
    },
    footer = {
      "",
      "Examples:",
      "  millrace check",
      "  millrace check my-shop",
      "  millrace check --against ../main/my-shop"
    })
final class CheckCommand implements Callable<Integer> {

  private static final Duration TO_ANSWER = Duration.ofSeconds(5);

  private final Terminal terminal;

  @Mixin private Home home;

  @Option(
      names = "--against",
      paramLabel = "PROJECT",
      description =
          "The directory of an older version of the project, whose contracts count as accepted.")
  private Optional<Path> against = Optional.empty();

  CheckCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Path directory = home.project();
    try (DuckDbSqlReader sql = new DuckDbSqlReader()) {
      Reading reading = Projects.read(directory, sql);
      return reading instanceof Reading.Flawed flawed
          ? flawed(flawed)
          : sound(reading.orThrow(), sql);
    }
  }

  private int sound(Project project, DuckDbSqlReader sql) {
    List<String> mistakes = new ArrayList<>(CronTimes.mistakes(project));
    List<String> warnings = new ArrayList<>(Judgement.deprecations(project, sql));
    warnings.addAll(PersonalColumns.of(project, Lineage.of(project, sql)).unsaid());
    for (ContractChange change : Judgement.of(accepted(project), project, sql)) {
      mistakes.addAll(change.refusals());
      warnings.addAll(change.warnings());
    }
    project
        .settings()
        .kafka()
        .map(it -> KafkaSafety.of(it, project, TO_ANSWER))
        .ifPresent(
            kafka -> {
              mistakes.addAll(kafka.mistakes());
              warnings.addAll(kafka.warnings());
            });
    mistakes.stream().distinct().forEach(terminal.out()::println);
    warnings.forEach(it -> terminal.out().println("warning: " + it));
    if (!mistakes.isEmpty()) {
      return Exit.NO.code();
    }
    terminal
        .out()
        .printf(
            "%s has no mistakes (streams: %d, models: %d)%n",
            project.name(), project.streams().size(), project.models().size());
    terminal.out().println(Durability.promise(project.settings()).words());
    return Exit.OK.code();
  }

  private SortedMap<String, StreamContract> accepted(Project project) {
    if (against.isPresent()) {
      return ProjectReader.load(Where.projectIn(against)).streams();
    }
    Path metadata = home.data(project).metadata();
    if (!Files.exists(metadata)) {
      return new TreeMap<>();
    }
    try (AcceptedContracts contracts = AcceptedContracts.open(metadata, InstantSource.system())) {
      return contracts.accepted();
    }
  }

  private int flawed(Reading.Flawed flawed) {
    flawed.problems().forEach(it -> terminal.out().println(it));
    int count = flawed.problems().size();
    terminal.out().println(terminal.bad(count == 1 ? "1 mistake" : count + " mistakes"));
    return Exit.NO.code();
  }
}
