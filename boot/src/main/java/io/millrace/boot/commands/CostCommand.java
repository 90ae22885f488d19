package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.boot.processes.Installation;
import io.millrace.core.ByteSize;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace cost}: what each stream, model and query took, and what that costs. */
@Command(
    name = "cost",
    mixinStandardHelpOptions = true,
    description = {
      "Say what each stream, model and query took: events, bytes, processor time, storage, and money at list prices for a month like this.",
      "Prices are dated and from a list; a project says its own in prices.yaml."
    },
    footer = {"", "Examples:", "  millrace cost", "  millrace cost --hours 168 --json"})
final class CostCommand implements Callable<Integer> {

  private static final int QUERIES_SHOWN = 10;
  private static final int NAME = 44;

  private final Terminal terminal;
  private final Supplier<Installation> installation;

  @Option(
      names = "--hours",
      paramLabel = "N",
      defaultValue = "24",
      description = "How far back (default ${DEFAULT-VALUE}, at most 1440).")
  private int hours;

  @Option(names = "--json", description = "Print all of it as JSON.")
  private boolean json;

  @Mixin private Where where;

  CostCommand(Terminal terminal, Supplier<Installation> installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() {
    JsonNode cost = where.server(installation).get("/api/cost?hours=" + hours);
    if (json) {
      say(cost.toPrettyString());
      return Exit.OK.code();
    }
    JsonNode prices = cost.get("prices");
    say(
        "Since %s, %.1f hours. A month of hours like these, in %s of %s:"
            .formatted(
                cost.get("since").asText(),
                cost.get("hours").asDouble(),
                prices.get("currency").asText(),
                prices.get("dated").asText()));
    table(cost);
    if (!cost.get("reference").isNull()) {
      say("");
      say("10 TB a day of such events, on a cluster:");
      SizeCommand.table(terminal, cost.get("reference"));
    }
    say("");
    say("Prices: " + prices.get("source").asText());
    return Exit.OK.code();
  }

  private void table(JsonNode cost) {
    say(
        terminal.bold(
            "%-7s %-44s %14s %11s %11s %11s %10s"
                .formatted("", "", "times", "bytes in", "CPU s", "stored", "month")));
    int queries = 0;
    for (JsonNode line : cost.get("lines")) {
      boolean query = line.get("kind").asText().equals("query");
      queries += query ? 1 : 0;
      if (!query || queries <= QUERIES_SHOWN) {
        say(line(line));
      }
    }
    if (queries > QUERIES_SHOWN) {
      say("        and %d more queries, which --json has".formatted(queries - QUERIES_SHOWN));
    }
    say(
        "%-7s %-44s %14s %11s %11.1f %11s %10.2f"
            .formatted(
                "all",
                "",
                "",
                "",
                cost.get("cpu_seconds").asDouble(),
                new ByteSize(cost.get("stored_bytes").asLong()).rounded(),
                cost.get("month").asDouble()));
  }

  private static String line(JsonNode line) {
    return "%-7s %-44s %14s %11s %11.1f %11s %10.2f"
        .formatted(
            line.get("kind").asText(),
            shortened(line.get("name").asText()),
            count(line.get("times").asLong()),
            bytes(line.get("bytes_in").asLong()),
            line.get("cpu_seconds").asDouble(),
            bytes(line.get("stored_bytes").asLong()),
            line.get("month").asDouble());
  }

  private static String shortened(String name) {
    return name.length() <= NAME ? name : name.substring(0, NAME - 3) + "...";
  }

  private static String count(long number) {
    return number == 0 ? "" : "%,d".formatted(number);
  }

  private static String bytes(long bytes) {
    return bytes == 0 ? "" : new ByteSize(bytes).rounded();
  }

  private void say(String line) {
    terminal.out().println(line);
  }
}
