package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.boot.processes.Installation;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace size}: what a cluster has to have for a number of events. */
@Command(
    name = "size",
    mixinStandardHelpOptions = true,
    description = {
      "Say what a cluster has to have for a number of events a second, and what it costs in a month.",
      "From what events took in this project, on this machine; it says what it assumes."
    },
    footer = {
      "",
      "Examples:",
      "  millrace size --events-per-second 200000",
      "  millrace size --events-per-second 5000 --event-bytes 2000 --hours 168"
    })
final class SizeCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Supplier<Installation> installation;

  @Option(
      names = "--events-per-second",
      required = true,
      paramLabel = "N",
      description = "Of all streams together.")
  private long events;

  @Option(
      names = "--event-bytes",
      paramLabel = "N",
      description = "How large an event is; as large as those that came, if it is left out.")
  private Optional<Long> bytes = Optional.empty();

  @Option(
      names = "--hours",
      paramLabel = "N",
      defaultValue = "24",
      description = "How far back events are measured (default ${DEFAULT-VALUE}).")
  private int hours;

  @Option(names = "--json", description = "Print it as JSON.")
  private boolean json;

  @Mixin private Where where;

  SizeCommand(Terminal terminal, Supplier<Installation> installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() {
    String path =
        "/api/size?hours=%d&events_per_second=%d%s"
            .formatted(hours, events, bytes.map("&event_bytes=%d"::formatted).orElse(""));
    JsonNode size = where.server(installation).get(path);
    if (json) {
      terminal.out().println(size.toPrettyString());
    } else {
      table(terminal, size);
    }
    return Exit.OK.code();
  }

  static void table(Terminal terminal, JsonNode size) {
    terminal
        .out()
        .printf(
            "%,.0f events a second of %,.0f bytes%n",
            size.get("events_per_second").asDouble(), size.get("event_bytes").asDouble());
    terminal
        .out()
        .println(
            terminal.bold(
                "%-20s %10s %12s %14s %12s"
                    .formatted("", "vCPU", "memory GB", "storage GB", "a month")));
    for (JsonNode part : size.get("parts")) {
      terminal
          .out()
          .printf(
              "%-20s %10.0f %12.0f %14.0f %12.2f%n",
              part.get("name").asText(),
              part.get("processors").asDouble(),
              part.get("memory_gb").asDouble(),
              part.get("disk_gb").asDouble(),
              part.get("month").asDouble());
    }
    terminal.out().printf("%-20s %52.2f%n", "all", size.get("month").asDouble());
    size.get("assumes").forEach(it -> terminal.out().println("  - " + it.asText()));
  }
}
