package io.millrace.models;

import io.millrace.core.Interval;
import io.millrace.core.Quoted;
import io.millrace.core.SqlFile;
import io.millrace.core.TableName;
import io.millrace.engine.Input;
import io.millrace.engine.Rows;
import io.millrace.engine.Workbench;
import io.millrace.engine.Workshop;
import io.millrace.lake.Changes;
import io.millrace.lake.PinnedTable;
import io.millrace.project.Batches;
import io.millrace.project.Dimension;
import io.millrace.project.Project;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.iceberg.types.Types;

/**
 * Reads when changed rows happened.
 *
 * <p>Rows of a table that was rewritten are compared by number and sum of their hashes, for each
 * quarter of an hour: files that were written again with the same rows change nothing. Quarters,
 * because every time zone's days begin with one.
 */
final class ChangedTimes {

  private static final long QUARTER_SECONDS = 900;

  /** What a later change alters of a version that it leaves as it is. */
  private static final Set<String> NOT_TOLD =
      Set.of(
          Dimension.VALID_TO,
          Dimension.WAS_DELETED,
          Dimension.RECORDED_FROM,
          Dimension.RECORDED_TO);

  /** What is compared; not read where rows can only have been added. */
  private static final String HASHES = "CAST(sum(CAST(hash(row) AS HUGEINT)) AS VARCHAR)";

  private static final String NO_HASHES = "'0'";

  private final Project project;
  private final Workshop workshop;

  ChangedTimes(Project project, Workshop workshop) {
    this.project = project;
    this.workshop = workshop;
  }

  /** A quarter of an hour, and whether it is one of UTC or of a clock on the wall. */
  private record Quarter(long number, boolean local) {

    Instant instant(Batches batches) {
      Instant utc = Instant.ofEpochSecond(number * QUARTER_SECONDS);
      return local
          ? utc.atOffset(ZoneOffset.UTC).toLocalDateTime().atZone(batches.zone()).toInstant()
          : utc;
    }
  }

  private record Content(long rows, BigInteger hashes) {}

  /**
   * The intervals that hold changed rows; those before {@code begin} left out.
   *
   * @param table behind the door, whose rows have changed
   */
  SortedSet<Interval> intervals(Door door, PinnedTable table, Changes changes, Batches batches) {
    if (changes instanceof Changes.Rewritten rewritten) {
      return intervals(
          differing(
              quarters(door, files(table, rewritten.removed()), HASHES),
              quarters(door, files(table, rewritten.added()), HASHES)),
          batches);
    }
    List<String> files =
        changes instanceof Changes.Appended appended
            ? appended.files()
            : changes instanceof Changes.Unknown ? table.files() : List.of();
    return intervals(quarters(door, files(table, files), NO_HASHES).keySet(), batches);
  }

  /**
   * The intervals in which a view of several tables differs from what it was.
   *
   * @param before the tables behind it as they were; one that is missing had no rows
   * @param now all of them
   */
  SortedSet<Interval> intervals(
      Door door,
      SortedMap<TableName, PinnedTable> before,
      SortedMap<TableName, PinnedTable> now,
      Batches batches) {
    SortedMap<TableName, Input> was = new TreeMap<>();
    SortedMap<TableName, Input> is = new TreeMap<>();
    now.forEach(
        (name, table) -> {
          is.put(name, new Input.Table(table, Optional.empty()));
          was.putAll(files(table, List.of()));
        });
    before.forEach((name, table) -> was.put(name, new Input.Table(table, Optional.empty())));
    Map<Quarter, Content> old = before.isEmpty() ? Map.of() : quarters(door, was, HASHES);
    return intervals(differing(old, quarters(door, is, HASHES)), batches);
  }

  private static Set<Quarter> differing(Map<Quarter, Content> before, Map<Quarter, Content> after) {
    Set<Quarter> differing = new HashSet<>(before.keySet());
    differing.addAll(after.keySet());
    differing.removeIf(quarter -> Objects.equals(before.get(quarter), after.get(quarter)));
    return differing;
  }

  private static SortedSet<Interval> intervals(Set<Quarter> quarters, Batches batches) {
    SortedSet<Interval> intervals = new TreeSet<>();
    Optional<Instant> begin =
        batches.begin().map(day -> day.atStartOfDay(batches.zone()).toInstant());
    for (Quarter quarter : quarters) {
      Interval interval = batches.at(quarter.instant(batches));
      if (begin.isEmpty() || begin.get().isBefore(interval.end())) {
        intervals.add(interval);
      }
    }
    return intervals;
  }

  /**
   * The times at which a history says something else than it did, roughly. The end of a version is
   * not part of what it says: what comes after it does.
   */
  List<Interval> validity(
      PinnedTable history, Dimension dimension, Changes changes, Batches batches) {
    if (changes instanceof Changes.Unknown) {
      return List.of();
    }
    RowChanges rows = new RowChanges(history, changes);
    SortedMap<TableName, Input> inputs = new TreeMap<>();
    rows.putInto(inputs);
    List<Interval> found = new ArrayList<>();
    try (Workbench bench = workshop.open(inputs, Optional.empty());
        Rows stretches = bench.rows(validity(rows, dimension))) {
      while (stretches.next()) {
        boolean local = !(Boolean) stretches.value(2);
        found.add(
            stretch(
                new Quarter(((Number) stretches.value(0)).longValue(), local).instant(batches),
                stretches.value(1) == null
                    ? Instant.MAX
                    : new Quarter(((Number) stretches.value(1)).longValue(), local)
                        .instant(batches)));
      }
    }
    return found;
  }

  /** Clocks on the wall may go back. */
  private static Interval stretch(Instant start, Instant end) {
    return start.isBefore(end)
        ? new Interval(start, end)
        : new Interval(end, start.plusSeconds(QUARTER_SECONDS));
  }

  private static String validity(RowChanges rows, Dimension dimension) {
    List<String> key = dimension.uniqueKey();
    boolean recorded = dimension.recordedAt().isPresent();
    String told =
        rows.table().schema().columns().stream()
            .map(Types.NestedField::name)
            .filter(column -> !NOT_TOLD.contains(column))
            .map(Quoted::name)
            .collect(Collectors.joining(", "));
    return SqlFile.fill(
        ChangedTimes.class,
        "changed-validity",
        Map.of(
            "key", Quoted.names(key),
            "told", told,
            "new_rows", rows.newRows(),
            "gone_rows", rows.goneRows(),
            "current", recorded ? Dimension.RECORDED_TO + " IS NULL" : "true",
            "same_key", Quoted.sameKey("stretches", "changed", key),
            "stretch_key", Quoted.prefixed("stretches", key),
            "quarter", String.valueOf(QUARTER_SECONDS * 1_000_000)));
  }

  /** Whether rows that were removed are others than those that were added. */
  boolean differ(PinnedTable table, Changes.Rewritten rewritten) {
    return !content(table, rewritten.added()).equals(content(table, rewritten.removed()));
  }

  private Map<Quarter, Content> quarters(
      Door door, SortedMap<TableName, Input> inputs, String hashes) {
    Map<Quarter, Content> quarters = new HashMap<>();
    String time = Quoted.name(project.eventTime(door.input()).orElseThrow());
    String sql =
        "SELECT CAST(floor(epoch_us(%s) / %d) AS BIGINT), typeof(%s) = 'TIMESTAMP WITH TIME ZONE', count(*), %s FROM %s AS row WHERE %s IS NOT NULL GROUP BY ALL"
            .formatted(
                time, QUARTER_SECONDS * 1_000_000, time, hashes, Quoted.name(door.input()), time);
    try (Workbench bench = workshop.open(inputs, Optional.empty());
        Rows rows = bench.rows(sql)) {
      while (rows.next()) {
        quarters.put(
            new Quarter(((Number) rows.value(0)).longValue(), !(Boolean) rows.value(1)),
            new Content(
                ((Number) rows.value(2)).longValue(), new BigInteger((String) rows.value(3))));
      }
    }
    return quarters;
  }

  private Content content(PinnedTable table, List<String> files) {
    String sql =
        "SELECT count(*), CAST(coalesce(sum(CAST(hash(row) AS HUGEINT)), 0) AS VARCHAR) FROM %s AS row"
            .formatted(Quoted.name(table.name()));
    try (Workbench bench = workshop.open(files(table, files), Optional.empty());
        Rows rows = bench.rows(sql)) {
      rows.next();
      return new Content(
          ((Number) rows.value(0)).longValue(), new BigInteger((String) rows.value(1)));
    }
  }

  private static SortedMap<TableName, Input> files(PinnedTable table, List<String> files) {
    SortedMap<TableName, Input> inputs = new TreeMap<>();
    inputs.put(
        table.name(), new Input.Files(table.schema(), table.fieldNames(), files, Optional.empty()));
    return inputs;
  }
}
