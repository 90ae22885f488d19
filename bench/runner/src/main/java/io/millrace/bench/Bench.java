package io.millrace.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code millrace bench}: measures Millrace beside what a user would take instead, in the same run.
 */
@Command(
    name = "millrace bench",
    description =
        "Measures Millrace beside what a user would take instead, on this machine and in the same run. Each side runs in a process of its own, one after the other, round after round; medians count.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class Bench implements Callable<Integer> {

  private static final Map<String, Contest> CONTESTS = contests();

  @Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "NAME",
      description = "What to measure; none lists them.")
  private List<String> names = new ArrayList<>();

  @Option(names = "--rounds", defaultValue = "3", description = "How often each side runs (3).")
  private int rounds;

  @Option(
      names = "--seconds",
      defaultValue = "180",
      description = "How long a stream is measured once it is warm (180).")
  private int seconds;

  @Option(
      names = "--scale",
      defaultValue = "1",
      description = "Of the input that others read, so much is made; 0.01 is for trying (1).")
  private double scale;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the figures there too, beside those of other contests that it has.")
  private Optional<Path> json = Optional.empty();

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "Where events, tables and logs are kept (dist/bench/data).")
  private Optional<Path> folder = Optional.empty();

  @Option(names = "--home", required = true, hidden = true)
  private Path home;

  private static Map<String, Contest> contests() {
    Map<String, Contest> contests = new TreeMap<>();
    for (Contest contest :
        List.of(
            new StreamContest(),
            new SessionsContest(),
            new SkewContest(),
            new CollectContest(),
            new BulkContest(),
            new QueryContest(),
            new ModelsContest(),
            new GrowthContest())) {
      contests.put(contest.name(), contest);
    }
    return contests;
  }

  public static void main(String[] args) {
    System.exit(new CommandLine(new Bench()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    if (names.isEmpty()) {
      CONTESTS.values().forEach(it -> System.out.printf("%-16s %s%n", it.name(), it.work()));
      return 0;
    }
    List<Contest> chosen = new ArrayList<>();
    for (String name : names) {
      if (!CONTESTS.containsKey(name)) {
        throw new ParameterException(
            spec.commandLine(),
            "Cannot measure '%s': there is only %s".formatted(name, CONTESTS.keySet()));
      }
      chosen.add(CONTESTS.get(name));
    }
    if (rounds < 1 || seconds < 1 || !(scale > 0)) {
      throw new ParameterException(
          spec.commandLine(),
          "Cannot measure: --rounds and --seconds begin at 1, and --scale is above 0");
    }
    Ground ground =
        new Ground(
            home.toAbsolutePath(),
            folder.orElse(home.resolve("dist/bench/data")).toAbsolutePath(),
            rounds,
            seconds,
            scale);
    List<Figure> figures = new ArrayList<>();
    for (Contest contest : chosen) {
      figures.addAll(contest.run(ground));
      System.out.print(Figure.table(figures));
      if (json.isPresent()) {
        FigureFile.put(json.get(), figures);
      }
    }
    return 0;
  }
}
