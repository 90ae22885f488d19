package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/** Prints the steps of a run as they end, until it has ended. */
final class RunFollower {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(300);

  private final Terminal terminal;
  private final Server server;
  private final Set<Long> printed = new HashSet<>();

  RunFollower(Terminal terminal, Server server) {
    this.terminal = terminal;
    this.server = server;
  }

  /** Waits, and says whether all went well. */
  Exit awaitEnd(long id) throws InterruptedException {
    JsonNode run = look(id);
    while (run.get("ended_at").isNull()) {
      Thread.sleep(BETWEEN_LOOKS.toMillis());
      run = look(id);
    }
    String state = run.get("state").asText();
    String message = run.get("message").asText();
    terminal
        .out()
        .println(
            "run %d: %s%s"
                .formatted(
                    id,
                    run.get("steps").isEmpty() && message.isEmpty() ? "nothing to build" : state,
                    message.isEmpty() ? "" : ": " + message));
    return state.equals("done") ? Exit.OK : Exit.NO;
  }

  private JsonNode look(long id) throws InterruptedException {
    JsonNode run = Server.patiently(() -> server.get("/api/runs/" + id));
    for (JsonNode step : run.get("steps")) {
      if (!step.get("ended_at").isNull() && printed.add(step.get("id").asLong())) {
        terminal.out().println(line(step));
      }
    }
    return run;
  }

  static String line(JsonNode step) {
    String span = step.get("span").asText("null");
    String message = step.get("message").asText();
    String state = step.get("state").asText();
    return "%s%s: %s%s, %.1f s"
        .formatted(
            step.get("table").asText(),
            step.get("span").isNull() ? "" : " " + span,
            state.equals("done") ? came(step.get("rows").asLong(), message) : state,
            message.isEmpty() || state.equals("done") ? "" : ": " + message,
            seconds(step));
  }

  /** A chore has no rows to tell of. */
  private static String came(long rows, String message) {
    String counted = "%,d rows".formatted(rows);
    if (message.isEmpty()) {
      return counted;
    }
    return rows == 0 ? message : counted + ": " + message;
  }

  private static double seconds(JsonNode step) {
    Duration took =
        Duration.between(
            Instant.parse(step.get("started_at").asText()),
            Instant.parse(step.get("ended_at").asText()));
    return took.toMillis() / 1e3;
  }
}
