package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.boot.processes.Installation;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code millrace skew}: the values of a column that have far more rows than the others. */
@Command(
    name = "skew",
    mixinStandardHelpOptions = true,
    description = {
      "Name the values of a column that have the most rows, what that costs work shared by it, and what to do.",
      "Counted by a sketch in bounded memory: a count may be off by as many rows as it says."
    },
    footer = {
      "",
      "Examples:",
      "  millrace skew bronze.clicks visitor_id",
      "  millrace skew bronze.clicks item.product_id"
    })
final class SkewCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Supplier<Installation> installation;

  @Parameters(index = "0", paramLabel = "TABLE", description = "Such as bronze.clicks.")
  private String table;

  @Parameters(
      index = "1",
      paramLabel = "COLUMN",
      description = "One that work is shared by: a key of joins or of groups.")
  private String column;

  @Mixin private Where where;

  SkewCommand(Terminal terminal, Supplier<Installation> installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() {
    JsonNode skew =
        where
            .server(installation)
            .get(
                "/api/skew?table=%s&column=%s"
                    .formatted(Server.encoded(table), Server.encoded(column)));
    say(
        "%s by %s: %,d rows of about %,d values; a count is off by at most %,d"
            .formatted(
                terminal.bold(table),
                column,
                skew.get("rows").asLong(),
                skew.get("values").asLong(),
                skew.get("max_error").asLong()));
    for (JsonNode value : skew.get("heavy")) {
      say(
          "  %5.1f %%  %,12d  %s"
              .formatted(
                  100 * value.get("share").asDouble(),
                  value.get("at_least").asLong(),
                  value.get("value").isNull() ? "NULL" : value.get("value").asText()));
    }
    skew.get("advice").forEach(it -> say(it.asText()));
    if (!skew.get("skewed").asBoolean()) {
      say("No value has so many rows that the others would wait for it.");
    }
    return Exit.OK.code();
  }

  private void say(String line) {
    terminal.out().println(line);
  }
}
