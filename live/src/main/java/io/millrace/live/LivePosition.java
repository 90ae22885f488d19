package io.millrace.live;

import io.millrace.event.LiveRow.Version;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where live values stand: how they were filled from bronze, and how far they have followed the
 * topic of live rows since.
 *
 * @param contract the version of the contract whose columns the rows have
 * @param correction the last commit that corrected others and was in bronze then; 0 if none was
 * @param decided of each partition of the stream's topic the offset up to which bronze had all rows
 *     then: it is right about these, whatever the topic of live rows says of them
 * @param next of each partition of the topic of live rows the offset to go on from
 */
record LivePosition(
    int contract,
    long correction,
    SortedMap<Integer, Long> decided,
    SortedMap<Integer, Long> next) {

  /** Before anything was filled. */
  static final LivePosition NONE = new LivePosition(0, 0, new TreeMap<>(), new TreeMap<>());

  LivePosition {
    decided = Collections.unmodifiableSortedMap(new TreeMap<>(decided));
    next = Collections.unmodifiableSortedMap(new TreeMap<>(next));
  }

  /** Whether bronze had what became of a record when live values were filled from it. */
  boolean isDecided(Version version) {
    return version.offset() < decided.getOrDefault(version.partition(), 0L);
  }

  LivePosition followedTo(Map<Integer, Long> offsets) {
    SortedMap<Integer, Long> all = new TreeMap<>(next);
    all.putAll(offsets);
    return new LivePosition(contract, correction, decided, all);
  }

  /** On four lines. */
  String text() {
    return "%d\n%d\n%s\n%s".formatted(contract, correction, text(decided), text(next));
  }

  static LivePosition parse(String text) {
    String[] lines = text.split("\n", -1);
    return new LivePosition(
        Integer.parseInt(lines[0]), Long.parseLong(lines[1]), offsets(lines[2]), offsets(lines[3]));
  }

  private static String text(Map<Integer, Long> offsets) {
    StringBuilder text = new StringBuilder();
    offsets.forEach((partition, offset) -> text.append("%d:%d ".formatted(partition, offset)));
    return text.toString().strip();
  }

  private static SortedMap<Integer, Long> offsets(String text) {
    SortedMap<Integer, Long> offsets = new TreeMap<>();
    for (String each : text.isEmpty() ? new String[0] : text.split(" ", -1)) {
      String[] pair = each.split(":", -1);
      offsets.put(Integer.parseInt(pair[0]), Long.parseLong(pair[1]));
    }
    return offsets;
  }
}
