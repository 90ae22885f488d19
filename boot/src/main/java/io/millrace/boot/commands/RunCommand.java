package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.boot.processes.Installation;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace run}: builds models now. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Build what is due of the models of a running project, and wait for it.",
      "What failed is tried again, and what a rollback holds is let go. Exits with 1 if a step failed. The"
          + " server does the work: Ctrl-C ends the waiting, not the run."
    },
    footer = {
      "",
      "Examples:",
      "  millrace run",
      "  millrace run --select gold.daily_sales+ --plan",
      "  millrace run --select +gold.daily_sales --from 2026-01-01 --to 2026-02-01 --full-refresh"
    })
final class RunCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Supplier<Installation> installation;

  @Option(
      names = "--select",
      paramLabel = "MODELS",
      description =
          "Which models, in dbt's selection syntax: gold.daily_sales+, tag:nightly. Default: all.")
  private Optional<String> select = Optional.empty();

  @Option(names = "--exclude", paramLabel = "MODELS", description = "Which of them not.")
  private Optional<String> exclude = Optional.empty();

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Only intervals that end after it: 2026-01-31, or 2026-01-31T12:00:00Z.")
  private Optional<String> from = Optional.empty();

  @Option(names = "--to", paramLabel = "TIME", description = "Only intervals that start before it.")
  private Optional<String> to = Optional.empty();

  @Option(
      names = "--full-refresh",
      description = "Build all of it again, as if nothing had been built.")
  private boolean fullRefresh;

  @Option(names = "--plan", description = "Print what would be built and why, and build nothing.")
  private boolean plan;

  @Option(names = "--no-wait", description = "Begin it, print its number, and do not wait.")
  private boolean noWait;

  @Mixin private Where where;

  RunCommand(Terminal terminal, Supplier<Installation> installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() throws InterruptedException {
    Server server = where.server(installation);
    JsonNode answer = server.ask("/api/runs", body());
    if (plan) {
      PlanText.lines(answer.get("plan")).forEach(terminal.out()::println);
      return Exit.OK.code();
    }
    long run = answer.get("run").asLong();
    if (noWait) {
      terminal.out().println(run);
      return Exit.OK.code();
    }
    return new RunFollower(terminal, server).awaitEnd(run).code();
  }

  private ObjectNode body() {
    ObjectNode body = Server.JSON.createObjectNode();
    select.ifPresent(it -> body.put("select", it));
    exclude.ifPresent(it -> body.put("exclude", it));
    from.ifPresent(it -> body.put("from", it));
    to.ifPresent(it -> body.put("to", it));
    return body.put("full_refresh", fullRefresh).put("plan", plan);
  }
}
