package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;

/** The balance as the API tells it, for people. */
final class Balance {

  private Balance() {}

  static boolean holds(JsonNode proof) {
    for (JsonNode stream : proof.get("streams")) {
      if (!stream.get("holds").asBoolean()) {
        return false;
      }
    }
    return true;
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
    TextTable table =
        TextTable.of(
            "stream",
            "#acknowledged",
            "#on the topic",
            "#= bronze",
            "#+ rejected",
            "#+ repeated",
            "#+ late",
            "#+ absent",
            "#+ in flight",
            "balance");
    for (JsonNode it : proof.get("streams")) {
      table.row(
          it.get("stream").asText(),
          it.get("acknowledged").asLong(),
          it.get("topic").asLong(),
          it.get("bronze").asLong(),
          it.get("rejected").asLong(),
          it.get("repeated").asLong(),
          it.get("late").asLong(),
          it.get("absent").asLong(),
          it.get("in_flight").asLong(),
          it.get("holds").asBoolean() ? "holds" : "DOES NOT HOLD");
    }
    table.lines().forEach(terminal.out()::println);
    for (JsonNode stream : proof.get("streams")) {
      for (JsonNode breach : stream.get("breaches")) {
        String sentence = breach.get("sentence").asText();
        terminal.out().println(terminal.bad(stream.get("stream").asText() + ": " + sentence));
      }
    }
    terminal
        .out()
        .println(
            holds(proof)
                ? terminal.good("The balance holds: nothing lost, nothing twice, nothing made up.")
                : terminal.bad("The balance does not hold."));
  }
}
