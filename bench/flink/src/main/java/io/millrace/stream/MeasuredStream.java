package io.millrace.stream;

import io.millrace.bench.Progress;
import io.millrace.bench.StreamTask;
import io.millrace.core.DataDirectory;
import io.millrace.lake.LedgerEntry;
import io.millrace.project.ProjectReader;

/** The stream process as it ships, timed by its ledger; with a {@link StreamTask}. */
final class MeasuredStream {

  private static final String STREAM = "clicks";

  private MeasuredStream() {}

  public static void main(String[] args) throws Exception {
    StreamTask task = StreamTask.of(args);
    DataDirectory data = new DataDirectory(task.folder());
    try (RunningStream stream =
        RunningStream.start(ProjectReader.load(task.project()), data, task.kafka())) {
      Progress progress = task.progress();
      long entries = 0;
      long taken = 0;
      while (progress.goesOn()) {
        for (LedgerEntry entry : stream.ledger().after(STREAM, entries)) {
          taken += entry.ranges().stream().mapToLong(range -> range.to() - range.from()).sum();
          progress.add(entry.sealedAtMicros() / 1_000, taken);
          entries++;
        }
      }
      task.report(progress);
    }
    System.exit(0); // Flink leaves threads behind
  }
}
