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

/** {@code millrace diff}: how models differ between two states of the lake. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = {
      "Compare the tables of models in two states of the lake: rows added, removed and changed, and the sums of numbers.",
      "A state is the number of a release, a time, a branch such as failed_12, or now. Exits with 1 if they differ."
    },
    footer = {
      "",
      "Examples:",
      "  millrace diff 11 12",
      "  millrace diff 2026-01-31T12:00:00Z now --table gold.daily_sales",
      "  millrace diff now failed_12"
    })
final class DiffCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Supplier<Installation> installation;

  @Parameters(index = "0", paramLabel = "A", description = "The state to compare with.")
  private String a;

  @Parameters(index = "1", paramLabel = "B", description = "The state that is compared.")
  private String b;

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      description = "Compare one table. Default: all that have another snapshot.")
  private Optional<String> table = Optional.empty();

  @Mixin private Where where;

  DiffCommand(Terminal terminal, Supplier<Installation> installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() {
    Server server = where.server(installation);
    JsonNode answer =
        server.get(
            "/api/diff?a=%s&b=%s%s"
                .formatted(
                    Server.encoded(a),
                    Server.encoded(b),
                    table.map(it -> "&table=" + Server.encoded(it)).orElse("")));
    answer.get("differences").forEach(this::print);
    answer.get("only_a").forEach(it -> say(it.asText() + " is in " + a + " alone"));
    answer.get("only_b").forEach(it -> say(it.asText() + " is in " + b + " alone"));
    say("The same in both: %,d tables".formatted(answer.get("same").asLong()));
    boolean same =
        answer.get("differences").isEmpty()
            && answer.get("only_a").isEmpty()
            && answer.get("only_b").isEmpty();
    return (same ? Exit.OK : Exit.NO).code();
  }

  private void say(String line) {
    terminal.out().println(line);
  }

  private void print(JsonNode difference) {
    say(
        "%s: %,d added, %,d removed, %,d changed"
            .formatted(
                terminal.bold(difference.get("table").asText()),
                difference.get("added").asLong(),
                difference.get("removed").asLong(),
                difference.get("changed").asLong()));
    for (JsonNode sum : difference.get("sums")) {
      if (!sum.get("a").equals(sum.get("b"))) {
        say(
            "  sum of %s: %s, then %s"
                .formatted(
                    sum.get("column").asText(), sum.get("a").asText(), sum.get("b").asText()));
      }
    }
    for (String what : new String[] {"added", "removed", "changed"}) {
      for (JsonNode example : difference.get(what + "_examples")) {
        say("  %s: %s".formatted(what, example.asText()));
      }
    }
  }
}
