package io.millrace.boot.commands;

import io.millrace.boot.processes.Installation;
import io.millrace.collect.WriteKeys;
import io.millrace.core.KeyFile;
import io.millrace.project.ProjectReader;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace key}: lets a producer write, or somebody read. */
@Command(
    name = "key",
    mixinStandardHelpOptions = true,
    description = {
      "Make a key and print it, once: only its hash is kept. It is a write key for a producer, or, with --role, a key to read as somebody of that role sees it.",
      "A running project takes it at once. Deleting its line in the file 'keys' of the data directory, or 'readers' with --role, revokes it."
    },
    footer = {
      "",
      "Examples:",
      "  millrace key web-shop",
      "  millrace key web-shop --project my-shop",
      "  millrace key ada --role analyst"
    })
final class KeyCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Supplier<Installation> installation;

  @Parameters(index = "0", paramLabel = "NAME", description = "Who writes or reads with it.")
  private String name;

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      description =
          "A role of millrace.yaml, or one that every project has: owner, analyst, guest.")
  private Optional<String> role = Optional.empty();

  @Mixin private Where where;

  KeyCommand(Terminal terminal, Supplier<Installation> installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() {
    terminal.out().println(role.map(this::reading).orElseGet(this::writing));
    return Exit.OK.code();
  }

  private String writing() {
    return new WriteKeys(where.data(installation)).add(name);
  }

  private String reading(String wanted) {
    ProjectReader.load(where.project(installation)).roles().sight(wanted);
    return new KeyFile(where.data(installation).readKeys(), "read key")
        .add(new KeyFile.Holder(name, wanted));
  }
}
