package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.boot.processes.Installation;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace live}: the newest row of a key. */
@Command(
    name = "live",
    mixinStandardHelpOptions = true,
    description = {
      "Show the newest row of a key, of a stream whose contract names the field to look by with 'live'.",
      "The key is written as tables have it: of personal data, the pseudonym."
    },
    footer = {
      "",
      "Examples:",
      "  millrace live orders order-4711",
      "  millrace live orders order-4711 --json"
    })
final class LiveCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Supplier<Installation> installation;

  @Parameters(index = "0", paramLabel = "STREAM", description = "The stream.")
  private String stream;

  @Parameters(index = "1", paramLabel = "KEY", description = "The value to look for.")
  private String key;

  @Option(names = "--json", description = "Print the answer of the API, with the row's version.")
  private boolean json;

  @Mixin private Where where;

  LiveCommand(Terminal terminal, Supplier<Installation> installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() {
    JsonNode answer =
        where
            .server(installation)
            .get("/v1/live/%s?key=%s".formatted(Server.encoded(stream), Server.encoded(key)));
    if (json) {
      terminal.out().println(answer.toPrettyString());
      return Exit.OK.code();
    }
    answer
        .get("row")
        .properties()
        .forEach(
            column ->
                terminal
                    .out()
                    .println("%s: %s".formatted(column.getKey(), text(column.getValue()))));
    return Exit.OK.code();
  }

  private static String text(JsonNode value) {
    return value.isTextual() ? value.textValue() : value.toString();
  }
}
