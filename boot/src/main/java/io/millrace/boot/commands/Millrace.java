package io.millrace.boot.commands;

import io.millrace.boot.processes.Installation;
import io.millrace.core.MillraceException;
import java.util.Arrays;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;

/** The word {@code millrace} itself: it has subcommands and does nothing alone. */
@Command(
    name = "millrace",
    mixinStandardHelpOptions = true,
    versionProvider = Millrace.Version.class,
    description = "A commerce data platform that can prove its numbers.",
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    footer = {
      "",
      "Examples:",
      "  millrace demo                      see all of it on a real data set and a live shop",
      "  millrace up my-shop                run the project in the directory my-shop",
      "  millrace query \"SELECT 1\"          ask it something",
      "",
      "Each command says more with --help.",
    })
public final class Millrace implements Runnable {

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private Millrace() {}

  /** All commands, ready to execute. */
  public static CommandLine commandLine(Terminal terminal, Supplier<Installation> installation) {
    CommandLine all =
        new CommandLine(new Millrace())
            .addSubcommand(new DemoCommand(terminal, installation))
            .addSubcommand(new UpCommand(terminal, installation))
            .addSubcommand(new ApplyCommand(terminal))
            .addSubcommand(new DeployCommand(terminal, installation))
            .addSubcommand(new LoadCommand(terminal, installation))
            .addSubcommand(new QueryCommand(terminal, installation))
            .addSubcommand(new ReportCommand(terminal, installation))
            .addSubcommand(new RunCommand(terminal, installation))
            .addSubcommand(new BackfillCommand(terminal, installation))
            .addSubcommand(new ReplayCommand(terminal, installation))
            .addSubcommand(new EraseCommand(terminal, installation))
            .addSubcommand(new ReleasesCommand(terminal, installation))
            .addSubcommand(new RollbackCommand(terminal, installation))
            .addSubcommand(new DiffCommand(terminal, installation))
            .addSubcommand(new LiveCommand(terminal, installation))
            .addSubcommand(new UpkeepCommand(terminal, installation))
            .addSubcommand(new SkewCommand(terminal, installation))
            .addSubcommand(new CostCommand(terminal, installation))
            .addSubcommand(new SizeCommand(terminal, installation))
            .addSubcommand(new IncidentsCommand(terminal, installation))
            .addSubcommand(new ProveCommand(terminal, installation))
            .addSubcommand(new CheckCommand(terminal))
            .addSubcommand(new TestModelsCommand(terminal))
            .addSubcommand(new LineageCommand(terminal))
            .addSubcommand(new StarCommand(terminal))
            .addSubcommand(new StatusCommand(terminal, installation))
            .addSubcommand(new SimulateCommand(terminal, installation))
            .addSubcommand(new KeyCommand(terminal, installation));
    all.setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colour() ? Ansi.ON : Ansi.OFF));
    all.setExecutionExceptionHandler((e, line, parsed) -> explain(e, terminal));
    all.setParameterExceptionHandler((e, arguments) -> refuse(e, terminal));
    everyCommand(all);
    all.setCaseInsensitiveEnumValuesAllowed(true);
    return all;
  }

  private static void everyCommand(CommandLine command) {
    command
        .getCommandSpec()
        .usageMessage()
        .width(100)
        .exitCodeList(
            Arrays.stream(Exit.values())
                .collect(
                    java.util.LinkedHashMap::new,
                    (map, it) -> map.put(Integer.toString(it.code()), it.meaning()),
                    java.util.LinkedHashMap::putAll));
    command.getSubcommands().values().forEach(Millrace::everyCommand);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Cannot do nothing: name a command");
  }

  private static int refuse(ParameterException e, Terminal terminal) {
    CommandLine command = e.getCommandLine();
    terminal.say(e.getMessage());
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, terminal.err())) {
      terminal.say("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    }
    return Exit.USAGE.code();
  }

  private static int explain(Exception e, Terminal terminal) {
    if (e instanceof MillraceException known && Exit.of(known) != Exit.BUG) {
      terminal.say(known.getMessage());
      return Exit.of(known).code();
    }
    terminal.say("This is a mistake in Millrace:");
    e.printStackTrace(terminal.err());
    return Exit.BUG.code();
  }

  /** The version of the jar. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Millrace.class.getPackage().getImplementationVersion();
      return new String[] {"millrace " + (version == null ? "(not packaged)" : version)};
    }
  }
}
