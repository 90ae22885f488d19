package io.millrace.lake;

import static org.apache.iceberg.SnapshotRef.MAIN_BRANCH;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.project.Batches;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.jdbc.UncheckedSQLException;

/**
 * One table of a model being built: written on a branch, looked at there, and published by moving
 * the table's main to it. Until then readers see nothing of it, and killed at any moment it leaves
 * the table as it was or as it was meant to be. For one thread, and one build of a table at a time.
 */
public final class TableBuild {

  private static final String FAILED = "failed_";
  private static final int FAILED_KEPT = 5;
  private static final int MAX_ATTEMPTS = 10;

  private final TableName name;
  private final Table table;
  private final Pins pins;
  private final String branch;
  private final Path staging;
  private final List<Staged> staged = new ArrayList<>();

  /** Where main was when the staged commits were made, and where they end. */
  private long start;

  private long tip;

  private TableBuild(TableName name, Table table, Pins pins, String branch) {
    this.name = name;
    this.table = table;
    this.pins = pins;
    this.branch = branch;
    this.staging =
        Path.of(LakeFiles.of(table).path(table.locationProvider().newDataLocation(branch)))
            .resolveSibling(branch + "-" + UUID.randomUUID());
  }

  static TableBuild begin(TableName name, Table table, Pins pins, String branch) {
    TableBuild build = new TableBuild(name, table, pins, branch);
    build.dropUnfinished();
    build.start = build.branchFromMain(branch);
    build.tip = build.start;
    return build;
  }

  private record Staged(Change change, List<DataFile> files, Map<String, String> summary) {}

  /**
   * How the files of a table are cut, so that none mixes intervals.
   *
   * @param column a date, or a timestamp in UTC
   */
  public record Layout(String column, Batches.Size size) {}

  /** What a build does to the rows that are there. */
  public sealed interface Change {

    /** Takes the place of all rows. */
    record All() implements Change {}

    /** Takes the place of the rows of these spans; the new rows are of these spans too. */
    record Intervals(List<Span> spans) implements Change {
      public Intervals {
        spans = List.copyOf(spans);
      }
    }

    /** Comes on top of the rows that are there. */
    record Add() implements Change {}

    /**
     * Takes the place of some rows of files.
     *
     * @param removed the files
     * @param kept their other rows, written again
     */
    record Files(List<String> removed, List<DataFile> kept) implements Change {
      public Files {
        removed = List.copyOf(removed);
        kept = List.copyOf(kept);
      }
    }
  }

  /** The table to write for: its columns with their ids, its layout, where its files go. */
  public Table table() {
    return table;
  }

  /** A folder of this build alone, for its data files. Made by whoever writes there. */
  public Path staging() {
    return staging;
  }

  /**
   * Commits files to the branch, on top of what has been staged before.
   *
   * @param change files to be replaced are those of {@link #staged}
   * @param files of the rows that are new
   * @param summary kept with the snapshot; each key begins with {@link Commits#PROPERTY_PREFIX}
   * @throws MillraceException if a file has rows both in and out of the spans that are replaced
   */
  public void stage(Change change, List<DataFile> files, Map<String, String> summary) {
    Staged next = new Staged(change, List.copyOf(files), Map.copyOf(summary));
    if (!commit(next, branch)) {
      throw MillraceException.us(
          "Cannot stage %s: it does not have the files that are to be replaced".formatted(name));
    }
    staged.add(next);
    tip = table.snapshot(branch).snapshotId();
  }

  /** The table as it will be when published. */
  public PinnedTable staged() {
    TableMetadata metadata = ModelTable.operations(table).refresh();
    return pins.pinned(name, metadata, Optional.of(metadata.snapshot(tip)));
  }

  /** The files of new rows that have been staged. */
  public List<String> added() {
    LakeFiles files = LakeFiles.of(table);
    return staged.stream()
        .flatMap(it -> it.files.stream())
        .map(file -> files.path(file.location()))
        .toList();
  }

  /**
   * Makes the branch what everybody reads, and drops it. If maintenance has rewritten files since
   * the build began, the same changes are applied to the rewritten table.
   *
   * @return the table's new snapshot, or empty if files that were to be replaced are not there any
   *     longer: then nothing has been published and the table is to be built again
   */
  public OptionalLong publish() {
    for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      TableMetadata after =
          change(
              "publish",
              base ->
                  base.currentSnapshot().snapshotId() == start
                      ? drop(ModelTable.branch(base, MAIN_BRANCH, tip)).build()
                      : base);
      long main = withoutRewrites(after);
      if (main == tip) {
        return OptionalLong.of(tip);
      }
      if (main != start) {
        throw MillraceException.us(
            "Cannot publish %s: while it was built, its main went from snapshot %d to %d, and not only by rewrites"
                .formatted(name, start, after.currentSnapshot().snapshotId()));
      }
      if (!stageAgain()) {
        discard();
        return OptionalLong.empty();
      }
    }
    throw MillraceException.world(
        "Cannot publish %s: maintenance rewrote it %d times meanwhile; try again"
            .formatted(name, MAX_ATTEMPTS));
  }

  /**
   * Keeps the branch under another name, for people to look at what was refused; of those the
   * newest few stay.
   *
   * @param as {@code failed_<run>}
   */
  public void keep(String as) {
    change(
        "keep the failed build of",
        base -> withoutOldFailures(drop(ModelTable.branch(base, as, tip)).build()));
  }

  /** Gives up what was staged. */
  public void discard() {
    change("discard the build of", base -> drop(TableMetadata.buildFrom(base)).build());
  }

  /** While the staged commits are made again, the branch protects their files from maintenance. */
  private String again() {
    return branch + "_again";
  }

  private TableMetadata.Builder drop(TableMetadata.Builder builder) {
    return builder.removeRef(branch).removeRef(again());
  }

  private static TableMetadata withoutOldFailures(TableMetadata metadata) {
    TableMetadata.Builder builder = TableMetadata.buildFrom(metadata);
    metadata.refs().entrySet().stream()
        .filter(it -> it.getValue().isBranch() && it.getKey().startsWith(FAILED))
        .sorted(
            Comparator.comparing(
                it -> -metadata.snapshot(it.getValue().snapshotId()).sequenceNumber()))
        .skip(FAILED_KEPT)
        .forEach(it -> builder.removeRef(it.getKey()));
    return builder.build();
  }

  private TableMetadata change(String what, UnaryOperator<TableMetadata> change) {
    return Lake.untilNobodyInterferes(what + " " + name, () -> ModelTable.change(table, change));
  }

  /** A table has one build at a time, so other branches are what killed ones have left. */
  private void dropUnfinished() {
    change(
        "branch",
        base -> {
          TableMetadata.Builder builder = TableMetadata.buildFrom(base);
          base.refs().entrySet().stream()
              .filter(it -> it.getValue().isBranch() && !it.getKey().equals(MAIN_BRANCH))
              .filter(it -> !it.getKey().startsWith(FAILED))
              .forEach(it -> builder.removeRef(it.getKey()));
          return builder.build();
        });
  }

  private long branchFromMain(String ref) {
    TableMetadata after =
        change(
            "branch",
            base -> ModelTable.branch(base, ref, base.currentSnapshot().snapshotId()).build());
    return after.ref(ref).snapshotId();
  }

  /**
   * The snapshot of main whose rows it has: maintenance may have come before or after publishing.
   */
  private long withoutRewrites(TableMetadata metadata) {
    Snapshot at = metadata.currentSnapshot();
    while (at.snapshotId() != start
        && DataOperations.REPLACE.equals(at.operation())
        && at.parentId() != null
        && metadata.snapshot(at.parentId()) != null) {
      at = metadata.snapshot(at.parentId());
    }
    return at.snapshotId();
  }

  /** False if files that were to be replaced have been rewritten. */
  private boolean stageAgain() {
    long from = branchFromMain(again());
    for (Staged each : staged) {
      if (!commit(each, again())) {
        return false;
      }
    }
    start = from;
    tip = table.snapshot(again()).snapshotId();
    return true;
  }

  /** False if there are files to be replaced that the branch does not have. */
  private boolean commit(Staged staged, String ref) {
    table.refresh();
    OverwriteFiles overwrite = table.newOverwrite().toBranch(ref);
    if (staged.change instanceof Change.All) {
      overwrite.overwriteByRowFilter(Expressions.alwaysTrue());
    } else if (staged.change instanceof Change.Intervals intervals) {
      overwrite.overwriteByRowFilter(filter(intervals.spans()));
      if (!staged.files.isEmpty()) {
        overwrite.validateAddedFilesMatchOverwriteFilter();
      }
    } else if (staged.change instanceof Change.Files files) {
      List<DataFile> removed = find(new HashSet<>(files.removed()), ref);
      if (removed.size() < files.removed().size()) {
        return false;
      }
      removed.forEach(overwrite::deleteFile);
      files.kept().forEach(overwrite::addFile);
    }
    staged.files.forEach(overwrite::addFile);
    staged.summary.forEach(overwrite::set);
    try {
      overwrite.commit();
      return true;
    } catch (ValidationException e) {
      throw MillraceException.us(
          "Cannot replace intervals of %s: a file has rows both in and out of them; build the whole table. %s"
              .formatted(name, e.getMessage()),
          e);
    } catch (CommitFailedException | UncheckedSQLException e) {
      throw MillraceException.world("Cannot stage %s: %s".formatted(name, e.getMessage()), e);
    }
  }

  private Expression filter(List<Span> spans) {
    return Span.joined(spans).stream()
        .map(span -> span.filter(table.schema()))
        .reduce(Expressions.alwaysFalse(), Expressions::or);
  }

  private List<DataFile> find(Set<String> paths, String ref) {
    LakeFiles files = LakeFiles.of(table);
    return DataFiles.of(table.newScan().useRef(ref)).stream()
        .filter(file -> paths.contains(files.path(file.location())))
        .toList();
  }
}
