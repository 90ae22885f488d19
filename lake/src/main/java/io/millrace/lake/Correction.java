package io.millrace.lake;

import io.millrace.core.MillraceException;
import io.millrace.lake.LedgerEntry.Corrected;
import io.millrace.lake.LedgerEntry.Part;
import io.millrace.lake.LedgerEntry.Range;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.List;

/**
 * What is to take the place of what some commits of a stream wrote: its account, while its files
 * are on a branch of each table that changes.
 *
 * @param ranges all offsets that those commits have read, one range for each topic partition
 * @param parts what each table has of these offsets then, whether it changes or not; the snapshot
 *     is the end of its {@link CorrectionBranch}, or {@link #UNCHANGED}
 */
public record Correction(String stream, Corrected corrects, List<Range> ranges, List<Part> parts)
    implements Serializable {

  /** In place of a snapshot: the table keeps its files. */
  public static final long UNCHANGED = 0;

  public Correction {
    ranges = List.copyOf(ranges);
    parts = List.copyOf(parts);
  }

  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(this);
    } catch (IOException e) {
      throw MillraceException.us("Cannot write down a correction of " + stream, e);
    }
    return bytes.toByteArray();
  }

  static Correction fromBytes(byte[] bytes) {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return (Correction) in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw MillraceException.us("Cannot read a correction that another version wrote down", e);
    }
  }
}
