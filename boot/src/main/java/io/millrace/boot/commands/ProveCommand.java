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

/** {@code millrace prove}: shows that what came out is what went in. */
@Command(
    name = "prove",
    mixinStandardHelpOptions = true,
    description = {
      "Show the balance of every stream: what is on the topic is in the tables, each event once.",
      "The balances of the warehouse, too: what goes into models comes out of them.",
      "Exits with 1, naming the offsets or the amount, if one does not hold."
    },
    footer = {
      "",
      "Examples:",
      "  millrace prove",
      "  millrace prove clicks --full",
      "  millrace prove --json"
    })
final class ProveCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Supplier<Installation> installation;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "STREAM",
      description = "Prove one stream. Default: all of them.")
  private Optional<String> stream = Optional.empty();

  @Option(
      names = "--full",
      description =
          "Read topics and tables again, instead of the sealed ledger. Takes as long as reading them.")
  private boolean full;

  @Option(names = "--json", description = "Print the proof as JSON.")
  private boolean json;

  @Mixin private Where where;

  ProveCommand(Terminal terminal, Supplier<Installation> installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() {
    JsonNode proof = Server.of(where.data(installation)).get(path());
    if (json) {
      terminal.out().println(proof);
    } else {
      Balance.print(proof, terminal);
    }
    return (Balance.holds(proof) ? Exit.OK : Exit.NO).code();
  }

  private String path() {
    return "/api/proof?full=" + full + stream.map(it -> "&stream=" + it).orElse("");
  }
}
