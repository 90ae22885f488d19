package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The balance as the API tells it, for people. */
final class Balance {

  private Balance() {}

  static boolean holds(JsonNode proof) {
    return proof.get("holds").asBoolean();
  }

  /** How many events have been acknowledged and are not committed to a table yet. */
  static long inFlight(JsonNode proof) {
    long events = 0;
    for (JsonNode stream : proof.get("streams")) {
      events += stream.get("in_flight").asLong();
    }
    return events;
  }

  static void print(JsonNode proof, Terminal terminal) {
    printStreams(proof.get("streams"), terminal);
    if (!proof.get("balances").isEmpty()) {
      terminal.out().println();
      printBalances(proof.get("balances"), terminal);
    }
    terminal
        .out()
        .println(
            !holds(proof)
                ? terminal.bad("The balance does not hold.")
                : isBehind(proof)
                    ? "Nothing is wrong so far; what is behind cannot be told yet."
                    : terminal.good(
                        "The balance holds: nothing lost, nothing twice, nothing made up."));
  }

  private static boolean isBehind(JsonNode proof) {
    return proof.findValuesAsText("state").contains("behind");
  }

  private static void printStreams(JsonNode streams, Terminal terminal) {
    List<String> outcomes = outcomes(streams);
    List<String> columns = new ArrayList<>(List.of("stream", "#acknowledged", "#on the topic"));
    boolean loaded = has(streams, "loaded");
    if (loaded) {
      columns.add("#+ lines loaded");
    }
    for (String outcome : outcomes) {
      String sign = outcome.equals(outcomes.get(0)) ? "#= " : "#+ ";
      columns.add(sign + outcome.replace('_', ' '));
    }
    columns.add("balance");
    TextTable table = TextTable.of(columns.toArray(String[]::new));
    for (JsonNode it : streams) {
      List<Object> values = new ArrayList<>();
      values.add(it.get("stream").asText());
      values.add(it.get("acknowledged").asLong());
      values.add(it.get("topic").asLong());
      if (loaded) {
        values.add(it.get("loaded").asLong());
      }
      outcomes.forEach(outcome -> values.add(it.get(outcome).asLong()));
      values.add(it.get("holds").asBoolean() ? "holds" : "DOES NOT HOLD");
      table.row(values.toArray());
    }
    table.lines().forEach(terminal.out()::println);
    for (JsonNode stream : streams) {
      if (!stream.path("live").path("keys").isMissingNode()) {
        terminal
            .out()
            .println("%s: %s".formatted(stream.get("stream").asText(), live(stream.get("live"))));
      }
      for (JsonNode breach : stream.get("breaches")) {
        String sentence = breach.get("sentence").asText();
        terminal.out().println(terminal.bad(stream.get("stream").asText() + ": " + sentence));
      }
    }
  }

  private static String live(JsonNode live) {
    if (live.get("behind").asBoolean()) {
      return "its live values are behind, and were not compared";
    }
    long inFlight = live.get("in_flight").asLong();
    return "%,d live values are the newest rows of their keys, fingerprint %s%s"
        .formatted(
            live.get("keys").asLong(),
            live.get("fingerprint").asText(),
            inFlight == 0 ? "" : "; %,d keys are in flight".formatted(inFlight));
  }

  /** What can become of an offset; nobody is erased in most projects. */
  private static List<String> outcomes(JsonNode streams) {
    List<String> outcomes =
        new ArrayList<>(
            List.of("bronze", "rejected", "repeated", "late", "erased", "absent", "in_flight"));
    outcomes.removeIf(outcome -> outcome.equals("erased") && !has(streams, "erased"));
    return outcomes;
  }

  private static boolean has(JsonNode streams, String number) {
    return streams.findValues(number).stream().anyMatch(it -> it.asLong() > 0);
  }

  /** What went in on one line, what became of it on the lines below. */
  private static void printBalances(JsonNode balances, Terminal terminal) {
    TextTable table = TextTable.of("balance", "#amount", "of", "balance");
    for (JsonNode it : balances) {
      String name = it.get("balance").asText();
      if (it.get("in").isNull()) {
        table.row(name, "", it.get("description").asText(), outcome(it));
      } else {
        addParts(
            it,
            table.row(
                "%s (%s)".formatted(name, it.get("unit").asText()),
                amount(it.get("in"), decimals(it)),
                it.at("/in/name").asText(),
                outcome(it)));
      }
    }
    table.lines().forEach(terminal.out()::println);
    for (JsonNode it : balances) {
      if (!it.get("sentence").isNull()) {
        String line = it.get("balance").asText() + ": " + it.get("sentence").asText();
        terminal.out().println(it.get("broken").asBoolean() ? terminal.bad(line) : line);
      }
    }
  }

  private static void addParts(JsonNode balance, TextTable table) {
    String sign = "= ";
    for (JsonNode part : balance.get("out")) {
      String name = sign + part.get("name").asText();
      table.row("", amount(part, decimals(balance)), name, "");
      for (JsonNode why : part.get("reasons")) {
        String amount = amount(why, decimals(balance));
        table.row("", "", "    %s: %s".formatted(why.get("reason").asText(), amount), "");
      }
      sign = "+ ";
    }
  }

  private static String outcome(JsonNode balance) {
    return switch (balance.get("state").asText()) {
      case "holds" -> "holds in release " + balance.get("release").asLong();
      case "behind" -> "behind in release " + balance.get("release").asLong();
      case "not_built" -> "not built yet";
      default -> "DOES NOT HOLD";
    };
  }

  private static String amount(JsonNode counted, int decimals) {
    return ("%,." + decimals + "f").formatted(counted.get("amount").decimalValue());
  }

  /** As many as an amount of the balance needs. */
  private static int decimals(JsonNode balance) {
    return balance.findValues("amount").stream()
        .mapToInt(it -> it.decimalValue().stripTrailingZeros().scale())
        .reduce(0, Math::max);
  }
}
