package io.millrace.stream;

import io.millrace.bench.Report;
import io.millrace.core.DataDirectory;
import io.millrace.core.Meters;
import io.millrace.event.PersonalKey;
import io.millrace.lake.Commits;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger;
import io.millrace.lake.LedgerEntry;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.StreamContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A bulk load as it ships, up to the sealed commit, which is made at once instead of at the
 * stream's next: {@code MeasuredLoad DATA PROJECT STREAM FOLDER...}, one folder after the other.
 * Prints MB/s and processor microseconds for an event, of the last; and the latter of the first.
 */
final class MeasuredLoad {

  private MeasuredLoad() {}

  public static void main(String[] args) throws Exception {
    DataDirectory data = new DataDirectory(Path.of(args[0]));
    Project project = ProjectReader.load(Path.of(args[1]));
    StreamContract contract = project.contract(args[2]);
    Map<String, Double> figures = new TreeMap<>();
    try (Lake lake = Lake.open(data)) {
      lake.prepare(contract);
      PersonalKey.of(data); // as `millrace up` makes it before any process needs it
      for (String folder : List.of(args).subList(3, args.length)) {
        List<Path> files = files(Path.of(folder));
        long bytes = 0;
        for (Path file : files) {
          bytes += Files.size(file);
        }
        double used = Report.processorMicros();
        long began = System.nanoTime();
        LedgerEntry entry = load(project, contract, data, lake, files);
        figures.put("bulk", bytes / 1e6 / ((System.nanoTime() - began) / 1e9));
        long events = entry.ranges().stream().mapToLong(LedgerEntry.Range::to).sum();
        double cost = (Report.processorMicros() - used) / events;
        figures.put("cost", cost);
        figures.putIfAbsent("cost-first", cost);
      }
      Report.end(figures);
    }
  }

  private static LedgerEntry load(
      Project project, StreamContract contract, DataDirectory data, Lake lake, List<Path> paths)
      throws InterruptedException {
    try (Ledger ledger = Ledger.open(data.metadata());
        Commits commits =
            new Commits(Lake.open(data), Ledger.open(data.metadata()), Clock.systemUTC())) {
      LoadPlan plan = LoadPlan.of(paths, ledger.loadedFiles(contract.name()));
      try (BulkLoad bulk =
          new BulkLoad(
              contract,
              plan.files(),
              Math.toIntExact(ledger.lastLoadedFile(contract.name()) + 1),
              0,
              BulkLoad.Limits.here(),
              () ->
                  new StreamIntake(
                      contract,
                      project.settings().maxEventBytes(),
                      lake,
                      new Meters(),
                      PersonalData.of(contract, data),
                      Optional.empty()))) {
        if (!ledger.propose(bulk.run())) {
          throw new IllegalStateException("Cannot load: another load waits");
        }
      }
      return commits.load(contract.name()).orElseThrow();
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      return found.sorted().toList();
    }
  }
}
