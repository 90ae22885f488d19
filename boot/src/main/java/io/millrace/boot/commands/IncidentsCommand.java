package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.boot.processes.Installation;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace incidents}: what has gone wrong, and what was done about it. */
@Command(
    name = "incidents",
    mixinStandardHelpOptions = true,
    description = {
      "List what has gone wrong: since when, why, how many rows it affects, and what was done.",
      "A stream of which too much is rejected is kept from models until its incident is acknowledged.",
      "Exits with 1 while one is going on that nobody has acknowledged."
    },
    footer = {
      "",
      "Examples:",
      "  millrace incidents",
      "  millrace incidents --all",
      "  millrace incidents --acknowledge 3"
    })
final class IncidentsCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Supplier<Installation> installation;

  @Option(names = "--all", description = "Those that are over, too.")
  private boolean all;

  @Option(
      names = "--acknowledge",
      paramLabel = "ID",
      description = "Say that you know of it; what it holds back goes on.")
  private Optional<Long> acknowledge = Optional.empty();

  @Mixin private Where where;

  IncidentsCommand(Terminal terminal, Supplier<Installation> installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() {
    Server server = where.server(installation);
    if (acknowledge.isPresent()) {
      JsonNode incident =
          server.ask(
              "/api/incidents/%d/acknowledge".formatted(acknowledge.get()),
              Server.JSON.createObjectNode());
      terminal.out().println(sentence(incident));
      return Exit.OK.code();
    }
    boolean open = false;
    int shown = 0;
    for (JsonNode incident : server.get("/api/incidents")) {
      boolean over = !incident.get("ended").isNull();
      open |= !over && incident.get("acknowledged").isNull();
      if (all || !over) {
        terminal.out().println(sentence(incident));
        shown++;
      }
    }
    if (shown == 0) {
      terminal.out().println(all ? "Nothing has gone wrong" : "Nothing is wrong");
    }
    return (open ? Exit.NO : Exit.OK).code();
  }

  /** One incident on a few lines; {@code status} shows the same. */
  static String sentence(JsonNode incident) {
    String rows =
        incident.get("rows").asLong() == 0
            ? ""
            : " (%,d rows)".formatted(incident.get("rows").asLong());
    return "%d  %s: %s%s%n   from %s, since %s%s%n   %s"
        .formatted(
            incident.get("id").asLong(),
            incident.get("asset").asText(),
            incident.get("cause").asText(),
            rows,
            incident.get("upstream").asText(),
            incident.get("since").asText(),
            state(incident),
            incident.get("done").asText());
  }

  private static String state(JsonNode incident) {
    if (!incident.get("ended").isNull()) {
      return ", over since " + incident.get("ended").asText();
    }
    return incident.get("acknowledged").isNull()
        ? ""
        : ", acknowledged at " + incident.get("acknowledged").asText();
  }
}
