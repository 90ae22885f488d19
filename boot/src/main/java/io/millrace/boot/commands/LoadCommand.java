package io.millrace.boot.commands;

import io.millrace.boot.processes.Installation;
import io.millrace.boot.processes.StreamWork;
import io.millrace.collect.LoadReport;
import io.millrace.collect.Loader;
import io.millrace.core.DataDirectory;
import io.millrace.core.MillraceException;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.StreamContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace load}: brings files of history into a stream. */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    description = {
      "Load files of events into a stream of a running project, as history: received when they happened.",
      "JSON, NDJSON and CSV, each also as .gz. Events that are rejected are listed by line, and kept in quarantine.",
      "With --bulk, files of an event on each line go straight to the tables, in one commit, without Kafka. A file is loaded once, whatever it is called."
    },
    footer = {
      "",
      "Examples:",
      "  millrace load invoice_lines packs/retail/data/online-retail.csv.gz",
      "  millrace load clicks monday.ndjson.gz tuesday.ndjson.gz --project my-shop",
      "  millrace load clicks --bulk history --plan",
      "  millrace load clicks --bulk 'history/2026-0[1-6]-*.ndjson.gz'"
    })
final class LoadCommand implements Callable<Integer> {

  static final int REJECTS_SHOWN = 20;

  private static final Pattern ADDRESS = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

  private final Terminal terminal;
  private final Supplier<Installation> installation;

  @Parameters(index = "0", paramLabel = "STREAM", description = "The stream, such as clicks.")
  private String stream;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "FILE",
      description = "The files; with --bulk also directories, patterns and file: addresses.")
  private List<String> files;

  @Option(names = "--bulk", description = "Read the files into the tables without Kafka.")
  private boolean bulk;

  @Option(
      names = "--plan",
      description = "With --bulk, print which files would be loaded, and do nothing.")
  private boolean plan;

  @Mixin private Where where;

  LoadCommand(Terminal terminal, Supplier<Installation> installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() {
    Project project = ProjectReader.load(where.project(installation));
    Server server = where.server(installation);
    StreamContract contract = project.contract(stream);
    if (bulk) {
      BulkReport report = new BulkReport(terminal, contract.name());
      if (plan) {
        report.planned(work(project));
      } else {
        report.loaded(work(project));
      }
      return Exit.OK.code();
    }
    if (plan) {
      throw MillraceException.caller(
          "Cannot plan to load '%s': --plan goes with --bulk".formatted(stream));
    }
    LoadReport report =
        load(terminal, server, project, contract, files.stream().map(Path::of).toList());
    terminal
        .out()
        .printf(
            "%,d events: %,d accepted, %,d rejected%n",
            report.events(), report.accepted(), report.rejected());
    report
        .rejectedByReason()
        .forEach((reason, count) -> terminal.out().printf("  %s: %,d%n", reason, count));
    report.firstRejects().stream()
        .limit(REJECTS_SHOWN)
        .forEach(it -> terminal.out().println("  " + it));
    return Exit.OK.code();
  }

  private StreamWork work(Project project) {
    DataDirectory data = where.data(installation);
    List<String> arguments = new ArrayList<>(List.of(plan ? "plan" : "load"));
    files.forEach(it -> arguments.add(ADDRESS.matcher(it).matches() ? it : absolute(it)));
    return StreamWork.start(StreamWork.Kind.LOAD, project, data, stream, arguments);
  }

  private static String absolute(String file) {
    return Path.of(file).toAbsolutePath().normalize().toString();
  }

  /** Loads files one after the other and shows how far it is. */
  static LoadReport load(
      Terminal terminal,
      Server server,
      Project project,
      StreamContract contract,
      List<Path> files) {
    Loader loader = Loader.to(server.uri(), server.localKey(), project.settings());
    LoadReport report = LoadReport.NOTHING;
    for (Path file : files) {
      Progress progress = new Progress(terminal, contract.name(), System::nanoTime);
      double bytes = size(file);
      LoadReport one =
          loader.load(contract, file, at -> progress.at(at.bytesRead() / bytes, at.events()));
      progress.done(one.events());
      report = report.plus(one);
    }
    return report;
  }

  private static double size(Path file) {
    try {
      return Math.max(1, Files.size(file));
    } catch (IOException e) {
      throw MillraceException.caller("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
