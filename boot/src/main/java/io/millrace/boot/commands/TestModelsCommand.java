package io.millrace.boot.commands;

import io.millrace.core.MillraceException;
import io.millrace.engine.Limits;
import io.millrace.engine.Workshop;
import io.millrace.models.UnitTestResult;
import io.millrace.models.UnitTests;
import io.millrace.project.Project;
import io.millrace.project.Selection;
import io.millrace.project.UnitTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace test-models}: runs the unit tests of a project's models, without any data. */
@Command(
    name = "test-models",
    mixinStandardHelpOptions = true,
    description = {
      "Run the unit tests of models: given rows in, expected rows out.",
      "Nothing has to be running. Exits with 1 if a test fails."
    },
    footer = {
      "",
      "Examples:",
      "  millrace test-models",
      "  millrace test-models my-shop --select gold.daily_sales"
    })
final class TestModelsCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PROJECT",
      description = "The project directory. Default: the current directory.")
  private Optional<Path> directory = Optional.empty();

  @Option(
      names = "--select",
      paramLabel = "MODELS",
      description = "Test these models, in dbt's syntax. Default: all.")
  private Optional<String> select = Optional.empty();

  TestModelsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Project project = Running.read(Where.projectIn(directory));
    List<UnitTest> tests = chosen(project);
    Path temporary = Files.createTempDirectory("millrace-test-models");
    try (Workshop workshop =
        new Workshop(project.models(), Limits.ofBuilds(project.settings()), temporary)) {
      UnitTests runner = new UnitTests(project, workshop);
      long failed = tests.stream().filter(test -> !passes(test, runner)).count();
      terminal.out().printf("%d passed, %d failed%n", tests.size() - failed, failed);
      return (failed == 0 ? Exit.OK : Exit.NO).code();
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private List<UnitTest> chosen(Project project) {
    return select
        .map(text -> Selection.parse(text).among(project))
        .map(
            models ->
                project.unitTests().stream().filter(it -> models.contains(it.model())).toList())
        .orElseGet(project::unitTests);
  }

  private boolean passes(UnitTest test, UnitTests runner) {
    try {
      UnitTestResult result = runner.run(test);
      terminal.out().println(result.passed() ? result.describe() : terminal.bad(result.describe()));
      return result.passed();
    } catch (MillraceException e) {
      terminal.out().println(terminal.bad(e.getMessage()));
      return false;
    }
  }
}
