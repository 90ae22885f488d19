package io.millrace.stream;

import io.millrace.bench.Progress;
import io.millrace.bench.Report;
import io.millrace.core.DataDirectory;
import io.millrace.event.PersonalKey;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger;
import io.millrace.lake.LedgerEntry;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.core.execution.JobClient;

/**
 * The stream process as it ships, timed by its ledger: {@code MeasuredStream PROJECT FOLDER KAFKA
 * BYTES_PER_EVENT ACCEPTED SECONDS}. Prints MB/s of JSON.
 */
final class MeasuredStream {

  private static final String STREAM = "clicks";

  private MeasuredStream() {}

  public static void main(String[] args) throws Exception {
    Project project = ProjectReader.load(Path.of(args[0]));
    DataDirectory data = new DataDirectory(Path.of(args[1]));
    double bytesPerEvent = Double.parseDouble(args[3]);
    Progress progress = new Progress(Duration.ofSeconds(Long.parseLong(args[5])));
    try (Lake lake = Lake.open(data)) {
      project.streams().values().forEach(lake::prepare);
    }
    PersonalKey.of(data); // as `millrace up` makes it before any process needs it
    JobClient job = StreamMain.environment(project, data, args[2]).executeAsync("clicks");
    try (Ledger ledger = Ledger.open(data.metadata())) {
      long entries = 0;
      long taken = 0;
      long idle = 0;
      while (!progress.isOver() && idle < IDLE_LOOKS) {
        Thread.sleep(POLL_MILLIS);
        idle++;
        for (LedgerEntry entry : ledger.after(STREAM, entries)) {
          taken += entry.ranges().stream().mapToLong(range -> range.to() - range.from()).sum();
          progress.add(entry.sealedAtMicros() / 1_000, taken);
          entries++;
          idle = 0;
        }
      }
    }
    Report.only("stream", progress.eventsPerSecond() * bytesPerEvent / 1e6);
    job.cancel().get();
    System.exit(0); // Flink leaves threads behind
  }

  private static final long POLL_MILLIS = 200;

  /** No commit for a minute: the topic is at its end. */
  private static final long IDLE_LOOKS = 300;
}
