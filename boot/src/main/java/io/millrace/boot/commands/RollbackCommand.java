package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.boot.processes.Installation;
import io.millrace.core.MillraceException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code millrace rollback}: back to an earlier release. */
@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    description = {
      "Have readers see an earlier release again, all of its tables at once.",
      "Its models are then held: they are not built by themselves until millrace run names them."
    },
    footer = {
      "",
      "Examples:",
      "  millrace rollback                  to the release before the newest",
      "  millrace rollback 12",
      "  millrace run --select gold.daily_sales    builds it again, and lets it go"
    })
final class RollbackCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Supplier<Installation> installation;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "RELEASE",
      description = "The number of the release, as millrace releases lists it.")
  private Optional<Long> release = Optional.empty();

  @Mixin private Where where;

  RollbackCommand(Terminal terminal, Supplier<Installation> installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() {
    Server server = where.server(installation);
    long wanted = release.orElseGet(() -> beforeNewest(server.get("/api/releases")));
    JsonNode now =
        server.ask("/api/releases/" + wanted + "/rollback", Server.JSON.createObjectNode());
    terminal
        .out()
        .println(
            "Readers see release %d now, which is release %d again (tables that changed: %d)"
                .formatted(now.get("id").asLong(), wanted, now.get("changed").size()));
    terminal.say("Its models are held: build them again with millrace run --select");
    return Exit.OK.code();
  }

  private static long beforeNewest(JsonNode releases) {
    if (releases.size() < 2) {
      throw MillraceException.caller("Cannot roll back: there is no release before the newest one");
    }
    return releases.get(1).get("id").asLong();
  }
}
