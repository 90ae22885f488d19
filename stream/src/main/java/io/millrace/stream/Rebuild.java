package io.millrace.stream;

import io.millrace.core.Meters;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.event.StoredRow;
import io.millrace.lake.Correction;
import io.millrace.lake.CorrectionBranch;
import io.millrace.lake.Erasures.ErasedRow;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.LedgerEntry.Part;
import io.millrace.lake.LedgerEntry.Range;
import io.millrace.lake.Schemas;
import io.millrace.project.StreamContract;
import io.millrace.stream.HeldRows.Held;
import io.millrace.stream.HeldRows.Stretch;
import io.millrace.stream.ReplayPlan.Read;
import io.millrace.stream.ReplayPlan.Source;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Rebuilds what a plan reads, on a branch of each table: every record is decided about by the same
 * {@link StreamIntake} as in the stream, and compared with the row that tables have of its offset;
 * where Kafka has dropped the records, {@link BronzeRebuild} goes by the rows. Only what differs is
 * written. For one thread.
 */
final class Rebuild implements Closeable {

  /** Rows of so many offsets are held at a time. */
  private static final long OFFSETS_HELD = 4_000_000;

  private static final int RECORDS_BETWEEN_REPORTS = 10_000;

  private final StreamContract contract;
  private final ReplayPlan plan;
  private final ReplayTopics topics;
  private final Lake lake;
  private final Optional<PersonalData> personal;
  private final LongConsumer progress;
  private final Function<TableName, List<ErasedRow>> erased;
  private final StreamIntake intake;
  private final Map<Outcome, CorrectionBranch> branches = new EnumMap<>(Outcome.class);
  private final Map<Outcome, RebuiltTable> tables = new EnumMap<>(Outcome.class);
  private final Map<TopicPartition, OutcomeCounts> counts = new HashMap<>();
  private Optional<BronzeRebuild> bronze = Optional.empty();
  private long taken;

  /**
   * Begins the branches.
   *
   * @param erased rows that were taken out of a table with the person they were of
   * @param progress told how many records have been read
   */
  Rebuild(
      StreamContract contract,
      int maxEventBytes,
      ReplayPlan plan,
      ReplayTopics topics,
      Lake lake,
      Optional<PersonalData> personal,
      Function<TableName, List<ErasedRow>> erased,
      LongConsumer progress) {
    this.contract = contract;
    this.plan = plan;
    this.topics = topics;
    this.lake = lake;
    this.personal = personal;
    this.erased = erased;
    this.progress = progress;
    this.intake =
        new StreamIntake(contract, maxEventBytes, lake, new Meters(), personal, Optional.empty());
    for (Outcome outcome : Outcome.values()) {
      CorrectionBranch branch = lake.correct(outcome.table(contract));
      branches.put(outcome, branch);
      tables.put(
          outcome,
          new RebuiltTable(
              outcome.table(contract),
              contract,
              branch.table(),
              branch.files(),
              Schemas.tables(contract).get(outcome.table(contract))));
    }
  }

  /**
   * Reads, compares and stages.
   *
   * @throws MillraceException if Kafka no longer gives a record that a table has a row of
   */
  Correction run() {
    if (plan.fromBronze().isPresent()) {
      bronze = Optional.of(fromBronze());
    }
    HeldPartitions held = new HeldPartitions();
    plan.reads(Source.TOPIC).forEach(read -> partition(read, held));
    List<Part> parts = new ArrayList<>();
    tables.forEach(
        (outcome, table) -> {
          if (table.isTouched()) {
            parts.add(table.stage(branches.get(outcome)));
          }
        });
    return new Correction(contract.name(), plan.commits(), ranges(), parts);
  }

  private BronzeRebuild fromBronze() {
    try (RowIntake rows = new RowIntake(contract, lake, tables, intake, personal)) {
      BronzeRebuild rebuild = new BronzeRebuild(contract, plan, tables, rows, this::report);
      rebuild.run(erased);
      rebuild.count(counts);
      return rebuild;
    }
  }

  /** One of each partition, wherever it was read from. */
  private List<Range> ranges() {
    Map<TopicPartition, Stretch> read = new LinkedHashMap<>();
    plan.reads()
        .forEach(
            it ->
                read.merge(
                    it.key(),
                    it.stretch(),
                    (bronze, topic) -> new Stretch(it.key(), bronze.from(), topic.to())));
    return read.values().stream()
        .map(
            it ->
                counts
                    .getOrDefault(it.key(), new OutcomeCounts())
                    .range(it.key().topic(), it.key().partition(), it.from(), it.to()))
        .toList();
  }

  private void partition(Read read, HeldPartitions held) {
    RepeatWindow window = new RepeatWindow(contract.repeatWindow());
    OutcomeCounts of = counts.computeIfAbsent(read.key(), key -> new OutcomeCounts());
    for (long from = read.ids(); from < read.to(); from += OFFSETS_HELD) {
      Stretch stretch = new Stretch(read.key(), from, Math.min(from + OFFSETS_HELD, read.to()));
      HeldRows rows = held.of(stretch);
      topics.forEach(
          read.key(),
          stretch.from(),
          stretch.to(),
          record -> {
            Held row = rows.take(read.key(), record.offset());
            if (record.offset() < read.from()) {
              remember(read.key(), record, row, window);
            } else {
              of.add(take(read.key(), record, row, window));
            }
          });
      requireAllRecords(stretch, rows);
      var unused = window.takeAdditions(); // nobody restores this window
    }
  }

  /** Before what is rebuilt, an id counts if tables have its event: what they say there stays. */
  private void remember(
      TopicPartition key, ConsumerRecord<byte[], byte[]> record, Held row, RepeatWindow window) {
    boolean rebuilt = bronze.stream().anyMatch(it -> it.covers(key, record.offset()));
    boolean counts =
        rebuilt
            ? bronze.get().remembers(key, record.offset())
            : row != null
                && (row.file().table() == tables.get(Outcome.ACCEPTED)
                    || row.file().table() == tables.get(Outcome.LATE));
    if (counts) {
      Outcome unused = intake.decide(record, window);
    }
  }

  private Outcome take(
      TopicPartition key, ConsumerRecord<byte[], byte[]> record, Held row, RepeatWindow window) {
    Outcome outcome = intake.decide(record, window);
    // What was accepted stays in its session; what was not belonged to none.
    long session = row == null ? StoredRow.NO_SESSION : row.session();
    tables.get(outcome).take(key, record.offset(), intake.row(outcome, record, session), row);
    if (++taken % RECORDS_BETWEEN_REPORTS == 0) {
      progress.accept(taken);
    }
    return outcome;
  }

  private void report(long more) {
    taken += more;
    progress.accept(taken);
  }

  private void requireAllRecords(Stretch stretch, HeldRows rows) {
    long lost = rows.firstLeft(stretch);
    if (lost >= 0) {
      throw MillraceException.world(
          "Cannot replay '%s': tables have a row of offset %d of %s/%d, and Kafka no longer gives its record; nothing was changed"
              .formatted(contract.name(), lost, stretch.key().topic(), stretch.key().partition()));
    }
  }

  /** Rows of partitions that are read together if they are few, since files have them together. */
  private final class HeldPartitions {
    private List<Stretch> stretches = List.of();
    private HeldRows rows;

    HeldRows of(Stretch stretch) {
      if (!stretches.contains(stretch)) {
        stretches = together(stretch);
        rows = new HeldRows(stretches, tables.values());
      }
      return rows;
    }

    private List<Stretch> together(Stretch first) {
      List<Stretch> together = new ArrayList<>(List.of(first));
      long offsets = first.offsets();
      boolean behind = false;
      for (Read read : plan.reads(Source.TOPIC)) {
        Stretch whole = new Stretch(read.key(), read.ids(), read.to());
        if (behind && offsets + whole.offsets() <= OFFSETS_HELD) {
          together.add(whole);
          offsets += whole.offsets();
        }
        behind |= read.key().equals(first.key());
      }
      return together;
    }
  }

  boolean differs() {
    return tables.values().stream().anyMatch(RebuiltTable::differs);
  }

  /** Of each table that has rows of it. */
  List<RebuiltTable.Differences> differences() {
    return tables.values().stream()
        .filter(RebuiltTable::isTouched)
        .map(RebuiltTable::differences)
        .toList();
  }

  /** Leaves the branches for people to look at. */
  void keep() {
    branches.values().forEach(CorrectionBranch::keep);
  }

  @Override
  public void close() {
    tables.values().forEach(RebuiltTable::close);
    intake.close();
  }
}
