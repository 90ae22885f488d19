package io.millrace.lake;

import io.millrace.core.TableName;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * Which snapshots of a table stay, and which of its tags and branches. Decides only.
 *
 * <p>Besides the young ones these stay, however old: the newest few; all since the newest write,
 * because a stream that starts again looks there for what it has committed; what a tag, a branch or
 * a release names; and all from where a build that is under way left main, because publishing it
 * looks at what main has become since.
 */
final class Retention {

  /** Queries that have begun still read snapshots that are no longer the newest. */
  static final int SNAPSHOTS_KEPT = 30;

  /** Fewer are not worth a commit. */
  private static final int FEWEST_EXPIRED = 10;

  private static final String FAILED = "failed_";
  private static final Duration FAILED_KEPT = Duration.ofDays(7);
  private static final DateTimeFormatter HOUR_FORMAT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH");

  private final TableName name;
  private final Table table;
  private final UpkeepLimits limits;
  private final Instant now;

  Retention(TableName name, Table table, UpkeepLimits limits, Instant now) {
    this.name = name;
    this.table = table;
    this.limits = limits;
    this.now = now;
  }

  /** All steps that are worth doing. */
  List<UpkeepPlan.Step> plan(Set<Long> kept) {
    List<UpkeepPlan.Step> steps = new ArrayList<>();
    SortedMap<String, Long> hours = untaggedHours();
    if (!hours.isEmpty()) {
      steps.add(new UpkeepPlan.Tag(name, hours));
    }
    List<String> old = oldHours();
    if (!old.isEmpty()) {
      steps.add(new UpkeepPlan.Untag(name, old, limits.hourlySnapshots()));
    }
    List<String> failed = oldFailures();
    if (!failed.isEmpty()) {
      steps.add(new UpkeepPlan.DropBranches(name, failed, FAILED_KEPT));
    }
    Set<Long> named = new HashSet<>(kept);
    named.addAll(hours.values());
    List<Long> expired = expired(named);
    if (expired.size() >= FEWEST_EXPIRED) {
      steps.add(new UpkeepPlan.Expire(name, expired, limits.snapshotRetention()));
    }
    return steps;
  }

  /** The last snapshot of each hour that is over and in which rows changed, by tag. */
  SortedMap<String, Long> untaggedHours() {
    Instant oldest = now.minus(limits.hourlySnapshots());
    Instant current = now.truncatedTo(ChronoUnit.HOURS);
    Map<Instant, Long> last = new TreeMap<>();
    Set<Instant> changed = new HashSet<>();
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      Instant hour = hour(snapshot);
      last.putIfAbsent(hour, snapshot.snapshotId());
      if (!isRewrite(snapshot)) {
        changed.add(hour);
      }
    }
    SortedMap<String, Long> tags = new TreeMap<>();
    last.forEach(
        (hour, snapshot) -> {
          String tag = Pins.HOURLY_TAG + HOUR_FORMAT.format(hour.atOffset(ZoneOffset.UTC));
          boolean over = hour.isBefore(current) && hour.isAfter(oldest);
          if (over && changed.contains(hour) && !table.refs().containsKey(tag)) {
            tags.put(tag, snapshot);
          }
        });
    return tags;
  }

  private static Instant hour(Snapshot snapshot) {
    return committedAt(snapshot).truncatedTo(ChronoUnit.HOURS);
  }

  private static Instant committedAt(Snapshot snapshot) {
    return Instant.ofEpochMilli(snapshot.timestampMillis());
  }

  private List<String> oldHours() {
    Instant oldest = now.minus(limits.hourlySnapshots());
    return table.refs().entrySet().stream()
        .filter(ref -> ref.getValue().isTag())
        .map(Map.Entry::getKey)
        .filter(tag -> hour(tag).filter(hour -> !hour.isAfter(oldest)).isPresent())
        .sorted()
        .toList();
  }

  private static Optional<Instant> hour(String tag) {
    if (!tag.startsWith(Pins.HOURLY_TAG)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          LocalDateTime.parse(tag.substring(Pins.HOURLY_TAG.length()) + ":00")
              .toInstant(ZoneOffset.UTC));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private List<String> oldFailures() {
    Instant oldest = now.minus(FAILED_KEPT);
    return table.refs().entrySet().stream()
        .filter(ref -> ref.getValue().isBranch() && isToLookAt(ref.getKey()))
        .filter(ref -> committedAt(table.snapshot(ref.getValue().snapshotId())).isBefore(oldest))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  private static boolean isToLookAt(String branch) {
    return branch.startsWith(FAILED) || branch.equals(CorrectionBranch.COMPARED);
  }

  /** The snapshots that can go. */
  List<Long> expired(Set<Long> named) {
    Set<Long> stay = new HashSet<>(named);
    table.refs().values().forEach(ref -> stay.add(ref.snapshotId()));
    newestOfMain().forEach(snapshot -> stay.add(snapshot.snapshotId()));
    long fork = Long.MAX_VALUE;
    for (Map.Entry<String, SnapshotRef> ref : table.refs().entrySet()) {
      if (ref.getValue().isBranch() && !isToLookAt(ref.getKey())) {
        fork = Math.min(fork, forkOf(ref.getValue()));
      }
    }
    long underWay = fork;
    Instant oldest = now.minus(limits.snapshotRetention());
    return StreamSupport.stream(table.snapshots().spliterator(), false)
        .filter(snapshot -> !stay.contains(snapshot.snapshotId()))
        .filter(snapshot -> committedAt(snapshot).isBefore(oldest))
        .filter(snapshot -> snapshot.sequenceNumber() < underWay)
        .map(Snapshot::snapshotId)
        .toList();
  }

  private List<Snapshot> newestOfMain() {
    List<Snapshot> newest = new ArrayList<>();
    boolean written = false;
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      if (written && newest.size() >= SNAPSHOTS_KEPT) {
        break;
      }
      newest.add(snapshot);
      written |= !isRewrite(snapshot);
    }
    return newest;
  }

  /** The sequence number of the newest snapshot that a branch shares with main. */
  private long forkOf(SnapshotRef branch) {
    Set<Long> main = new HashSet<>(SnapshotUtil.currentAncestorIds(table));
    long oldest = Long.MAX_VALUE;
    for (Snapshot at : SnapshotUtil.ancestorsOf(branch.snapshotId(), table::snapshot)) {
      oldest = at.sequenceNumber();
      if (main.contains(at.snapshotId())) {
        break;
      }
    }
    return oldest;
  }

  /** The newest snapshot of main that brought rows, or took some away. */
  static Optional<Snapshot> newestWrite(Table table) {
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      if (!isRewrite(snapshot)) {
        return Optional.of(snapshot);
      }
    }
    return Optional.empty();
  }

  private static boolean isRewrite(Snapshot snapshot) {
    return DataOperations.REPLACE.equals(snapshot.operation());
  }
}
