package io.millrace.stream;

import io.millrace.lake.Commits.NewRows;
import io.millrace.lake.LedgerEntry.Range;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one subtask read and wrote of one stream up to a checkpoint: files that are complete, and
 * not yet part of any table.
 */
record StagedCommit(String stream, long checkpoint, List<Range> ranges, List<NewRows> rows)
    implements Serializable {

  StagedCommit {
    ranges = List.copyOf(ranges);
    rows = List.copyOf(rows);
  }

  /** Both as one: partitions are read by one subtask each, tables written by all. */
  StagedCommit plus(StagedCommit other) {
    List<Range> allRanges = new ArrayList<>(ranges);
    allRanges.addAll(other.ranges);
    Map<String, NewRows> byTable = new TreeMap<>();
    rows.forEach(part -> byTable.merge(part.table().toString(), part, NewRows::plus));
    other.rows.forEach(part -> byTable.merge(part.table().toString(), part, NewRows::plus));
    return new StagedCommit(stream, checkpoint, allRanges, List.copyOf(byTable.values()));
  }

  byte[] toBytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(this);
    }
    return bytes.toByteArray();
  }

  static StagedCommit fromBytes(byte[] bytes) throws IOException {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return (StagedCommit) in.readObject();
    } catch (ClassNotFoundException e) {
      throw new IOException("not written by this version", e);
    }
  }
}
