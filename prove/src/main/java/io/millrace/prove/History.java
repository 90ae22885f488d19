package io.millrace.prove;

import io.millrace.lake.Commits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;

/**
 * The snapshots that led to a table as it is, newest first, as far back as the table remembers.
 *
 * @param snapshots each with the commit of the stream that it holds
 * @param isWhole whether it reaches back to the first
 */
record History(List<Step> snapshots, boolean isWhole) {

  History {
    snapshots = List.copyOf(snapshots);
  }

  /**
   * One snapshot.
   *
   * @param sequence the newest commit of the stream that is in it; 0 for none
   */
  record Step(Snapshot snapshot, long sequence) {

    /** Whether a commit of the stream made it. */
    boolean isCommit() {
      return kind().equals("append") || isCorrection();
    }

    /** Whether it says that rows of earlier commits were replaced, which the ledger has to know. */
    boolean isCorrection() {
      return kind().equals("correction");
    }

    /**
     * A stream adds rows, its maintenance keeps as many as there were, and erasing only takes some
     * out.
     */
    boolean isOurs() {
      return switch (kind()) {
        case "append" -> deleted() == 0;
        case "rewrite" -> added() == deleted();
        case "erasure" -> added() < deleted();
        default -> false;
      };
    }

    private String kind() {
      return snapshot.summary().getOrDefault(Commits.KIND, "");
    }

    long added() {
      return count(snapshot, SnapshotSummary.ADDED_RECORDS_PROP);
    }

    long deleted() {
      return count(snapshot, SnapshotSummary.DELETED_RECORDS_PROP);
    }
  }

  static History of(Table table) {
    List<Snapshot> chain = new ArrayList<>();
    Snapshot at = table.currentSnapshot();
    Long parent = null;
    while (at != null) {
      chain.add(at);
      parent = at.parentId();
      at = parent == null ? null : table.snapshot(parent);
    }
    List<Step> steps = new ArrayList<>();
    long sequence = 0;
    for (int i = chain.size() - 1; i >= 0; i--) {
      // Somebody else's snapshot says nothing, and holds what the one before it held.
      String said = chain.get(i).summary().get(Commits.SEQUENCE);
      sequence = said == null ? sequence : Long.parseLong(said);
      steps.add(new Step(chain.get(i), sequence));
    }
    Collections.reverse(steps);
    return new History(steps, parent == null);
  }

  /** The newest commit of the stream that the table holds; 0 for none. */
  long sequence() {
    return snapshots.isEmpty() ? 0 : snapshots.get(0).sequence();
  }

  /**
   * How it was when a commit was the newest: a commit appends to the tables before it is in the
   * ledger, so the table may be ahead of what the ledger accounts for.
   */
  History upTo(long sequence) {
    List<Step> kept = snapshots.stream().filter(step -> step.sequence() <= sequence).toList();
    return new History(kept, isWhole);
  }

  Optional<Snapshot> newest() {
    return snapshots.stream().findFirst().map(Step::snapshot);
  }

  private static long count(Snapshot snapshot, String property) {
    return Long.parseLong(snapshot.summary().getOrDefault(property, "0"));
  }
}
