package io.millrace.stream;

import io.millrace.bench.Report;
import io.millrace.bench.StreamTask;
import io.millrace.core.DataDirectory;
import io.millrace.core.Leash;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The stream process as it ships, reading to their ends whatever streams its project has; with a
 * {@link StreamTask}. Before, the same job has run for a while on a lake of its own, so that code
 * is compiled. Prints processor microseconds for an event, from the first that is taken to the
 * commit of the last.
 */
final class MeasuredBacklog {

  private static final Duration WARM_UP = Duration.ofSeconds(15);
  private static final String TAKEN = "millrace_stream_events_total{";

  private MeasuredBacklog() {}

  public static void main(String[] args) throws Exception {
    StreamTask task = StreamTask.of(args);
    Project project = ProjectReader.load(task.project());
    RunningStream before = start(project, task, task.folder().resolve("before"));
    Thread.sleep(WARM_UP.toMillis());
    before.close();
    double warm = taken();
    try (RunningStream stream = start(project, task, task.folder().resolve("measured"))) {
      while (taken() == warm) {
        Thread.sleep(10);
      }
      double used = Report.processorMicros();
      long events = stream.awaitEnds().values().stream().mapToLong(it -> it).sum();
      Report.only("cost", (Report.processorMicros() - used) / events);
    }
    System.exit(0); // Flink leaves threads behind
  }

  private static RunningStream start(Project project, StreamTask task, Path folder)
      throws Exception {
    return RunningStream.start(project, new DataDirectory(folder), task.kafka());
  }

  /** Events that this process has decided about. */
  private static double taken() {
    return Leash.meters()
        .prometheus()
        .lines()
        .filter(line -> line.startsWith(TAKEN))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
