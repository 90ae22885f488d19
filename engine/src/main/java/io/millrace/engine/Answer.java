package io.millrace.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * All rows of a result, to be compared with another.
 *
 * @param whole whether there are no more rows than these
 */
public record Answer(List<Rows.Column> columns, List<List<Object>> rows, boolean whole) {

  /** Reads at most so many rows; the caller closes them. */
  public static Answer read(Rows rows, int most) {
    List<List<Object>> read = new ArrayList<>();
    boolean more = rows.next();
    for (; more && read.size() < most; more = rows.next()) {
      read.add(Collections.unmodifiableList(rows.values()));
    }
    return new Answer(rows.columns(), Collections.unmodifiableList(read), !more);
  }
}
