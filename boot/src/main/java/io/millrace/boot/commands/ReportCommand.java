package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.boot.processes.Installation;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace report}: a report of a running project, to be kept or sent. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = {
      "Print a report of a running project as a page of HTML that needs no other file, or the rows of one of its tiles as CSV.",
      "Without a name: list the reports."
    },
    footer = {
      "",
      "Examples:",
      "  millrace report",
      "  millrace report daily > daily.html",
      "  millrace report daily --tile 2 > sales.csv"
    })
final class ReportCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Supplier<Installation> installation;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "A file reports/NAME.yaml of the project.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--tile",
      paramLabel = "N",
      description = "All rows of this tile, counted from 1, as CSV.")
  private Optional<Integer> tile = Optional.empty();

  @Mixin private Where where;

  ReportCommand(Terminal terminal, Supplier<Installation> installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() {
    Server server = where.server(installation);
    if (name.isPresent()) {
      String report = "/api/reports/" + Server.encoded(name.get());
      server.copy(report + tile.map(number -> "/tiles/" + number).orElse("/page"), terminal.out());
    } else {
      list(server.get("/api/reports"));
    }
    return Exit.OK.code();
  }

  private void list(JsonNode reports) {
    if (reports.isEmpty()) {
      terminal.say("This project has no reports: they are files reports/NAME.yaml");
      return;
    }
    TextTable table = TextTable.of("report", "title");
    reports.forEach(it -> table.row(it.get("name").asText(), it.get("title").asText()));
    table.lines().forEach(terminal.out()::println);
  }
}
