package io.millrace.stream;

import com.sun.management.OperatingSystemMXBean;
import io.millrace.core.DataDirectory;
import io.millrace.core.Meters;
import io.millrace.lake.Commits;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger;
import io.millrace.lake.LedgerEntry;
import io.millrace.lake.Load;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.StreamContract;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How fast files of clicks become bronze, with everything on that a user has on: {@code
 * BulkBenchmark <project> <folder> <runs>}.
 *
 * <p>The folder's {@code events} are files of clicks; each run loads them into a new lake. The time
 * is from the first byte to the sealed commit, in a JVM that is as warm as the runs before have
 * made it.
 */
final class BulkBenchmark {

  private static final String STREAM = "clicks";

  private BulkBenchmark() {}

  public static void main(String[] args) throws Exception {
    Project project = ProjectReader.load(Path.of(args[0]).toAbsolutePath());
    Path folder = Path.of(args[1]).toAbsolutePath();
    Path events = folder.resolve("events");
    for (int run = 0; run < Integer.parseInt(args[2]); run++) {
      load(project, events, folder.resolve("lake-" + System.currentTimeMillis()));
    }
  }

  private static void load(Project project, Path events, Path root) throws Exception {
    DataDirectory data = new DataDirectory(root);
    StreamContract contract = project.contract(STREAM);
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    try (Lake lake = Lake.open(data);
        Commits commits =
            new Commits(Lake.open(data), Ledger.open(data.metadata()), Clock.systemUTC())) {
      lake.prepare(contract);
      long began = System.nanoTime();
      long cpu = system.getProcessCpuTime();
      Load load;
      List<LoadFile> files = files(events);
      try (BulkLoad bulk =
          new BulkLoad(
              contract,
              files,
              1,
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
        load = bulk.run();
      }
      try (Ledger ledger = Ledger.open(data.metadata())) {
        ledger.propose(load);
      }
      LedgerEntry entry = commits.load(STREAM).orElseThrow();
      double seconds = (System.nanoTime() - began) / 1e9;
      double megabytes = files.stream().mapToLong(LoadFile::bytes).sum() / 1e6;
      long lines = entry.ranges().stream().mapToLong(LedgerEntry.Range::to).sum();
      System.out.printf(
          "millrace: %.0f MB in %.2f s, %.0f MB/s; CPU %.2f s, %.2f s/GB; %,d lines, %s%n",
          megabytes,
          seconds,
          megabytes / seconds,
          (system.getProcessCpuTime() - cpu) / 1e9,
          (system.getProcessCpuTime() - cpu) / 1e6 / megabytes,
          lines,
          entry.parts());
    }
  }

  private static List<LoadFile> files(Path events) throws IOException {
    List<LoadFile> files = new ArrayList<>();
    try (Stream<Path> found = Files.list(events)) {
      for (Path file : found.sorted().toList()) {
        files.add(new LoadFile(file, file.toUri().toString(), Files.size(file)));
      }
    }
    return files;
  }
}
