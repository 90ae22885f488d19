package io.millrace.boot.commands;

import io.millrace.boot.processes.DemoData;
import io.millrace.boot.processes.Installation;
import io.millrace.boot.processes.Supervisor;
import io.millrace.collect.LoadReport;
import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import io.millrace.project.Project;
import io.millrace.shop.Shop;
import io.millrace.shop.ShopProfile;
import io.millrace.shop.ShopTime;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code millrace demo}: all of it, on a real data set and a live shop. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Start every part, load a real wholesaler's year of invoices, open a simulated shop, and say where to look.",
      "Each demo begins with nothing: what an earlier one left is removed."
    },
    footer = {
      "",
      "Examples:",
      "  millrace demo                      stays up until Ctrl-C",
      "  millrace demo --exit               ends by itself; 0 if the proof holds",
      "  millrace demo --data /tmp/demo --port 8080"
    })
final class DemoCommand implements Callable<Integer> {

  private static final String HISTORY = "invoice_lines";
  private static final Path HISTORY_FILE = Path.of("data/online-retail.csv.gz");
  private static final long SEED = 7;
  private static final double LIVE_RATE = 200;
  private static final long BURST = 60_000;

  /** The size of the shop that is sent in one burst: some minutes of its life. */
  private static final double BURST_RATE = 300;

  private final Terminal terminal;
  private final Supplier<Installation> installation;

  @Option(
      names = "--exit",
      description =
          "End by itself: wait until every event is accounted for, print the summary, and exit with 0 only if the proof holds and the counts are the shop's own.")
  private boolean exit;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data directory: an empty one. Default: .millrace in packs/retail.")
  private Optional<Path> data = Optional.empty();

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "The port of the server. Default: 7070 if it is free, else any free one.")
  private Optional<Integer> port = Optional.empty();

  DemoCommand(Terminal terminal, Supplier<Installation> installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() throws InterruptedException {
    Project project = Running.read(installation.get().retailPack());
    DataDirectory directory =
        data.map(DataDirectory::new).orElseGet(() -> DataDirectory.of(project.directory()));
    DemoData.begin(directory);
    Supervisor.Plan plan = new Supervisor.Plan(installation.get(), project, directory, port);
    try (Running running = Running.start(terminal, plan)) {
      Server server = running.server();
      terminal.say("The console is at %s".formatted(terminal.bold(server.uri().toString())));
      running.awaitReady();
      long started = System.nanoTime();
      LoadReport history =
          LoadCommand.load(
              terminal,
              server,
              project,
              project.contract(HISTORY),
              List.of(project.directory().resolve(HISTORY_FILE)));
      return exit ? finish(server, history, started) : stayUp(server);
    }
  }

  private int finish(Server server, LoadReport history, long started) throws InterruptedException {
    Shop shop = new Shop(SEED, ShopProfile.LIVE, ShopTime.live(InstantSource.system(), BURST_RATE));
    Traffic traffic = new Traffic(server, shop, event -> {});
    Progress progress = new Progress(terminal, "the shop", System::nanoTime);
    traffic.burst(
        BURST,
        sent -> {
          progress.at((double) sent / BURST, sent);
          return true;
        });
    progress.done(traffic.sent());
    DemoSummary summary = DemoSummary.whenSettled(server, history, traffic, shop.truth(), started);
    summary.print(terminal);
    return (summary.holds() ? Exit.OK : Exit.NO).code();
  }

  private int stayUp(Server server) throws InterruptedException {
    Thread shop = new Thread(() -> live(server), "shop");
    shop.setDaemon(true);
    shop.start();
    terminal.say("A shop is open now: %.0f events a second".formatted(LIVE_RATE));
    DemoSummary.buildModels(server);
    String where = data.map(it -> " --data " + it).orElse("");
    terminal.say(
        """

        The warehouse is built. Look at it:
          %1$s
        or in another terminal:
          ./millrace status%2$s
          ./millrace query "SELECT * FROM gold.invoices_monthly"%2$s
          ./millrace query "SELECT * FROM gold.top_products LIMIT 10"%2$s
          ./millrace prove%2$s
        Ctrl-C stops everything."""
            .formatted(terminal.bold(server.uri().toString()), where));
    new CountDownLatch(1).await();
    return Exit.OK.code();
  }

  /** A shop does not close because its events were refused for a while. */
  private void live(Server server) {
    Shop shop = new Shop(SEED, ShopProfile.LIVE, ShopTime.live(InstantSource.system(), LIVE_RATE));
    Traffic traffic = new Traffic(server, shop, event -> {});
    while (true) {
      try {
        traffic.flow(LIVE_RATE, Long.MAX_VALUE, sent -> true);
      } catch (MillraceException e) {
        terminal.say(e.getMessage());
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
