package io.millrace.lake;

import io.millrace.core.MillraceException;
import io.millrace.lake.Commits.NewRows;
import io.millrace.lake.LedgerEntry.Range;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.List;

/**
 * Files that are to become part of a stream in one commit: what became of their lines, and the data
 * files that were written of them and that no table has yet.
 *
 * @param ranges the lines of each file, from 0 on
 */
public record Load(String stream, List<LoadedFile> files, List<Range> ranges, List<NewRows> rows)
    implements Serializable {

  public Load {
    files = List.copyOf(files);
    ranges = List.copyOf(ranges);
    rows = List.copyOf(rows);
  }

  /** What the tables' snapshots call it: no other load of the stream has these numbers. */
  String name() {
    int first = files.get(0).number();
    return "files %d to %d".formatted(first, first + files.size() - 1);
  }

  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(this);
    } catch (IOException e) {
      throw MillraceException.us("Cannot write down a load of " + stream, e);
    }
    return bytes.toByteArray();
  }

  static Load fromBytes(byte[] bytes) {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return (Load) in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw MillraceException.us("Cannot read a load that another version wrote down", e);
    }
  }
}
