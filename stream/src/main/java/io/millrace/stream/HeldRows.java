package io.millrace.stream;

import io.millrace.lake.Ledger.TopicPartition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What tables hold of some stretches of offsets: of each offset the file its row is in, the row's
 * fingerprint, and its session. Twenty bytes an offset, so whoever has many takes them stretch by
 * stretch.
 */
final class HeldRows {

  /** Offsets {@code [from, to)} of a partition. */
  record Stretch(TopicPartition key, long from, long to) {
    long offsets() {
      return to - from;
    }

    boolean contains(TopicPartition other, long offset) {
      return key.equals(other) && from <= offset && offset < to;
    }
  }

  /** A row of a table; the same row until the next is asked for. */
  record Held(RebuiltTable.OldFile file, long fingerprint, long session) {}

  private static final int NONE = -1;

  private static final class Rows {
    private final long[] fingerprints;
    private final long[] sessions;
    private final int[] files;

    Rows(int offsets) {
      fingerprints = new long[offsets];
      sessions = new long[offsets];
      files = new int[offsets];
      Arrays.fill(files, NONE);
    }
  }

  private final Map<TopicPartition, Stretch> stretches = new HashMap<>();
  private final Map<TopicPartition, Rows> rows = new HashMap<>();
  private final List<RebuiltTable.OldFile> files = new ArrayList<>();

  /**
   * Reads what tables hold of stretches.
   *
   * @param wanted one of each partition at most
   */
  HeldRows(List<Stretch> wanted, Iterable<RebuiltTable> tables) {
    for (Stretch stretch : wanted) {
      stretches.put(stretch.key(), stretch);
      rows.put(stretch.key(), new Rows(Math.toIntExact(stretch.offsets())));
    }
    for (RebuiltTable table : tables) {
      for (RebuiltTable.OldFile file : table.filesWith(wanted)) {
        int number = files.size();
        files.add(file);
        table.read(
            file,
            (key, offset, fingerprint, session) -> put(key, offset, fingerprint, session, number));
      }
    }
  }

  private void put(TopicPartition key, long offset, long fingerprint, long session, int file) {
    Stretch stretch = stretches.get(key);
    if (stretch != null && stretch.contains(key, offset)) {
      int at = (int) (offset - stretch.from());
      rows.get(key).fingerprints[at] = fingerprint;
      rows.get(key).sessions[at] = session;
      rows.get(key).files[at] = file;
    }
  }

  /** The row of an offset, which is not there a second time; null if no table has it. */
  Held take(TopicPartition key, long offset) {
    int at = (int) (offset - stretches.get(key).from());
    Rows of = rows.get(key);
    int file = of.files[at];
    of.files[at] = NONE;
    return file == NONE ? null : new Held(files.get(file), of.fingerprints[at], of.sessions[at]);
  }

  /** The first of these offsets whose row nobody has taken; -1 if all have been. */
  long firstLeft(Stretch stretch) {
    int[] of = rows.get(stretch.key()).files;
    long begin = stretches.get(stretch.key()).from();
    for (int at = (int) (stretch.from() - begin); at < stretch.to() - begin; at++) {
      if (of[at] != NONE) {
        return begin + at;
      }
    }
    return -1;
  }
}
