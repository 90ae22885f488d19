package io.millrace.boot.commands;

import io.millrace.boot.processes.DemoData;
import io.millrace.boot.processes.Installation;
import io.millrace.boot.processes.Supervisor;
import io.millrace.boot.processes.Supervisor.BrokerPorts;
import io.millrace.core.DataDirectory;
import io.millrace.project.Flink;
import io.millrace.project.Project;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace up}: runs a project until it is told to stop. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = "Run a project until Ctrl-C: its broker, its stream job and its server.",
    footer = {
      "",
      "Examples:",
      "  millrace up",
      "  millrace up packs/retail --port 8080",
      "  millrace up my-shop --data /var/lib/my-shop"
    })
final class UpCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Supplier<Installation> installation;

  @Mixin private Home home;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "The port of the server. Default: 7070 if it is free, else any free one.")
  private Optional<Integer> port = Optional.empty();

  /** For trying faults: a proxy stands between the broker and its clients. */
  @Option(
      names = "--broker-behind",
      hidden = true,
      paramLabel = "ADVERTISED:LISTENING",
      converter = BrokerPortsReader.class)
  private Optional<BrokerPorts> brokerBehind = Optional.empty();

  UpCommand(Terminal terminal, Supplier<Installation> installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() throws InterruptedException {
    Project read = Running.read(home.project());
    DataDirectory directory = home.data(read);
    Supervisor.Plan plan =
        new Supervisor.Plan(installation.get(), read, directory, port, brokerBehind);
    try (Running running = Running.start(terminal, plan)) {
      DemoData.keep(directory);
      terminal.say("The console is at %s".formatted(running.server().uri()));
      if (read.settings().flink() == Flink.EMBEDDED) {
        running.awaitReadyHoweverLong(terminal::say);
        terminal.say("Everything runs. Ctrl-C stops it.");
      } else {
        terminal.say("The server runs. Ctrl-C stops it, and not the stream on its cluster.");
      }
      new CountDownLatch(1).await();
    }
    return Exit.OK.code();
  }

  /** Reads two ports. */
  static final class BrokerPortsReader implements CommandLine.ITypeConverter<BrokerPorts> {
    @Override
    public BrokerPorts convert(String text) {
      String[] ports = text.split(":", 2);
      return new BrokerPorts(Integer.parseInt(ports[0]), Integer.parseInt(ports[1]));
    }
  }
}
