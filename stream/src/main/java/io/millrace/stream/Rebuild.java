package io.millrace.stream;

import io.millrace.core.Meters;
import io.millrace.core.MillraceException;
import io.millrace.lake.Correction;
import io.millrace.lake.CorrectionBranch;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.LedgerEntry.Part;
import io.millrace.lake.LedgerEntry.Range;
import io.millrace.lake.Schemas;
import io.millrace.project.StreamContract;
import io.millrace.stream.HeldRows.Held;
import io.millrace.stream.HeldRows.Stretch;
import io.millrace.stream.ReplayPlan.Read;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Rebuilds what a plan reads, on a branch of each table: every record is decided about by the same
 * {@link StreamIntake} as in the stream, and compared with the row that tables have of its offset.
 * Only what differs is written. For one thread.
 */
final class Rebuild implements Closeable {

  /** Rows of so many offsets are held at a time. */
  private static final long OFFSETS_HELD = 4_000_000;

  private static final int RECORDS_BETWEEN_REPORTS = 10_000;

  private final StreamContract contract;
  private final ReplayPlan plan;
  private final ReplayTopics topics;
  private final LongConsumer progress;
  private final StreamIntake intake;
  private final Map<Outcome, CorrectionBranch> branches = new EnumMap<>(Outcome.class);
  private final Map<Outcome, RebuiltTable> tables = new EnumMap<>(Outcome.class);
  private final List<Range> ranges = new ArrayList<>();
  private long taken;

  /**
   * Begins the branches.
   *
   * @param progress told how many records have been read
   */
  Rebuild(
      StreamContract contract,
      int maxEventBytes,
      ReplayPlan plan,
      ReplayTopics topics,
      Lake lake,
      Optional<PersonalData> personal,
      LongConsumer progress) {
    this.contract = contract;
    this.plan = plan;
    this.topics = topics;
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
    HeldPartitions held = new HeldPartitions();
    plan.reads().forEach(read -> ranges.add(partition(read, held)));
    List<Part> parts = new ArrayList<>();
    tables.forEach(
        (outcome, table) -> {
          if (table.isTouched()) {
            parts.add(table.stage(branches.get(outcome)));
          }
        });
    return new Correction(contract.name(), plan.commits(), ranges, parts);
  }

  private Range partition(Read read, HeldPartitions held) {
    RepeatWindow window = new RepeatWindow(contract.repeatWindow());
    Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
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
              remember(record, row, window);
            } else {
              counts.merge(take(read.key(), record, row, window), 1L, Long::sum);
            }
          });
      requireAllRecords(stretch, rows);
    }
    long records = counts.values().stream().mapToLong(Long::longValue).sum();
    return new Range(
        read.key().topic(),
        read.key().partition(),
        read.from(),
        read.to(),
        counts.getOrDefault(Outcome.ACCEPTED, 0L),
        counts.getOrDefault(Outcome.REJECTED, 0L),
        counts.getOrDefault(Outcome.REPEATED, 0L),
        counts.getOrDefault(Outcome.LATE, 0L),
        read.to() - read.from() - records);
  }

  /** Before what is rebuilt, an id counts if tables have its event: what they say there stays. */
  private void remember(ConsumerRecord<byte[], byte[]> record, Held row, RepeatWindow window) {
    if (row != null
        && (row.file().table() == tables.get(Outcome.ACCEPTED)
            || row.file().table() == tables.get(Outcome.LATE))) {
      intake.decide(record, window);
    }
  }

  private Outcome take(
      TopicPartition key, ConsumerRecord<byte[], byte[]> record, Held row, RepeatWindow window) {
    Outcome outcome = intake.decide(record, window);
    tables.get(outcome).take(key, record.offset(), intake.row(outcome, record), row);
    if (++taken % RECORDS_BETWEEN_REPORTS == 0) {
      progress.accept(taken);
    }
    return outcome;
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
      for (Read read : plan.reads()) {
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
