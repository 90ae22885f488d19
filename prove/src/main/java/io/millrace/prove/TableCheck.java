package io.millrace.prove;

import io.millrace.core.TableName;
import io.millrace.lake.LedgerEntry;
import io.millrace.lake.LedgerEntry.Part;
import io.millrace.project.StreamContract;
import io.millrace.prove.LedgerWalk.TableTotal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotChanges;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.InputFile;

/**
 * One table against the ledger, by its metadata and by what files are there; no row is read. What
 * is cheap is checked always; only if that does not hold, the ledger is read again to say why.
 */
final class TableCheck {

  private static final int MAX_EXPLAINED = 20;

  private final TableName name;
  private final Table table;
  private final StreamContract contract;
  private final LedgerWalk walk;
  private final LedgerPages ledger;
  private final long erased;
  private final History history;
  private final Breaches breaches = new Breaches();

  /**
   * @param erased how many rows of the table were erased, as the book of erasures has it
   */
  TableCheck(
      TableName name,
      Table table,
      StreamContract contract,
      LedgerWalk walk,
      LedgerPages ledger,
      long erased) {
    this.name = name;
    this.table = table;
    this.contract = contract;
    this.walk = walk;
    this.ledger = ledger;
    this.erased = erased;
    this.history = History.of(table).upTo(walk.sequence());
  }

  /** The newest snapshot that the ledger accounts for. */
  static Optional<Snapshot> provenSnapshot(Table table, LedgerWalk walk) {
    return History.of(table).upTo(walk.sequence()).newest();
  }

  List<Breach> breaches() {
    requireEndOfLedger();
    checkHistory();
    TableTotal total = walk.total(name);
    long rows = history.newest().map(this::countRows).orElse(0L) + erased;
    if (history.sequence() != total.sequence() || rows != total.rows()) {
      checkCommits();
    }
    if (rows != total.rows()) {
      breach(
          rows < total.rows() ? Breach.Kind.MISSING : Breach.Kind.EXTRA,
          "%s has %d rows where the ledger counts %d%s"
              .formatted(
                  name,
                  rows - erased,
                  total.rows(),
                  erased == 0 ? "" : ", %d of them erased".formatted(erased)));
    }
    return breaches.list();
  }

  /** The commit under way is in tables before it is in the ledger; no other is. */
  private void requireEndOfLedger() {
    long newest = History.of(table).sequence();
    long last = ledger.last();
    if (newest > last + 1) {
      breach(
          Breach.Kind.LEDGER,
          "%s holds commit %d, and the ledger ends with commit %d".formatted(name, newest, last));
    }
  }

  private void checkHistory() {
    int explained = 0;
    for (History.Step step : history.snapshots()) {
      boolean corrects =
          step.isCorrection()
              && walk.isCorrection(step.sequence(), name, step.snapshot().snapshotId());
      if (!step.isOurs() && !corrects) {
        breach(
            Breach.Kind.FOREIGN_COMMIT,
            "snapshot %d of %s is not the stream's: operation '%s' added %d rows and deleted %d%s"
                .formatted(
                    step.snapshot().snapshotId(),
                    name,
                    step.snapshot().operation(),
                    step.added(),
                    step.deleted(),
                    ++explained > MAX_EXPLAINED ? "" : offsets(step.snapshot())));
      }
    }
  }

  private String offsets(Snapshot snapshot) {
    FileOffsets files = new FileOffsets(table, contract);
    List<String> described = new ArrayList<>();
    try {
      SnapshotChanges changes = SnapshotChanges.builderFor(table).snapshot(snapshot).build();
      described.addAll(
          files.describe(snapshot.snapshotId(), locations(changes.addedDataFiles())).values());
      Long parent = snapshot.parentId();
      if (parent != null && table.snapshot(parent) != null) {
        described.addAll(files.describe(parent, locations(changes.removedDataFiles())).values());
      }
    } catch (NotFoundException | UncheckedIOException e) {
      return ""; // Its manifests may be damaged too; that it is there is bad enough.
    }
    return described.isEmpty()
        ? ""
        : described.stream().distinct().sorted().collect(Collectors.joining("; ", " (", ")"));
  }

  private static Set<String> locations(Iterable<? extends ContentFile<?>> files) {
    Set<String> locations = new HashSet<>();
    files.forEach(file -> locations.add(file.location()));
    return locations;
  }

  /** Which commits the table does not have, and which it has that the ledger does not know. */
  private void checkCommits() {
    Map<Long, Set<Long>> appends = new TreeMap<>();
    for (History.Step step : history.snapshots()) {
      if (step.isCommit()) {
        appends
            .computeIfAbsent(step.sequence(), key -> new HashSet<>())
            .add(step.snapshot().snapshotId());
      }
    }
    // What came before the oldest append may have been forgotten.
    long oldest = history.isWhole() ? 1 : appends.keySet().stream().findFirst().orElse(1L);
    OffsetSpan offsets = new OffsetSpan();
    List<Long> lost = new ArrayList<>();
    ledger.forEach(
        oldest - 1,
        walk.sequence(),
        entry -> {
          Optional<Part> part = part(entry);
          Set<Long> snapshots = appends.getOrDefault(entry.sequence(), new HashSet<>());
          if (part.isPresent() && !snapshots.remove(part.get().snapshot())) {
            lost.add(entry.sequence());
            offsets.add(entry);
          }
        });
    if (!lost.isEmpty()) {
      breach(
          Breach.Kind.ROLLED_BACK,
          "%s no longer has %s: rows of offsets %s are gone with it"
              .formatted(name, commits(lost), offsets));
    }
    appends.forEach((sequence, snapshots) -> snapshots.forEach(id -> unknown(sequence, id)));
  }

  private void unknown(long sequence, long snapshot) {
    breach(
        Breach.Kind.FOREIGN_COMMIT,
        "snapshot %d of %s says it is commit %d, and the ledger knows nothing of it"
            .formatted(snapshot, name, sequence));
  }

  private Optional<Part> part(LedgerEntry entry) {
    return entry.parts().stream().filter(part -> part.table().equals(name)).findFirst();
  }

  private static String commits(List<Long> lost) {
    return lost.size() == 1
        ? "commit " + lost.get(0)
        : "%d commits from %d to %d".formatted(lost.size(), lost.get(0), lost.get(lost.size() - 1));
  }

  /** Counts by the manifests, and looks whether each file is there as it was written. */
  private long countRows(Snapshot snapshot) {
    long rows = 0;
    Map<String, String> damaged = new HashMap<>();
    try (CloseableIterable<FileScanTask> tasks =
        table.newScan().useSnapshot(snapshot.snapshotId()).planFiles()) {
      for (FileScanTask task : tasks) {
        rows += task.file().recordCount();
        String location = task.file().location();
        damage(location, task.file().fileSizeInBytes())
            .ifPresent(damage -> damaged.put(location, damage));
        if (!task.deletes().isEmpty()) {
          damaged.put(location, "has rows that a delete file hides");
        }
      }
    } catch (IOException | RuntimeException e) {
      breach(
          Breach.Kind.FILE,
          "the metadata of %s cannot be read: %s".formatted(name, e.getMessage()));
    }
    reportDamaged(snapshot, damaged);
    return rows;
  }

  private void reportDamaged(Snapshot snapshot, Map<String, String> damaged) {
    if (!damaged.isEmpty()) {
      new FileOffsets(table, contract)
          .describe(snapshot.snapshotId(), damaged.keySet())
          .forEach(
              (location, offsets) ->
                  breach(
                      Breach.Kind.FILE,
                      "a data file of %s with %s %s: %s"
                          .formatted(name, offsets, damaged.get(location), location)));
    }
  }

  private Optional<String> damage(String location, long written) {
    InputFile file = table.io().newInputFile(location);
    if (!file.exists()) {
      return Optional.of("is gone");
    }
    long found = file.getLength();
    return found == written
        ? Optional.empty()
        : Optional.of("has %d bytes where %d were written".formatted(found, written));
  }

  private void breach(Breach.Kind kind, String sentence) {
    breaches.add(kind, sentence);
  }
}
