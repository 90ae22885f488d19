package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.boot.processes.Installation;
import io.millrace.core.MillraceException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace backfill}: builds the past again, without haste. */
@Command(
    name = "backfill",
    mixinStandardHelpOptions = true,
    description = {
      "Build intervals of the past again, without haste, and show how far it is.",
      "It gives way to what is due now and goes on after a restart; Ctrl-C ends the waiting, not the backfill."
          + " Exits with 1 if something failed."
    },
    footer = {
      "",
      "Examples:",
      "  millrace backfill silver.sales+ --from 2026-01-01 --to 2026-02-01 --plan",
      "  millrace backfill gold.daily_sales --from 2025-01-01 --max-parallel 2",
      "  millrace backfill --cancel 3"
    })
final class BackfillCommand implements Callable<Integer> {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(300);

  private final Terminal terminal;
  private final Supplier<Installation> installation;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "MODELS",
      description = "Which models, in dbt's selection syntax: silver.sales+, tag:nightly.")
  private Optional<String> select = Optional.empty();

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Intervals that end after it: 2026-01-31, or 2026-01-31T12:00:00Z.")
  private Optional<String> from = Optional.empty();

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "Intervals that start before it. Default: now.")
  private Optional<String> to = Optional.empty();

  @Option(
      names = "--max-parallel",
      paramLabel = "N",
      description = "How many tables are worked on at the same time. Default: 1.")
  private Optional<Integer> maxParallel = Optional.empty();

  @Option(
      names = "--max-load",
      paramLabel = "L",
      description =
          "The load of the machine, for each core, above which it waits. Default: 1, all cores busy.")
  private Optional<Double> maxLoad = Optional.empty();

  @Option(names = "--plan", description = "Print what would be built, and build nothing.")
  private boolean plan;

  @Option(names = "--no-wait", description = "Begin it, print its number, and do not wait.")
  private boolean noWait;

  @Option(
      names = "--cancel",
      paramLabel = "ID",
      description = "End a backfill before its next build.")
  private Optional<Long> cancel = Optional.empty();

  @Mixin private Where where;

  BackfillCommand(Terminal terminal, Supplier<Installation> installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (select.isEmpty() == cancel.isEmpty()) {
      throw MillraceException.caller(
          "Cannot backfill: name models to be built, or a backfill to --cancel");
    }
    Server server = where.server(installation);
    if (cancel.isPresent()) {
      server.ask("/api/backfills/" + cancel.get() + "/cancel", Server.JSON.createObjectNode());
      terminal.out().println("backfill %d: cancelled".formatted(cancel.get()));
      return Exit.OK.code();
    }
    JsonNode answer = server.ask("/api/backfills", body());
    if (plan) {
      PlanText.lines(answer.get("plan")).forEach(terminal.out()::println);
      return Exit.OK.code();
    }
    if (noWait) {
      terminal.out().println(answer.get("id").asLong());
      return Exit.OK.code();
    }
    return awaitEnd(server, answer).code();
  }

  private ObjectNode body() {
    ObjectNode body = Server.JSON.createObjectNode();
    select.ifPresent(it -> body.put("select", it));
    from.ifPresent(it -> body.put("from", it));
    to.ifPresent(it -> body.put("to", it));
    maxParallel.ifPresent(it -> body.put("max_parallel", it));
    maxLoad.ifPresent(it -> body.put("max_load", it));
    return body.put("plan", plan);
  }

  private Exit awaitEnd(Server server, JsonNode begun) throws InterruptedException {
    long id = begun.get("id").asLong();
    Progress progress = new Progress(terminal, "backfill " + id, "intervals", System::nanoTime);
    String said = "";
    JsonNode now = begun;
    while (now.get("ended_at").isNull()) {
      Thread.sleep(BETWEEN_LOOKS.toMillis());
      now = Server.patiently(() -> server.get("/api/backfills/" + id));
      progress.at(
          now.get("done").asDouble() / now.get("total").asDouble(), now.get("done").asLong());
      String message = now.get("message").asText();
      if (!message.isEmpty() && !message.equals(said)) {
        terminal.say("backfill %d: %s".formatted(id, message));
      }
      said = message;
    }
    if (now.get("state").asText().equals("done")) {
      progress.done(now.get("done").asLong());
    }
    terminal
        .out()
        .println(
            "backfill %d: %s, %,d of %,d intervals"
                .formatted(
                    id,
                    now.get("state").asText(),
                    now.get("done").asLong(),
                    now.get("total").asLong()));
    return now.get("state").asText().equals("done") ? Exit.OK : Exit.NO;
  }
}
