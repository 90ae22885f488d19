package io.millrace.models;

import io.millrace.project.Dimension.HardDeletes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Histories computed with loops, a key and a day at a time. */
final class PlainHistory {

  private PlainHistory() {}

  /**
   * A row about a key.
   *
   * @param guess whether it only mentions the key
   */
  record Said(String key, int a, int b, int since, boolean gone, int known, boolean guess) {
    Said(String key, int a, int b, int since, boolean gone, int known) {
      this(key, a, b, since, gone, known, false);
    }
  }

  /** A row of a history; {@code deleted} as the way to treat deletions has it. */
  record Version(String key, int a, int b, int from, Integer to, boolean deleted) {
    List<Object> values() {
      return Arrays.asList(key, a, b, from, to, deleted);
    }
  }

  /** Where rows are of one time, the last in this order counts. */
  private static final Comparator<Said> BY_VALUES =
      Comparator.comparing(Said::gone).thenComparing(Said::a).thenComparing(Said::b);

  private static final Comparator<Said> BY_RECORDED =
      Comparator.comparing(Said::known)
          .thenComparing(Said::gone)
          .thenComparing(Said::a)
          .thenComparing(Said::b);

  static List<Version> versions(
      List<Said> said, Optional<List<String>> check, HardDeletes deletes) {
    return versions(said, BY_VALUES, check, deletes);
  }

  /** Where rows are of one time, what was recorded last counts. */
  static List<Version> recorded(
      List<Said> said, Optional<List<String>> check, HardDeletes deletes) {
    return versions(said, BY_RECORDED, check, deletes);
  }

  private static List<Version> versions(
      List<Said> said, Comparator<Said> ties, Optional<List<String>> check, HardDeletes deletes) {
    List<Version> versions = new ArrayList<>();
    Map<String, List<Said>> byKey =
        said.stream().collect(Collectors.groupingBy(Said::key, TreeMap::new, Collectors.toList()));
    for (List<Said> rows : byKey.values()) {
      Said current = null;
      Said dead = null;
      int deadSince = 0;
      for (Said row : filled(byTime(rows, ties))) {
        if (row.gone()) {
          if (current != null) {
            versions.add(version(current, row.since(), deletes == HardDeletes.INVALIDATE));
            dead = current;
            deadSince = row.since();
            current = null;
          }
        } else if (current == null || differs(current, row, check)) {
          if (current != null) {
            versions.add(version(current, row.since(), false));
          } else if (dead != null && deletes == HardDeletes.NEW_RECORD) {
            versions.add(new Version(dead.key(), dead.a(), dead.b(), deadSince, row.since(), true));
          }
          current = row;
          dead = null;
        }
      }
      if (current != null) {
        versions.add(version(current, null, false));
      } else if (dead != null && deletes == HardDeletes.NEW_RECORD) {
        versions.add(new Version(dead.key(), dead.a(), dead.b(), deadSince, null, true));
      }
    }
    return versions;
  }

  private static Version version(Said row, Integer to, boolean deleted) {
    return new Version(row.key(), row.a(), row.b(), row.since(), to, deleted);
  }

  private static List<Said> byTime(List<Said> rows, Comparator<Said> ties) {
    Map<Integer, Said> last = new TreeMap<>();
    Comparator<Said> order = Comparator.comparing((Said row) -> !row.guess()).thenComparing(ties);
    for (Said row : rows) {
      last.merge(row.since(), row, (x, y) -> order.compare(x, y) > 0 ? x : y);
    }
    return List.copyOf(last.values());
  }

  /** What is said first is so since the key was mentioned first; later mentions say nothing. */
  private static List<Said> filled(List<Said> rows) {
    List<Said> filled = new ArrayList<>();
    for (Said row : rows) {
      boolean onlyMentioned = filled.size() == 1 && filled.get(0).guess();
      if (onlyMentioned && !row.guess() && !row.gone()) {
        int since = filled.get(0).since();
        filled.set(0, new Said(row.key(), row.a(), row.b(), since, false, row.known()));
      } else if (!row.guess() || filled.isEmpty()) {
        filled.add(row);
      }
    }
    return filled;
  }

  private static boolean differs(Said old, Said row, Optional<List<String>> check) {
    if (check.isEmpty()) {
      return true;
    }
    boolean a = old.a() != row.a();
    return check.get().isEmpty() ? a || old.b() != row.b() : a;
  }

  /** The newest row of each key that is there at the end of a day. */
  static List<Said> at(int day, List<Said> said) {
    Map<String, Said> alive = new TreeMap<>();
    said.stream()
        .collect(Collectors.groupingBy(Said::key))
        .forEach(
            (key, rows) ->
                byTime(rows, BY_VALUES).stream()
                    .filter(row -> row.since() <= day)
                    .reduce((first, second) -> second)
                    .filter(row -> !row.gone())
                    .ifPresent(row -> alive.put(key, row)));
    return List.copyOf(alive.values());
  }

  /** The newest values of a key, and the last that were others. */
  static List<Object> withPrevious(Version newest, List<Said> said) {
    Integer a = null;
    Integer b = null;
    List<Said> rows = said.stream().filter(it -> it.key().equals(newest.key())).toList();
    for (Said row : filled(byTime(rows, BY_VALUES))) {
      if (!row.gone()) {
        a = row.a() == newest.a() ? a : Integer.valueOf(row.a());
        b = row.b() == newest.b() ? b : Integer.valueOf(row.b());
      }
    }
    return Arrays.asList(newest.key(), newest.a(), newest.b(), a, b);
  }
}
