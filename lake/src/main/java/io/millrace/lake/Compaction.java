package io.millrace.lake;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.ValidationException;

/**
 * Makes one file of many small ones of a partition. Files are taken together with others of about
 * their size, so that a row is written again a few times on its way to a full file and not with
 * each of them. A partition that has been quiet for a day becomes as few files as can be.
 *
 * <p>A file that will not be written again soon, because it is full or its partition quiet, has its
 * rows in the table's sort order.
 */
final class Compaction {

  private static final long TARGET_BYTES = 128L << 20;
  private static final long SMALLEST_TIER_BYTES = 256L << 10;
  private static final int TIER_FACTOR = 4;

  /** A partition may have this many files of about one size. */
  private static final int FILES_LEFT_ALONE = 8;

  private static final Duration QUIET = Duration.ofDays(1);
  private static final int MAX_ATTEMPTS = 10;

  private Compaction() {}

  /** All that could be made of the files there are now; reads manifests, no data. */
  static List<UpkeepPlan.Rewrite> plan(TableName name, Table table, Instant now) {
    if (isBeingChanged(name, table)) {
      return List.of();
    }
    long quietUpTo = sequenceAt(table, now.minus(QUIET));
    Map<String, List<DataFile>> partitions = new TreeMap<>();
    for (DataFile file : DataFiles.of(table.newScan())) {
      String key = file.specId() + " " + partition(table, file);
      partitions.computeIfAbsent(key, it -> new ArrayList<>()).add(file);
    }
    List<UpkeepPlan.Rewrite> rewrites = new ArrayList<>();
    for (List<DataFile> partition : partitions.values()) {
      boolean quiet = partition.stream().allMatch(file -> file.dataSequenceNumber() <= quietUpTo);
      partition.removeIf(file -> file.fileSizeInBytes() >= TARGET_BYTES / 2);
      if (quiet) {
        pack(partition).forEach(files -> rewrites.add(last(name, table, files)));
      } else {
        tiers(partition).forEach(files -> rewrites.add(onTheWay(name, table, files)));
      }
    }
    return rewrites;
  }

  /** The newest change that is older than an instant, or 0 if none is known. */
  private static long sequenceAt(Table table, Instant instant) {
    return StreamSupport.stream(table.snapshots().spliterator(), false)
        .filter(snapshot -> snapshot.timestampMillis() <= instant.toEpochMilli())
        .mapToLong(Snapshot::sequenceNumber)
        .max()
        .orElse(0);
  }

  private static List<List<DataFile>> tiers(List<DataFile> partition) {
    Map<Integer, List<DataFile>> tiers = new TreeMap<>();
    partition.forEach(file -> tiers.computeIfAbsent(tier(file), it -> new ArrayList<>()).add(file));
    return tiers.values().stream()
        .filter(tier -> tier.size() > FILES_LEFT_ALONE)
        .flatMap(tier -> pack(tier).stream())
        .toList();
  }

  private static int tier(DataFile file) {
    int tier = 0;
    for (long bytes = SMALLEST_TIER_BYTES; bytes < file.fileSizeInBytes(); bytes *= TIER_FACTOR) {
      tier++;
    }
    return tier;
  }

  /** Oldest first, as many as make up a file; a last one alone stays as it is. */
  private static List<List<DataFile>> pack(List<DataFile> group) {
    group.sort(
        Comparator.comparing(DataFile::dataSequenceNumber, Comparator.naturalOrder())
            .thenComparing(DataFile::location));
    List<List<DataFile>> packs = new ArrayList<>();
    List<DataFile> pack = new ArrayList<>();
    long bytes = 0;
    for (DataFile file : group) {
      if (bytes + file.fileSizeInBytes() > TARGET_BYTES) {
        packs.add(pack);
        pack = new ArrayList<>();
        bytes = 0;
      }
      pack.add(file);
      bytes += file.fileSizeInBytes();
    }
    packs.add(pack);
    packs.removeIf(it -> it.size() < 2);
    return packs;
  }

  private static UpkeepPlan.Rewrite last(TableName name, Table table, List<DataFile> files) {
    return rewrite(name, table, files, sortedBy(table), "no new rows for a day");
  }

  private static UpkeepPlan.Rewrite onTheWay(TableName name, Table table, List<DataFile> files) {
    boolean full = bytes(files) >= TARGET_BYTES / 2;
    return rewrite(
        name,
        table,
        files,
        full ? sortedBy(table) : List.of(),
        "more than %d files of about one size".formatted(FILES_LEFT_ALONE));
  }

  private static UpkeepPlan.Rewrite rewrite(
      TableName name, Table table, List<DataFile> files, List<String> sortedBy, String reason) {
    return new UpkeepPlan.Rewrite(
        name,
        partition(table, files.get(0)),
        files.stream().map(DataFile::location).toList(),
        bytes(files),
        sortedBy,
        reason);
  }

  private static List<String> sortedBy(Table table) {
    return table.sortOrder().fields().stream()
        .map(field -> table.schema().findColumnName(field.sourceId()))
        .toList();
  }

  private static long bytes(List<DataFile> files) {
    return files.stream().mapToLong(DataFile::fileSizeInBytes).sum();
  }

  private static String partition(Table table, DataFile file) {
    return table.specs().get(file.specId()).partitionToPath(file.partition());
  }

  /** Whether a build changes the columns, or a correction counts on the files. */
  private static boolean isBeingChanged(TableName name, Table table) {
    return ModelTable.isAheadOfItsRows(name, table) || CorrectionBranch.isUnderWay(table);
  }

  /** Does nothing if the files are no longer all there, or the table is being changed. */
  static void run(UpkeepPlan.Rewrite rewrite, Table table, Rewriter rewriter) {
    Set<String> wanted = new HashSet<>(rewrite.files());
    List<DataFile> old =
        DataFiles.of(table.newScan()).stream()
            .filter(file -> wanted.contains(file.location()))
            .toList();
    if (old.size() < wanted.size() || isBeingChanged(rewrite.table(), table)) {
      return;
    }
    SortOrder order = rewrite.sortedBy().isEmpty() ? SortOrder.unsorted() : table.sortOrder();
    List<DataFile> made = rewriter.rewrite(table, old, order);
    boolean wantedNoMore = true;
    try {
      requireSameRows(table, old, made);
      wantedNoMore = !replace(rewrite.table(), table, old, made);
    } catch (RuntimeException e) {
      wantedNoMore = Commits.wasNotMade(e);
      throw e;
    } finally {
      if (wantedNoMore) {
        made.forEach(file -> table.io().deleteFile(file.location()));
      }
    }
  }

  /** Read by other code than wrote them, because after the commit only the new rows are left. */
  private static void requireSameRows(Table table, List<DataFile> old, List<DataFile> made) {
    ContentHash before = ContentHash.of(table, old);
    ContentHash after = ContentHash.of(table, made);
    if (!before.equals(after)) {
      throw MillraceException.us(
          "Cannot compact %s: %d rows became %d, or others; the files stay as they were"
              .formatted(table.name(), before.rows(), after.rows()));
    }
  }

  /**
   * Commits on the snapshot whose properties it carries on, or not at all: a stream finds in the
   * newest snapshot what it has committed, so a rewrite must not put older properties on top.
   *
   * @return false if the table kept moving; the next run tries again
   */
  private static boolean replace(
      TableName name, Table table, List<DataFile> old, List<DataFile> made) {
    for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      table.refresh();
      Snapshot head = table.currentSnapshot();
      if (isBeingChanged(name, table)) {
        return false;
      }
      // Without it Iceberg looks for deletes since the table was made, and that history expires.
      RewriteFiles rewrite = table.newRewrite().validateFromSnapshot(head.snapshotId());
      made.forEach(rewrite::addFile);
      old.forEach(rewrite::deleteFile);
      Commits.carryOn(head, rewrite::set);
      rewrite.set(Commits.KIND, Commits.REWRITE);
      boolean[] moved = {false};
      rewrite.validateWith(
          ancestors -> {
            moved[0] =
                ancestors.iterator().next().snapshotId() != head.snapshotId()
                    || isBeingChanged(name, table);
            return !moved[0];
          });
      try {
        rewrite.commit();
        return true;
      } catch (ValidationException e) {
        if (!moved[0]) {
          throw e;
        }
      }
    }
    return false;
  }
}
