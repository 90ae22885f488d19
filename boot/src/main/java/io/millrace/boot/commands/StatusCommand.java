package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.boot.processes.Installation;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code millrace status}: what a running project is doing. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Show the processes, streams, tables and models of a running project.",
    footer = {"", "Examples:", "  millrace status", "  millrace status --project my-shop"})
final class StatusCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Supplier<Installation> installation;

  @Mixin private Where where;

  StatusCommand(Terminal terminal, Supplier<Installation> installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() {
    Server server = where.server(installation);
    JsonNode status = server.get("/api/status");
    boolean ready = status.get("ready").asBoolean();
    terminal
        .out()
        .printf(
            "%s at %s: %s%n",
            terminal.bold(status.get("project").asText()),
            server.uri(),
            ready ? terminal.good("ready") : terminal.bad("not ready"));
    status.path("waiting_for").forEach(it -> terminal.out().println("  " + it.asText()));
    for (JsonNode incident : status.get("incidents")) {
      terminal.out().println(IncidentsCommand.sentence(incident));
    }
    print(processes(status.get("processes")));
    print(streams(status.get("streams")));
    print(tables(status.get("tables")));
    print(models(status.get("models")));
    sayWhatIsBuilt(status);
    return Exit.OK.code();
  }

  private void print(TextTable table) {
    if (!table.isEmpty()) {
      terminal.out().println();
      table.lines().forEach(terminal.out()::println);
    }
  }

  private static TextTable models(JsonNode models) {
    TextTable table = TextTable.of("model", "state", "#due", "#failed", "held");
    for (JsonNode it : models) {
      table.row(
          it.get("name").asText(),
          it.get("state").asText(),
          it.get("due").asLong(),
          it.get("failed").asLong(),
          it.get("held").isNull() ? "" : it.get("held").asText());
    }
    return table;
  }

  private void sayWhatIsBuilt(JsonNode status) {
    JsonNode release = status.get("release");
    if (!release.isNull()) {
      terminal
          .out()
          .printf(
              "%nReaders see release %d of %s%n",
              release.get("id").asLong(), release.get("at").asText());
    }
    for (JsonNode it : status.get("running")) {
      terminal
          .out()
          .printf(
              "Running: %s %d, %s%n",
              it.get("kind").asText(), it.get("id").asLong(), it.get("what").asText());
    }
  }

  private static TextTable processes(JsonNode processes) {
    TextTable table = TextTable.of("process", "state", "#pid", "#restarts", "since");
    for (JsonNode it : processes) {
      table.row(
          it.get("name").asText(),
          it.get("state").asText(),
          it.get("pid").asText(),
          it.get("restarts").asLong(),
          it.get("since").asText());
    }
    return table;
  }

  private static TextTable streams(JsonNode streams) {
    TextTable table =
        TextTable.of("stream", "#accepted", "#rejected", "#repeated", "#late", "#events/s");
    for (JsonNode it : streams) {
      table.row(
          it.get("name").asText(),
          it.get("accepted").asLong(),
          it.get("rejected").asLong(),
          it.get("repeated").asLong(),
          it.get("late").asLong(),
          "%,.0f".formatted(it.get("events_per_second").asDouble()));
    }
    return table;
  }

  static TextTable tables(JsonNode tables) {
    TextTable table = TextTable.of("table", "#rows", "#files", "committed");
    for (JsonNode it : tables) {
      table.row(
          it.get("name").asText(),
          it.get("rows").asLong(),
          it.get("files").asLong(),
          it.path("committed_at").asText("").replace("null", ""));
    }
    return table;
  }
}
