package io.millrace.lake;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.lake.Ledger.TopicPartition;
import java.io.Serializable;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CleanableFailure;

/**
 * Makes what a stream wrote part of its tables, and of the ledger, once; and what corrects it, and
 * what was loaded beside it.
 *
 * <p>A commit appends to each table and then adds the ledger's entry. Whoever is killed in between
 * runs the same commit again: its sequence is the one after the ledger's last, each table's newest
 * snapshot says which sequence it holds, and a table that has this one already is left alone.
 *
 * <p>For one thread, and one process: two committers of one stream would be refused by the ledger.
 */
public final class Commits implements AutoCloseable {

  /** Properties of a snapshot's summary. A rewrite copies them from the append it follows. */
  public static final String PROPERTY_PREFIX = "millrace.";

  /** The ledger's sequence of the newest append. */
  public static final String SEQUENCE = PROPERTY_PREFIX + "sequence";

  /** The offsets that append accounts for, as text; of a load, its files. */
  public static final String RANGES = PROPERTY_PREFIX + "ranges";

  /** {@code append}, {@code rewrite}, {@code correction} or {@code erasure}. */
  public static final String KIND = PROPERTY_PREFIX + "kind";

  static final String APPEND = "append";
  static final String REWRITE = "rewrite";
  static final String CORRECTION = "correction";
  static final String ERASURE = "erasure";

  /** What the ledger has an entry of. */
  private static final Set<String> COMMITS = Set.of(APPEND, CORRECTION);

  private final Lake lake;
  private final Ledger ledger;
  private final InstantSource clock;
  private final Map<String, Tail> tails = new HashMap<>();

  public Commits(Lake lake, Ledger ledger, InstantSource clock) {
    this.lake = lake;
    this.ledger = ledger;
    this.clock = clock;
  }

  /**
   * Sets the properties of the snapshot that a rewrite follows: a stream finds in the newest
   * snapshot what it has committed.
   */
  static void carryOn(Snapshot head, BiConsumer<String, String> set) {
    head.summary().entrySet().stream()
        .filter(property -> property.getKey().startsWith(PROPERTY_PREFIX))
        .forEach(property -> set.accept(property.getKey(), property.getValue()));
  }

  /** Files written for a table, and what is in them. */
  public record NewRows(TableName table, List<DataFile> files, long rows, long fingerprint)
      implements Serializable {
    public NewRows {
      files = List.copyOf(files);
    }

    /** Both, for the same table. */
    public NewRows plus(NewRows other) {
      List<DataFile> all = new ArrayList<>(files);
      all.addAll(other.files);
      return new NewRows(table, all, rows + other.rows, fingerprint + other.fingerprint);
    }
  }

  /**
   * Commits what one checkpoint of a stream read and wrote.
   *
   * @param ranges what was read, at least one offset
   * @return the entry, or none if the ledger accounts for these offsets already
   */
  public Optional<LedgerEntry> commit(
      String stream, long checkpoint, List<LedgerEntry.Range> ranges, List<NewRows> written) {
    try {
      // Once tables have some of them, nothing else may come first.
      correctOnce(stream);
      loadOnce(stream);
      return commitOnce(stream, checkpoint, ranges, written);
    } catch (RuntimeException e) {
      // It may have taken effect; whoever tries again looks first.
      tails.remove(stream);
      throw e;
    }
  }

  private Optional<LedgerEntry> commitOnce(
      String stream, long checkpoint, List<LedgerEntry.Range> ranges, List<NewRows> written) {
    Tail tail = tail(stream);
    if (ranges.stream().allMatch(range -> range.to() <= tail.end(range))) {
      return Optional.empty();
    }
    requireNoGap(stream, tail, ranges);
    long sequence = tail.next();
    List<LedgerEntry.Part> parts = new ArrayList<>();
    for (NewRows rows : written) {
      parts.add(part(rows, sequence, ranges.toString()));
    }
    return Optional.of(
        add(tail, entry(stream, sequence, checkpoint, ranges, parts, Optional.empty(), List.of())));
  }

  private LedgerEntry entry(
      String stream,
      long sequence,
      long checkpoint,
      List<LedgerEntry.Range> ranges,
      List<LedgerEntry.Part> parts,
      Optional<LedgerEntry.Corrected> corrects,
      List<LoadedFile> files) {
    return new LedgerEntry(
        stream,
        sequence,
        checkpoint,
        micros(),
        ranges,
        parts,
        corrects,
        files,
        LedgerEntry.NO_SEAL);
  }

  private LedgerEntry add(Tail tail, LedgerEntry unsealed) {
    LedgerEntry entry = unsealed.sealedOver(tail.seal());
    ledger.add(entry);
    tails.put(entry.stream(), tail.followedBy(entry));
    return entry;
  }

  private Tail tail(String stream) {
    return tails.computeIfAbsent(stream, name -> new Tail(ledger.last(name), ledger.ends(name)));
  }

  /**
   * Makes the correction that was proposed for a stream part of its tables, and of the ledger.
   *
   * @return the entry, or none if nothing was proposed, or it cannot be done now or any longer
   */
  public Optional<LedgerEntry> correct(String stream) {
    try {
      return correctOnce(stream);
    } catch (RuntimeException e) {
      tails.remove(stream);
      throw e;
    }
  }

  private Optional<LedgerEntry> correctOnce(String stream) {
    Optional<Correction> proposed = ledger.proposed(stream);
    if (proposed.isEmpty()) {
      return Optional.empty();
    }
    Correction correction = proposed.get();
    Tail tail = tail(stream);
    long sequence = tail.next();
    Map<TableName, Table> tables = tables(stream);
    List<Snapshot> begun =
        tables.values().stream().flatMap(table -> holding(table, sequence).stream()).toList();
    if (begun.stream().anyMatch(it -> APPEND.equals(it.summary().get(KIND)))) {
      return Optional.empty();
    }
    if (begun.isEmpty() && !isWhole(correction, tables)) {
      ledger.refuse(correction);
      return Optional.empty();
    }
    List<LedgerEntry.Part> parts = new ArrayList<>();
    for (LedgerEntry.Part part : correction.parts()) {
      long snapshot = replace(tables.get(part.table()), part, sequence, correction.ranges());
      parts.add(new LedgerEntry.Part(part.table(), part.rows(), part.fingerprint(), snapshot));
    }
    LedgerEntry entry =
        add(
            tail,
            entry(
                stream,
                sequence,
                0,
                correction.ranges(),
                parts,
                Optional.of(correction.corrects()),
                List.of()));
    tables.forEach(CorrectionBranch::drop);
    return Optional.of(entry);
  }

  /**
   * Makes the load that was proposed for a stream part of its tables, and of the ledger.
   *
   * @return the entry, or none if nothing was proposed, or it cannot be done now or any longer
   */
  public Optional<LedgerEntry> load(String stream) {
    try {
      return loadOnce(stream);
    } catch (RuntimeException e) {
      tails.remove(stream);
      throw e;
    }
  }

  private Optional<LedgerEntry> loadOnce(String stream) {
    Optional<Load> proposed = ledger.proposedLoad(stream);
    if (proposed.isEmpty()) {
      return Optional.empty();
    }
    Load load = proposed.get();
    Tail tail = tail(stream);
    long sequence = tail.next();
    List<Snapshot> begun =
        tables(stream).values().stream()
            .flatMap(table -> holding(table, sequence).stream())
            .toList();
    if (begun.stream().anyMatch(it -> !load.name().equals(it.summary().get(RANGES)))) {
      return Optional.empty();
    }
    if (begun.isEmpty() && !isNew(load)) {
      ledger.refuse(load);
      return Optional.empty();
    }
    List<LedgerEntry.Part> parts = new ArrayList<>();
    for (NewRows rows : load.rows()) {
      parts.add(part(rows, sequence, load.name()));
    }
    return Optional.of(
        add(
            tail,
            entry(stream, sequence, 0, load.ranges(), parts, Optional.empty(), load.files())));
  }

  /** No file may come twice, under another number or under one that is taken. */
  private boolean isNew(Load load) {
    Set<Object> taken = new HashSet<>();
    for (LoadedFile file : ledger.loadedFiles(load.stream())) {
      taken.addAll(List.of(file.number(), file.sha256()));
    }
    return load.files().stream()
        .noneMatch(it -> taken.contains(it.number()) || taken.contains(it.sha256()));
  }

  private Map<TableName, Table> tables(String stream) {
    Map<TableName, Table> tables = new HashMap<>();
    Stream.of(
            TableName.bronze(stream),
            TableName.rejected(stream),
            TableName.repeated(stream),
            TableName.late(stream))
        .forEach(name -> lake.find(name).ifPresent(table -> tables.put(name, table)));
    return tables;
  }

  private static boolean isWhole(Correction correction, Map<TableName, Table> tables) {
    return correction.parts().stream()
        .filter(part -> part.snapshot() != Correction.UNCHANGED)
        .allMatch(part -> CorrectionBranch.isWhole(tables.get(part.table()), part.snapshot()));
  }

  private static long replace(
      Table table, LedgerEntry.Part part, long sequence, List<LedgerEntry.Range> ranges) {
    Optional<Snapshot> held = holding(table, sequence);
    if (held.isPresent()) {
      return held.get().snapshotId();
    }
    SnapshotUpdate<?> update =
        part.snapshot() == Correction.UNCHANGED
            ? table.newAppend()
            : CorrectionBranch.onMain(table, part.snapshot());
    update.set(SEQUENCE, Long.toString(sequence));
    update.set(RANGES, ranges.toString());
    update.set(KIND, CORRECTION);
    update.commit();
    return holding(table, sequence).orElseThrow().snapshotId();
  }

  /** The snapshot with which a table took a commit, if it has. */
  private static Optional<Snapshot> holding(Table table, long sequence) {
    for (Snapshot at = table.currentSnapshot(); at != null; at = parent(table, at)) {
      String held = at.summary().get(SEQUENCE);
      if (held != null && Long.parseLong(held) < sequence) {
        break;
      }
      if (held != null
          && Long.parseLong(held) == sequence
          && COMMITS.contains(at.summary().get(KIND))) {
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }

  private LedgerEntry.Part part(NewRows rows, long sequence, String ranges) {
    return new LedgerEntry.Part(
        rows.table(), rows.rows(), rows.fingerprint(), append(rows, sequence, ranges));
  }

  private long append(NewRows rows, long sequence, String ranges) {
    Table table = lake.load(rows.table());
    for (Snapshot at = table.currentSnapshot(); at != null; at = parent(table, at)) {
      String held = at.summary().get(SEQUENCE);
      if (held != null && Long.parseLong(held) < sequence) {
        break;
      }
      if (held != null && APPEND.equals(at.summary().get(KIND))) {
        if (Long.parseLong(held) == sequence && ranges.equals(at.summary().get(RANGES))) {
          return at.snapshotId();
        }
        throw MillraceException.us(
            "Cannot commit %d to %s: the table holds a commit %s of other offsets; its checkpoint is lost"
                .formatted(sequence, rows.table(), held));
      }
    }
    AppendFiles append = table.newAppend();
    rows.files().forEach(append::appendFile);
    append.set(SEQUENCE, Long.toString(sequence)).set(RANGES, ranges).set(KIND, APPEND);
    append.commit();
    return snapshotOf(table, sequence);
  }

  /** Maintenance may have committed after the append, so it need not be the current snapshot. */
  private static long snapshotOf(Table table, long sequence) {
    for (Snapshot at = table.currentSnapshot(); at != null; at = parent(table, at)) {
      if (APPEND.equals(at.summary().get(KIND))
          && Long.toString(sequence).equals(at.summary().get(SEQUENCE))) {
        return at.snapshotId();
      }
    }
    throw MillraceException.us("Cannot find commit " + sequence + " in " + table.name());
  }

  /** Whether a failure says that a commit was not made; if it may have been, its files stay. */
  static boolean wasNotMade(RuntimeException e) {
    return e instanceof MillraceException || e instanceof CleanableFailure;
  }

  private static Snapshot parent(Table table, Snapshot snapshot) {
    return snapshot.parentId() == null ? null : table.snapshot(snapshot.parentId());
  }

  private static void requireNoGap(String stream, Tail tail, List<LedgerEntry.Range> ranges) {
    for (LedgerEntry.Range range : ranges) {
      long end = tail.end(range);
      if (end >= 0 && range.from() != end) {
        throw MillraceException.us(
            "Cannot commit offsets %d to %d of %s/%d for '%s': the ledger ends at %d"
                .formatted(
                    range.from(), range.to(), range.topic(), range.partition(), stream, end));
      }
    }
  }

  /** Where the ledger of a stream ends; kept, because nobody else adds to it. */
  private record Tail(Optional<LedgerEntry> last, Map<TopicPartition, Long> ends) {

    long end(LedgerEntry.Range range) {
      return ends.getOrDefault(new TopicPartition(range.topic(), range.partition()), -1L);
    }

    long next() {
      return last.map(LedgerEntry::sequence).orElse(0L) + 1;
    }

    String seal() {
      return last.map(LedgerEntry::seal).orElse(LedgerEntry.NO_SEAL);
    }

    Tail followedBy(LedgerEntry entry) {
      if (!entry.isFromTopics()) {
        return new Tail(Optional.of(entry), ends);
      }
      Map<TopicPartition, Long> moved = new HashMap<>(ends);
      for (LedgerEntry.Range range : entry.ranges()) {
        moved.put(new TopicPartition(range.topic(), range.partition()), range.to());
      }
      return new Tail(Optional.of(entry), moved);
    }
  }

  private long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
  }

  @Override
  public void close() {
    ledger.close();
    lake.close();
  }
}
