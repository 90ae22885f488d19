package io.millrace.boot.commands;

import io.millrace.testkit.Golden;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CommandsPageTest {

  @Test
  void pageSaysWhatHelpSays() {
    Captured captured = new Captured();
    CommandLine all =
        Millrace.commandLine(
            captured.terminal(),
            () -> {
              throw new IllegalStateException("help needs no installation");
            });
    StringBuilder page =
        new StringBuilder(
            """
            # Commands

            What `./millrace --help` and `./millrace COMMAND --help` say; this page is made of it. `./millrace test`, which
            the script does itself, runs every check and test of the repository.

            """);
    append(page, all);
    all.getSubcommands().values().forEach(it -> append(page, it));

    Golden.assertMatches(Path.of("docs/guide/commands.md"), page.toString().strip() + "\n");
  }

  private static void append(StringBuilder page, CommandLine command) {
    page.append("## ").append(command.getCommandSpec().qualifiedName()).append("\n\n```text\n");
    command
        .getUsageMessage(CommandLine.Help.Ansi.OFF)
        .lines()
        .forEach(line -> page.append(line.stripTrailing()).append('\n'));
    page.append("```\n\n");
  }
}
