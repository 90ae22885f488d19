package io.millrace.live;

import io.millrace.event.LiveRow;
import io.millrace.event.LiveRow.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The same rows for the same seed: few keys, events out of order, and now and then one gone. */
final class RandomRows {

  private final List<LiveRow> rows = new ArrayList<>();

  RandomRows(long seed, int count, int keys) {
    Random random = new Random(seed);
    for (int offset = 0; offset < count; offset++) {
      Version version = new Version(offset / 3 - random.nextInt(50), random.nextInt(3), offset);
      String key = "key " + random.nextInt(keys);
      rows.add(
          random.nextInt(8) == 0
              ? LiveRow.gone(key, version)
              : LiveRow.of(key, version, "{\"n\":" + offset + "}"));
    }
  }

  int size() {
    return rows.size();
  }

  List<LiveRow> rows(int from, int to) {
    return List.copyOf(rows.subList(from, to));
  }

  /** Adds rows to the newest of each key, as plainly as can be. */
  static void newest(List<LiveRow> rows, Map<String, LiveRow> into) {
    for (LiveRow row : rows) {
      into.merge(row.key(), row, (a, b) -> b.version().compareTo(a.version()) >= 0 ? b : a);
    }
  }

  /** Those that are not gone. */
  static Map<String, LiveRow> there(Map<String, LiveRow> rows) {
    Map<String, LiveRow> there = new HashMap<>(rows);
    there.values().removeIf(row -> row.json().isEmpty());
    return there;
  }
}
