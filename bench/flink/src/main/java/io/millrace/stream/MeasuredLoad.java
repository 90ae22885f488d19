package io.millrace.stream;

import com.sun.management.OperatingSystemMXBean;
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
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A bulk load as it ships, up to the sealed commit, which is made at once instead of at the
 * stream's next: {@code MeasuredLoad DATA PROJECT STREAM FOLDER}. Prints MB/s, processor
 * microseconds for an event, and memory.
 */
final class MeasuredLoad {

  private MeasuredLoad() {}

  public static void main(String[] args) throws Exception {
    DataDirectory data = new DataDirectory(Path.of(args[0]));
    Project project = ProjectReader.load(Path.of(args[1]));
    StreamContract contract = project.contract(args[2]);
    List<Path> files = files(Path.of(args[3]));
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    try (Lake lake = Lake.open(data)) {
      lake.prepare(contract);
      PersonalKey.of(data); // as `millrace up` makes it before any process needs it
      var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      long cpu = system.getProcessCpuTime();
      long began = System.nanoTime();
      LedgerEntry entry = load(project, contract, data, lake, files);
      double seconds = (System.nanoTime() - began) / 1e9;
      cpu = system.getProcessCpuTime() - cpu;
      long events = entry.ranges().stream().mapToLong(LedgerEntry.Range::to).sum();
      long memory = Report.peak(ProcessHandle.current().pid());
      Report.end(
          Map.of(
              "bulk", bytes / 1e6 / seconds,
              "growth-bulk", cpu / 1e3 / events,
              "growth-bulk-memory", memory / 1e6));
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
