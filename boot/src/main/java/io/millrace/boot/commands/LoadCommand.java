package io.millrace.boot.commands;

import io.millrace.boot.processes.Installation;
import io.millrace.collect.LoadReport;
import io.millrace.collect.Loader;
import io.millrace.core.MillraceException;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.StreamContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code millrace load}: brings files of history into a stream. */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    description = {
      "Load files of events into a stream of a running project, as history: received when they happened.",
      "JSON, NDJSON and CSV, each also as .gz. Events that are rejected are listed by line, and kept in quarantine."
    },
    footer = {
      "",
      "Examples:",
      "  millrace load invoice_lines packs/retail/data/online-retail.csv.gz",
      "  millrace load clicks monday.ndjson.gz tuesday.ndjson.gz --project my-shop"
    })
final class LoadCommand implements Callable<Integer> {

  private static final int REJECTS_SHOWN = 20;

  private final Terminal terminal;
  private final Supplier<Installation> installation;

  @Parameters(index = "0", paramLabel = "STREAM", description = "The stream, such as clicks.")
  private String stream;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "FILE", description = "The files.")
  private List<Path> files;

  @Mixin private Where where;

  LoadCommand(Terminal terminal, Supplier<Installation> installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() {
    Project project = ProjectReader.load(where.project(installation));
    Server server = where.server(installation);
    LoadReport report = load(terminal, server, project, project.contract(stream), files);
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
