package io.millrace.stream;

import io.millrace.bench.HeavyVisitor;
import io.millrace.bench.Progress;
import io.millrace.bench.Report;
import io.millrace.bench.StreamTask;
import io.millrace.core.DataDirectory;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.LedgerEntry;
import io.millrace.lake.LedgerEntry.Range;
import io.millrace.project.ProjectReader;
import java.util.List;
import java.util.Map;

/**
 * The stream process as it ships, reading clicks to their end, with a {@link StreamTask}: how fast
 * the partitions are read that the heavy visitor is not in, as long as each of them has more, and
 * how fast all of them to the end. The partition left out is the same if there is no such visitor.
 */
final class MeasuredSkew {

  private static final String STREAM = "clicks";

  private MeasuredSkew() {}

  public static void main(String[] args) throws Exception {
    StreamTask task = StreamTask.of(args);
    DataDirectory data = new DataDirectory(task.folder());
    try (RunningStream stream =
        RunningStream.start(ProjectReader.load(task.project()), data, task.kafka())) {
      Map<TopicPartition, Long> ends = stream.awaitEnds();
      int heavy = HeavyVisitor.partition(ends.size());
      Progress rest = task.progress();
      Progress all = task.progress();
      long taken = 0;
      long takenOfRest = 0;
      boolean hasMore = true;
      for (LedgerEntry entry : stream.ledger().after(STREAM, 0)) {
        List<Range> ofRest =
            entry.ranges().stream().filter(range -> range.partition() != heavy).toList();
        taken += events(entry.ranges());
        takenOfRest += events(ofRest);
        all.add(entry.sealedAtMicros() / 1_000, taken);
        hasMore &=
            ofRest.stream()
                .allMatch(it -> it.to() < ends.get(new TopicPartition(it.topic(), it.partition())));
        if (hasMore) {
          rest.add(entry.sealedAtMicros() / 1_000, takenOfRest);
        }
      }
      Report.end(Map.of("skew", task.rate(rest), "skew-whole", task.rate(all)));
    }
    System.exit(0); // Flink leaves threads behind
  }

  private static long events(List<Range> ranges) {
    return ranges.stream().mapToLong(range -> range.to() - range.from()).sum();
  }
}
