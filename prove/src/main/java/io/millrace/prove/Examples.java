package io.millrace.prove;

import java.util.ArrayList;
import java.util.List;

/** Offsets as far as they help a reader: the first few, and how many more. */
final class Examples {

  private static final int MAX = 20;

  private final List<String> first = new ArrayList<>();
  private long count;

  void add(String offsets) {
    count++;
    if (first.size() < MAX) {
      first.add(offsets);
    }
  }

  boolean isEmpty() {
    return count == 0;
  }

  @Override
  public String toString() {
    String more = count > first.size() ? " and %d more".formatted(count - first.size()) : "";
    return String.join(", ", first) + more;
  }
}
