package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.boot.processes.Installation;
import io.millrace.engine.ResultFormat;
import io.millrace.engine.Rows;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace query}: asks a running project in SQL. */
@Command(
    name = "query",
    mixinStandardHelpOptions = true,
    description = "Run one SELECT over the tables and models of a running project.",
    footer = {
      "",
      "Examples:",
      "  millrace query \"SELECT * FROM gold.invoices_monthly\"",
      "  millrace query \"SELECT count(*) FROM bronze.clicks\" --as-of 2026-01-31T12:00:00Z",
      "  millrace query \"SELECT * FROM gold.daily_sales\" --as-of 12",
      "  millrace query \"SELECT * FROM quarantine.clicks_rejected\" --format csv > rejected.csv"
    })
final class QueryCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Supplier<Installation> installation;

  @Parameters(index = "0", paramLabel = "SQL", description = "One SELECT, in quotes.")
  private String sql;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table, csv or json. Default: table.")
  private ResultFormat format;

  @Option(
      names = "--as-of",
      paramLabel = "STATE",
      description =
          "Ask the tables as they were at a time, such as 2026-01-31T12:00:00Z, or as a release has them, such as 12.")
  private Optional<String> asOf = Optional.empty();

  @Option(
      names = "--branch",
      paramLabel = "BRANCH",
      description = "Ask the tables that have this branch as they are there, such as failed_12.")
  private Optional<String> branch = Optional.empty();

  @Mixin private Where where;

  QueryCommand(Terminal terminal, Supplier<Installation> installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() throws IOException {
    Server server = where.server(installation);
    Writer out = new OutputStreamWriter(terminal.out(), StandardCharsets.UTF_8);
    try (Rows rows = new RemoteRows(server.post("/api/query", body()))) {
      format.write(rows, out);
    }
    return Exit.OK.code();
  }

  private ObjectNode body() {
    ObjectNode body = Server.JSON.createObjectNode().put("sql", sql);
    asOf.ifPresent(it -> body.put("as_of", it));
    branch.ifPresent(it -> body.put("branch", it));
    return body;
  }
}
