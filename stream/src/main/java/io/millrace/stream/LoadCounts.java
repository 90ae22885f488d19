package io.millrace.stream;

import io.millrace.lake.LedgerEntry.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What became of the lines of a load, file by file. Safe for several threads. */
final class LoadCounts {

  /** How many rejected lines are named. */
  static final int REJECTS = 100;

  private static final class OfFile {
    private long lines;
    private final OutcomeCounts outcomes = new OutcomeCounts();
  }

  private final List<OfFile> files = new ArrayList<>();
  private final SortedMap<String, Long> reasons = new TreeMap<>();
  private final SortedSet<LoadReject> rejects = new TreeSet<>();

  LoadCounts(int files) {
    for (int i = 0; i < files; i++) {
      this.files.add(new OfFile());
    }
  }

  synchronized void add(int file, long lines, OutcomeCounts outcomes) {
    OfFile counts = files.get(file);
    counts.lines += lines;
    counts.outcomes.add(outcomes);
  }

  synchronized void add(LoadReject reject) {
    reasons.merge(reject.reason(), 1L, Long::sum);
    rejects.add(reject);
    if (rejects.size() > REJECTS) {
      rejects.remove(rejects.last());
    }
  }

  /** The lines of a file; those without an event are absent. */
  synchronized Range range(int file, String topic, int partition) {
    OfFile counts = files.get(file);
    return counts.outcomes.range(topic, partition, 0, counts.lines);
  }

  /** How many lines were rejected, by reason. */
  synchronized SortedMap<String, Long> reasons() {
    return new TreeMap<>(reasons);
  }

  /** The first of them. */
  synchronized List<LoadReject> rejects() {
    return List.copyOf(rejects);
  }
}
