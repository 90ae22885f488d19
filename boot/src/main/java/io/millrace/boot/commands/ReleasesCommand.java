package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.boot.processes.Installation;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code millrace releases}: the states of the warehouse that readers have seen. */
@Command(
    name = "releases",
    mixinStandardHelpOptions = true,
    description = {
      "List the releases of the warehouse, newest first, with the tables that changed in each.",
      "A release names one snapshot of each model's table; readers see the newest."
    },
    footer = {
      "",
      "Examples:",
      "  millrace releases",
      "  millrace query \"SELECT count(*) FROM gold.daily_sales\" --as-of 12"
    })
final class ReleasesCommand implements Callable<Integer> {

  private static final int NAMED = 4;

  private final Terminal terminal;
  private final Supplier<Installation> installation;

  @Mixin private Where where;

  ReleasesCommand(Terminal terminal, Supplier<Installation> installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() {
    JsonNode releases = where.server(installation).get("/api/releases");
    if (releases.isEmpty()) {
      terminal.say("Nothing has been released yet: models are built when their inputs bring rows");
      return Exit.OK.code();
    }
    TextTable table = TextTable.of("#release", "at", "#run", "#models", "changed", "why");
    for (JsonNode it : releases) {
      table.row(
          it.get("id").asLong(),
          it.get("at").asText(),
          it.get("run").asLong() == 0 ? "" : it.get("run").asText(),
          it.get("models").asLong(),
          names(it.get("changed")),
          it.get("why").asText());
    }
    table.lines().forEach(terminal.out()::println);
    return Exit.OK.code();
  }

  private static String names(JsonNode tables) {
    String some =
        StreamSupport.stream(tables.spliterator(), false)
            .limit(NAMED)
            .map(JsonNode::asText)
            .collect(Collectors.joining(", "));
    return tables.size() > NAMED ? some + " and %,d more".formatted(tables.size() - NAMED) : some;
  }
}
