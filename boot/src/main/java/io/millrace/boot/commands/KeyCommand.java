package io.millrace.boot.commands;

import io.millrace.boot.processes.Installation;
import io.millrace.collect.WriteKeys;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code millrace key}: lets a producer write. */
@Command(
    name = "key",
    mixinStandardHelpOptions = true,
    description = {
      "Make a write key for a producer and print it, once: only its hash is kept.",
      "A running project takes it at once. Deleting its line in the file 'keys' of the data directory revokes it."
    },
    footer = {
      "",
      "Examples:",
      "  millrace key web-shop",
      "  millrace key web-shop --project my-shop"
    })
final class KeyCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Supplier<Installation> installation;

  @Parameters(index = "0", paramLabel = "NAME", description = "Who writes with it.")
  private String name;

  @Mixin private Where where;

  KeyCommand(Terminal terminal, Supplier<Installation> installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() {
    terminal.out().println(new WriteKeys(where.data(installation)).add(name));
    return Exit.OK.code();
  }
}
