package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.boot.processes.Installation;
import io.millrace.core.MillraceException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code millrace replay}: sends rejected events through the present contract, or rebuilds tables.
 */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Send the rejected events of a stream through its contract as it is now, each once; or rebuild its tables from its topic and, where Kafka has dropped events, from what tables have of them.",
      "With --rejected, those it accepts go to the stream; those it rejects stay in quarantine. Interrupted and run again, it goes on.",
      "With --from, what differs from the tables is shown; --swap puts it in their place. Exits with 1 if something differs and was not swapped."
    },
    footer = {
      "",
      "Examples:",
      "  millrace replay clicks --rejected --plan",
      "  millrace replay clicks --rejected",
      "  millrace replay clicks --rejected --where \"field = 'price' AND received >= '2026-01-31'\"",
      "  millrace replay clicks --from 2026-01-31 --plan",
      "  millrace replay clicks --from 2026-01-31T12:00:00Z --swap"
    })
final class ReplayCommand implements Callable<Integer> {

  private static final long SAID_EVERY_NANOS = 2_000_000_000L;

  private final Terminal terminal;
  private final Supplier<Installation> installation;

  @Parameters(index = "0", paramLabel = "STREAM", description = "Whose events.")
  private String stream;

  @Option(names = "--rejected", description = "The events of quarantine.STREAM_rejected.")
  private boolean rejected;

  @Option(
      names = "--where",
      paramLabel = "SQL",
      description = "Only those for which this is true, over the columns of that table.")
  private Optional<String> where = Optional.empty();

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description =
          "Rebuild what Kafka took from then on: 2026-01-31, or 2026-01-31T12:00:00Z. It goes by whole commits.")
  private Optional<String> from = Optional.empty();

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "And before then. Default: all that is in tables now.")
  private Optional<String> to = Optional.empty();

  @Option(
      names = "--source",
      paramLabel = "SOURCE",
      description =
          "Read all of it from 'topic', or from 'bronze', which are the stream's tables. Default: the topic as far as it goes back, and bronze before.")
  private Optional<String> source = Optional.empty();

  @Option(
      names = "--swap",
      description = "Put what was rebuilt in the place of what differs from it.")
  private boolean swap;

  @Option(
      names = "--plan",
      description =
          "Print what the contract says of each now, or what would be rebuilt, and do nothing.")
  private boolean plan;

  @Mixin private Where project;

  private long said = System.nanoTime();

  ReplayCommand(Terminal terminal, Supplier<Installation> installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() {
    requireOneKind();
    Server server = project.server(installation);
    if (from.isPresent()) {
      return new RebuildReport(terminal, stream).print(server, rebuild()).code();
    }
    ObjectNode body = Server.JSON.createObjectNode().put("plan", plan);
    where.ifPresent(it -> body.put("where", it));
    JsonNode answer = Server.JSON.createObjectNode();
    // How many there are in all, nobody knows: they are read while others are sent.
    try (Server.Lines lines = server.post("/api/streams/" + stream + "/replay", body)) {
      while (lines.hasNext()) {
        answer = lines.next();
        if (!answer.get("complete").asBoolean()) {
          say(accepted(answer));
        }
      }
    }
    if (!answer.path("complete").asBoolean()) {
      throw MillraceException.unknown(
          "Cannot say whether all events were sent: the server ended the answer early; replay again, none is sent twice",
          null);
    }
    print(answer);
    return Exit.OK.code();
  }

  private void requireOneKind() {
    if (rejected == from.isPresent()) {
      throw MillraceException.caller(
          "Cannot replay '%s': say which of its events, with either --rejected or --from"
              .formatted(stream));
    }
    if (rejected
        ? to.isPresent() || source.isPresent() || swap
        : where.isPresent() || (plan && swap)) {
      throw MillraceException.caller(
          "Cannot replay '%s': --where goes with --rejected, --to, --source and --swap go with --from, and --plan swaps nothing"
              .formatted(stream));
    }
  }

  private ObjectNode rebuild() {
    ObjectNode body = Server.JSON.createObjectNode().put("plan", plan).put("swap", swap);
    from.ifPresent(it -> body.put("from", it));
    to.ifPresent(it -> body.put("to", it));
    source.ifPresent(it -> body.put("source", it));
    return body;
  }

  private void say(long sent) {
    long now = System.nanoTime();
    if (now - said >= SAID_EVERY_NANOS) {
      said = now;
      terminal.say("%s: %,d events sent".formatted(stream, sent));
    }
  }

  private static long accepted(JsonNode answer) {
    long accepted = 0;
    for (JsonNode it : answer.get("events")) {
      accepted += it.get("now").asText().equals("accepted") ? it.get("events").asLong() : 0;
    }
    return accepted;
  }

  private void print(JsonNode answer) {
    TextTable table = TextTable.of("rejected for", "the contract says now", "#events");
    for (JsonNode it : answer.get("events")) {
      String now = it.get("now").asText();
      table.row(
          it.get("reason").asText(),
          switch (now) {
            case "accepted" -> "accepted";
            case "replayed" -> "sent before";
            default -> "rejected: " + now;
          },
          it.get("events").asLong());
    }
    if (table.isEmpty()) {
      terminal.out().println("No rejected events");
      return;
    }
    table.lines().forEach(terminal.out()::println);
    terminal
        .out()
        .println(
            (plan ? "Would send %,d events to %s" : "Sent %,d events to %s")
                .formatted(accepted(answer), stream));
  }
}
