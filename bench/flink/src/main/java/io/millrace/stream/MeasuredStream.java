package io.millrace.stream;

import io.millrace.bench.Progress;
import io.millrace.bench.StreamTask;
import io.millrace.core.DataDirectory;
import io.millrace.event.PersonalKey;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger;
import io.millrace.lake.LedgerEntry;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import org.apache.flink.core.execution.JobClient;

/** The stream process as it ships, timed by its ledger; with a {@link StreamTask}. */
final class MeasuredStream {

  private static final String STREAM = "clicks";

  private MeasuredStream() {}

  public static void main(String[] args) throws Exception {
    StreamTask task = StreamTask.of(args);
    Project project = ProjectReader.load(task.project());
    DataDirectory data = new DataDirectory(task.folder());
    Progress progress = task.progress();
    try (Lake lake = Lake.open(data)) {
      project.streams().values().forEach(lake::prepare);
    }
    PersonalKey.of(data); // as `millrace up` makes it before any process needs it
    JobClient job = StreamMain.environment(project, data, task.kafka()).executeAsync("clicks");
    try (Ledger ledger = Ledger.open(data.metadata())) {
      long entries = 0;
      long taken = 0;
      while (progress.goesOn()) {
        for (LedgerEntry entry : ledger.after(STREAM, entries)) {
          taken += entry.ranges().stream().mapToLong(range -> range.to() - range.from()).sum();
          progress.add(entry.sealedAtMicros() / 1_000, taken);
          entries++;
        }
      }
    }
    task.report(progress);
    job.cancel().get();
    System.exit(0); // Flink leaves threads behind
  }
}
