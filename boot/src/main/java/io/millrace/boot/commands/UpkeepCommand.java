package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.boot.processes.Installation;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace upkeep}: keeps the lake small and quick, now. */
@Command(
    name = "upkeep",
    mixinStandardHelpOptions = true,
    description = {
      "Make few files of many, drop what nobody can ask for any longer, and print what was done.",
      "A running project does this by itself; this does what is left at once."
    },
    footer = {"", "Examples:", "  millrace upkeep --plan", "  millrace upkeep"})
final class UpkeepCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Supplier<Installation> installation;

  @Option(names = "--plan", description = "Print what would be done and why, and do nothing.")
  private boolean plan;

  @Mixin private Where where;

  UpkeepCommand(Terminal terminal, Supplier<Installation> installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() throws InterruptedException {
    Server server = where.server(installation);
    if (plan) {
      JsonNode steps = server.get("/api/upkeep").get("plan");
      for (JsonNode it : steps) {
        terminal
            .out()
            .println(
                "%s: %s (%s)"
                    .formatted(
                        it.get("table").asText(),
                        it.get("what").asText(),
                        it.get("reason").asText()));
      }
      if (steps.isEmpty()) {
        terminal.out().println("Nothing to do");
      }
      return Exit.OK.code();
    }
    JsonNode run = server.ask("/api/upkeep", Server.JSON.createObjectNode()).get("run");
    if (run.isNull()) {
      terminal.out().println("Nothing to do");
      return Exit.OK.code();
    }
    return new RunFollower(terminal, server).awaitEnd(run.asLong()).code();
  }
}
