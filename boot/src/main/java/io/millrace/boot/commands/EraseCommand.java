package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.boot.processes.Installation;
import io.millrace.core.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace erase}: takes people out of everything. */
@Command(
    name = "erase",
    mixinStandardHelpOptions = true,
    description = {
      "Take people out of streams, quarantine, the lake and its history, and prove that they are gone.",
      "A person is known by a value of a field with 'pii: pseudonym' or 'pii: clear', as events have it. It cannot be undone. Interrupted and run again, it goes on."
    },
    footer = {
      "",
      "Examples:",
      "  millrace erase user-4711 --plan",
      "  millrace erase user-4711 visitor-17",
      "  millrace erase --file leaving.txt"
    })
final class EraseCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Supplier<Installation> installation;

  @Parameters(
      index = "0..*",
      paramLabel = "PERSON",
      description = "A value by which a person is known.")
  private List<String> people = new ArrayList<>();

  @Option(names = "--file", paramLabel = "FILE", description = "More of them, one on each line.")
  private Optional<Path> file = Optional.empty();

  @Option(names = "--plan", description = "Count the rows that would go, and take none out.")
  private boolean plan;

  @Option(names = "--json", description = "Print the certificate as JSON.")
  private boolean json;

  @Mixin private Where project;

  EraseCommand(Terminal terminal, Supplier<Installation> installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() {
    Server server = Server.of(project.data(installation));
    ObjectNode body = Server.JSON.createObjectNode().put("plan", plan);
    ArrayNode named = body.putArray("people");
    all().forEach(named::add);
    JsonNode answer = Server.JSON.createObjectNode();
    try (Server.Lines lines = server.post("/api/erasures", body)) {
      while (lines.hasNext()) {
        answer = lines.next();
        if (answer.path("progress").isTextual()) {
          terminal.say(answer.get("progress").asText());
        }
      }
    }
    if (plan) {
      printRows(answer.get("plan"));
      return Exit.OK.code();
    }
    return print(answer.path("done"));
  }

  private Set<String> all() {
    Set<String> all = new LinkedHashSet<>(people);
    try {
      if (file.isPresent()) {
        Files.readAllLines(file.get()).stream()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .forEach(all::add);
      }
    } catch (IOException e) {
      throw MillraceException.caller(
          "Cannot read %s: %s".formatted(file.orElseThrow(), e.getMessage()), e);
    }
    return all;
  }

  private int print(JsonNode certificate) {
    if (!certificate.isObject()) {
      throw MillraceException.unknown(
          "Cannot say whether all is done: the server ended the answer early; run it again, it goes on",
          null);
    }
    boolean complete = certificate.get("left").isEmpty();
    if (json) {
      terminal.out().println(certificate.toPrettyString());
      return complete ? Exit.OK.code() : Exit.NO.code();
    }
    printRows(certificate.get("streams"));
    certificate.get("left").forEach(it -> terminal.out().println(terminal.bad(it.asText())));
    terminal
        .out()
        .println(
            complete
                ? terminal.good(
                    "Erased: no table, no snapshot and no topic has %s any longer (erasure %d, %s)"
                        .formatted(
                            certificate.get("people").asInt() == 1 ? "this person" : "these people",
                            certificate.get("erasure").asLong(),
                            certificate.get("ended").asText()))
                : terminal.bad(
                    "Not all is done: see to what is left, and run the same command again"));
    return complete ? Exit.OK.code() : Exit.NO.code();
  }

  private void printRows(JsonNode parts) {
    TextTable table = TextTable.of("table", plan ? "#rows that would go" : "#rows taken out");
    parts.forEach(it -> table.row(it.get("table").asText(), it.get("rows").asLong()));
    table.lines().forEach(terminal.out()::println);
  }
}
