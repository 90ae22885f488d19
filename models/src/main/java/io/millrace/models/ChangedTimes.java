package io.millrace.models;

import io.millrace.core.Interval;
import io.millrace.core.TableName;
import io.millrace.engine.Input;
import io.millrace.engine.Rows;
import io.millrace.engine.Workbench;
import io.millrace.engine.Workshop;
import io.millrace.lake.Changes;
import io.millrace.lake.PinnedTable;
import io.millrace.project.Batches;
import io.millrace.project.Project;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads when changed rows happened.
 *
 * <p>Rows of a table that was rewritten are compared by number and sum of their hashes, for each
 * quarter of an hour: files that were written again with the same rows change nothing. Quarters,
 * because every time zone's days begin with one.
 */
final class ChangedTimes {

  private static final long QUARTER_SECONDS = 900;

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
    Set<Quarter> quarters = new HashSet<>();
    if (changes instanceof Changes.Appended appended) {
      quarters.addAll(quarters(door, table, appended.files(), NO_HASHES).keySet());
    } else if (changes instanceof Changes.Rewritten rewritten) {
      Map<Quarter, Content> before = quarters(door, table, rewritten.removed(), HASHES);
      Map<Quarter, Content> after = quarters(door, table, rewritten.added(), HASHES);
      after.forEach(
          (quarter, content) -> {
            if (!content.equals(before.remove(quarter))) {
              quarters.add(quarter);
            }
          });
      quarters.addAll(before.keySet());
    } else if (changes instanceof Changes.Unknown) {
      quarters.addAll(quarters(door, table, table.files(), NO_HASHES).keySet());
    }
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

  /** Whether rows that were removed are others than those that were added. */
  boolean differ(PinnedTable table, Changes.Rewritten rewritten) {
    return !content(table, rewritten.added()).equals(content(table, rewritten.removed()));
  }

  private Map<Quarter, Content> quarters(
      Door door, PinnedTable table, List<String> files, String hashes) {
    Map<Quarter, Content> quarters = new HashMap<>();
    String time = SqlText.name(project.eventTime(door.input()).orElseThrow());
    String sql =
        "SELECT CAST(floor(epoch_us(%s) / %d) AS BIGINT), typeof(%s) = 'TIMESTAMP WITH TIME ZONE', count(*), %s FROM %s AS row WHERE %s IS NOT NULL GROUP BY ALL"
            .formatted(
                time, QUARTER_SECONDS * 1_000_000, time, hashes, SqlText.name(door.input()), time);
    try (Workbench bench = open(table, files);
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
            .formatted(SqlText.name(table.name()));
    try (Workbench bench = open(table, files);
        Rows rows = bench.rows(sql)) {
      rows.next();
      return new Content(
          ((Number) rows.value(0)).longValue(), new BigInteger((String) rows.value(1)));
    }
  }

  private Workbench open(PinnedTable table, List<String> files) {
    TreeMap<TableName, Input> inputs = new TreeMap<>();
    inputs.put(
        table.name(), new Input.Files(table.schema(), table.fieldNames(), files, Optional.empty()));
    return workshop.open(inputs, Optional.empty());
  }
}
