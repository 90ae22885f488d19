package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.boot.faults.FaultRun;
import io.millrace.boot.processes.Installation;
import io.millrace.core.MillraceException;
import io.millrace.project.Project;
import io.millrace.prove.Certificate;
import io.millrace.prove.FaultPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.ArgGroup;
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
      "Exits with 1, naming the offsets or the amount, if one does not hold.",
      "With --faults, run the project on a scratch directory instead, break it by plan, and show that nothing is lost or twice."
    },
    footer = {
      "",
      "Examples:",
      "  millrace prove",
      "  millrace prove clicks --full",
      "  millrace prove --json",
      "  millrace prove --faults --minutes 10 --project my-shop",
      "  millrace prove --faults --count 100 --seed 7 --json faults.json"
    })
final class ProveCommand implements Callable<Integer> {

  /** No file: standard output. */
  private static final String PRINTED = "-";

  /** Enough to be in every checkpoint and commit, and little beside what a laptop can do. */
  private static final double EVENTS_PER_SECOND = 300;

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

  @Option(
      names = "--json",
      arity = "0..1",
      fallbackValue = PRINTED,
      paramLabel = "FILE",
      description = "Print the proof as JSON; with a name, write it to that file.")
  private Optional<String> json = Optional.empty();

  @ArgGroup(exclusive = false)
  private Faults faults;

  @Mixin private Where where;

  /** What is said of a run of faults. */
  static final class Faults {

    @Option(
        names = "--faults",
        required = true,
        description =
            "Run the project on a scratch directory and try faults: processes killed and frozen, the disk full, the broker slow or gone.")
    private boolean asked;

    @Option(
        names = "--minutes",
        paramLabel = "N",
        defaultValue = "5",
        description = "As many faults as take about so long. Default: 5.")
    private int minutes;

    @Option(names = "--count", paramLabel = "N", description = "So many faults, instead.")
    private Optional<Integer> count = Optional.empty();

    @Option(
        names = "--seed",
        paramLabel = "S",
        description = "The same seed makes the same plan. Default: another one each time.")
    private Optional<Long> seed = Optional.empty();

    FaultPlan plan() {
      long chosen = seed.orElseGet(() -> System.nanoTime() % 1_000_000);
      if (minutes < 1 || count.orElse(1) < 1) {
        throw MillraceException.caller(
            "Cannot try fewer faults than one: --minutes and --count begin at 1");
      }
      return count
          .map(it -> FaultPlan.of(chosen, it))
          .orElseGet(() -> FaultPlan.of(chosen, Duration.ofMinutes(minutes)));
    }
  }

  ProveCommand(Terminal terminal, Supplier<Installation> installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() {
    if (faults != null && faults.asked) {
      return tryFaults(faults.plan());
    }
    JsonNode proof = Server.of(where.data(installation)).get(path());
    if (!isPrinted(proof)) {
      Balance.print(proof, terminal);
    }
    return (Balance.holds(proof) ? Exit.OK : Exit.NO).code();
  }

  private int tryFaults(FaultPlan plan) {
    if (stream.isPresent() || full || where.namesData()) {
      throw MillraceException.caller(
          "Cannot try faults on one stream or on data that is there: --faults takes the whole project, on a directory of its own");
    }
    Project project = Running.read(where.project(installation));
    String command =
        "./millrace prove --faults --count %d --seed %d --project %s"
            .formatted(plan.faults().size(), plan.seed(), shortest(project.directory()));
    terminal.say(
        "%d faults on %s, seed %d:".formatted(plan.faults().size(), project.name(), plan.seed()));
    plan.lines().forEach(terminal::say);
    Certificate certificate =
        FaultRun.run(
            new FaultRun.Order(installation.get(), project, plan, EVENTS_PER_SECOND, command),
            terminal::say);
    if (!isPrinted(CertificateText.json(certificate))) {
      new CertificateText(certificate).print(terminal);
    }
    return (certificate.holds() ? Exit.OK : Exit.NO).code();
  }

  private static Path shortest(Path directory) {
    Path here = Path.of("").toAbsolutePath();
    return directory.startsWith(here) ? here.relativize(directory) : directory;
  }

  /** Whether the JSON takes the place of the text. */
  private boolean isPrinted(JsonNode value) {
    if (json.isEmpty()) {
      return false;
    }
    if (json.get().equals(PRINTED)) {
      terminal.out().println(value);
      return true;
    }
    try {
      Files.writeString(Path.of(json.get()), value.toPrettyString() + "\n");
      return false;
    } catch (IOException e) {
      throw MillraceException.world("Cannot write " + json.get() + ": " + e.getMessage(), e);
    }
  }

  private String path() {
    return "/api/proof?full=" + full + stream.map(it -> "&stream=" + it).orElse("");
  }
}
