package io.millrace.boot.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.boot.faults.FaultRun;
import io.millrace.boot.faults.SoakRun;
import io.millrace.boot.processes.Installation;
import io.millrace.core.MillraceException;
import io.millrace.project.Project;
import io.millrace.prove.Certificate;
import io.millrace.prove.FaultPlan;
import io.millrace.prove.SoakCertificate;
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
      "With --faults, run the project on a scratch directory instead, break it by plan, and show that nothing is lost or twice.",
      "With --soak, run it there under load for an hour, and show that nothing grows either."
    },
    footer = {
      "",
      "Examples:",
      "  millrace prove",
      "  millrace prove clicks --full",
      "  millrace prove --json",
      "  millrace prove --faults --minutes 10 --project my-shop",
      "  millrace prove --faults --count 100 --seed 7 --json=faults.json",
      "  millrace prove --soak --minutes 60 --json=soak.json"
    })
final class ProveCommand implements Callable<Integer> {

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

  @ArgGroup(exclusive = false)
  private Trial trial;

  @Mixin private JsonAnswer json;
  @Mixin private Where where;

  /** What is said of a run on a scratch directory. */
  static final class Trial {

    @ArgGroup(multiplicity = "1")
    private Way way;

    @Option(
        names = "--minutes",
        paramLabel = "N",
        description =
            "As many faults as take about so long, default 5; or the length of the load, default 60.")
    private Optional<Integer> minutes = Optional.empty();

    @Option(names = "--count", paramLabel = "N", description = "So many faults, instead.")
    private Optional<Integer> count = Optional.empty();

    @Option(
        names = "--seed",
        paramLabel = "S",
        description =
            "The same seed makes the same plan and events. Default: another one each time.")
    private Optional<Long> seed = Optional.empty();

    FaultPlan plan() {
      return count
          .map(it -> FaultPlan.of(seed(), it))
          .orElseGet(() -> FaultPlan.of(seed(), Duration.ofMinutes(minutes.orElse(5))));
    }

    Duration soakLength() {
      return Duration.ofMinutes(minutes.orElse(60));
    }

    long seed() {
      if (seed.isEmpty()) {
        seed = Optional.of(System.nanoTime() % 1_000_000);
      }
      return seed.get();
    }

    void requireSense() {
      if (minutes.orElse(1) < 1 || count.orElse(1) < 1) {
        throw MillraceException.caller(
            "Cannot try less than one: --minutes and --count begin at 1");
      }
      if (way.soak && count.isPresent()) {
        throw MillraceException.caller(
            "Cannot count the faults of --soak: it has none; --minutes says how long it takes");
      }
    }
  }

  /** What is tried. */
  static final class Way {

    @Option(
        names = "--faults",
        required = true,
        description =
            "Run the project on a scratch directory and try faults: processes killed and frozen, the disk full, the broker slow or gone.")
    private boolean faults;

    @Option(
        names = "--soak",
        required = true,
        description =
            "Run the project on a scratch directory, find the highest load this machine sustains, write half of it for an hour, and show what grows.")
    private boolean soak;
  }

  ProveCommand(Terminal terminal, Supplier<Installation> installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() {
    if (trial != null) {
      return tryIt() ? Exit.OK.code() : Exit.NO.code();
    }
    JsonNode proof = where.server(installation).get(path());
    if (!json.isPrinted(proof, terminal)) {
      Balance.print(proof, terminal);
    }
    return (Balance.holds(proof) ? Exit.OK : Exit.NO).code();
  }

  private boolean tryIt() {
    trial.requireSense();
    if (stream.isPresent() || full || where.namesData()) {
      throw MillraceException.caller(
          "Cannot try one stream or data that is there: --faults and --soak take the whole project, on a directory of its own");
    }
    Project project = Running.read(where.project(installation));
    return trial.way.faults ? tryFaults(project, trial.plan()) : soak(project);
  }

  private boolean tryFaults(Project project, FaultPlan plan) {
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
    if (!json.isPrinted(CertificateText.json(certificate), terminal)) {
      new CertificateText(certificate).print(terminal);
    }
    return certificate.holds();
  }

  private boolean soak(Project project) {
    Duration length = trial.soakLength();
    String command =
        "./millrace prove --soak --minutes %d --seed %d --project %s"
            .formatted(length.toMinutes(), trial.seed(), shortest(project.directory()));
    SoakCertificate certificate =
        SoakRun.run(
            new SoakRun.Order(installation.get(), project, length, trial.seed(), command),
            terminal::say);
    if (!json.isPrinted(SoakText.json(certificate), terminal)) {
      new SoakText(certificate).print(terminal);
    }
    return certificate.holds();
  }

  private static Path shortest(Path directory) {
    Path here = Path.of("").toAbsolutePath();
    return directory.startsWith(here) ? here.relativize(directory) : directory;
  }

  private String path() {
    return "/api/proof?full=" + full + stream.map(it -> "&stream=" + it).orElse("");
  }
}
