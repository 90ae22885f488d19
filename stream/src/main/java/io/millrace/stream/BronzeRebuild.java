package io.millrace.stream;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.lake.Erasures.ErasedRow;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.project.StreamContract;
import io.millrace.stream.HeldEvents.Event;
import io.millrace.stream.HeldRows.Stretch;
import io.millrace.stream.ReplayPlan.FromBronze;
import io.millrace.stream.ReplayPlan.Read;
import io.millrace.stream.ReplayPlan.Source;
import io.millrace.stream.ReplayPlan.Sum;
import io.millrace.stream.RowIntake.Now;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * Rebuilds commits whose records Kafka has dropped from the rows that tables have of them. Files
 * are read in any order to decide about each row, then offsets in theirs to find repeats, then
 * again the files with rows that do not stay. For one thread.
 */
final class BronzeRebuild {

  /** Events of so many offsets are held at a time. */
  private static final long OFFSETS_HELD = 2_000_000;

  private final StreamContract contract;
  private final ReplayPlan plan;
  private final FromBronze bronze;
  private final Map<Outcome, RebuiltTable> tables;
  private final RowIntake intake;
  private final LongConsumer progress;
  private final Map<TopicPartition, Partition> partitions = new HashMap<>();

  /** What tables turn out to hold. */
  private final Map<Outcome, Sum> sums = new EnumMap<>(Outcome.class);

  /**
   * @param plan that has a part from bronze
   * @param progress told of so many rows more
   */
  BronzeRebuild(
      StreamContract contract,
      ReplayPlan plan,
      Map<Outcome, RebuiltTable> tables,
      RowIntake intake,
      LongConsumer progress) {
    this.contract = contract;
    this.plan = plan;
    this.bronze = plan.fromBronze().orElseThrow();
    this.tables = tables;
    this.intake = intake;
    this.progress = progress;
    plan.reads(Source.BRONZE).forEach(it -> partitions.put(it.key(), new Partition(it)));
  }

  /** One partition on its way through its offsets. */
  private final class Partition {
    private final Read read;
    private final NavigableMap<Long, Long> sealedMillis;
    private final RepeatsAgain repeats = new RepeatsAgain(contract);
    private final OutcomeCounts counts = new OutcomeCounts();

    /** Those that the topic part's ids begin with, and that count now. */
    private final OffsetBits remembered = new OffsetBits();

    private final long rememberedFrom;

    Partition(Read read) {
      this.read = read;
      this.sealedMillis = bronze.sealedMillis().get(read.key());
      this.rememberedFrom =
          plan.reads(Source.TOPIC).stream()
              .filter(it -> it.key().equals(read.key()))
              .mapToLong(Read::ids)
              .findFirst()
              .orElse(Long.MAX_VALUE);
    }

    /** What becomes of an event; null if its row stays as it is. */
    Outcome settle(Event event) {
      long time = sealedMillis.floorEntry(event.offset()).getValue();
      if (event.offset() < read.from()) {
        if (isCounted(event.was()) && event.now() != Now.REJECTED) {
          repeats.remember(event.idHigh(), event.idLow(), time);
        }
        return null;
      }
      sums.merge(event.was(), new Sum(1, event.fingerprint()), Sum::plus);
      Outcome outcome = outcome(event, time);
      counts.add(outcome);
      if (event.offset() >= rememberedFrom && isCounted(outcome)) {
        remembered.add(event.offset());
      }
      if (outcome == event.was() && event.now() != Now.REJECTED) {
        tables.get(outcome).keep(event.fingerprint());
        return null;
      }
      return outcome;
    }

    private Outcome outcome(Event event, long time) {
      return switch (event.now()) {
        case REJECTED_AS_BEFORE -> Outcome.REJECTED;
        case REJECTED -> {
          requireBytes(event);
          repeats.drop(event.was(), event.idHigh(), event.idLow(), time);
          yield Outcome.REJECTED;
        }
        case ACCEPTED, LATE -> {
          boolean first = repeats.isFirst(event.was(), event.idHigh(), event.idLow(), time);
          yield !first
              ? Outcome.REPEATED
              : event.now() == Now.LATE ? Outcome.LATE : Outcome.ACCEPTED;
        }
      };
    }

    /** Quarantine is to have an event as it came. */
    private void requireBytes(Event event) {
      if (event.was() != Outcome.REJECTED && contract.isPersonal()) {
        throw MillraceException.caller(
            "Cannot replay '%s': its contract no longer accepts the event at offset %d of %s/%d, which %s has; Kafka has dropped its bytes, and tables have other values in place of those of people; nothing was changed: replay from a later time, or correct the contract"
                .formatted(
                    contract.name(),
                    event.offset(),
                    read.key().topic(),
                    read.key().partition(),
                    event.was().table(contract)));
      }
    }
  }

  private static boolean isCounted(Outcome outcome) {
    return outcome == Outcome.ACCEPTED || outcome == Outcome.LATE;
  }

  /**
   * Reads, compares and puts what differs where it belongs.
   *
   * @param erased the rows that were taken out of a table
   * @throws MillraceException if tables do not have what the ledger says
   */
  void run(Function<TableName, List<ErasedRow>> erased) {
    for (List<Stretch> group : groups()) {
      HeldEvents events = new HeldEvents(group, tables, intake, progress);
      for (Stretch stretch : group) {
        Partition partition = partitions.get(stretch.key());
        events.settle(stretch, partition::settle);
        partition.repeats.forgetAdditions();
      }
      events.move();
    }
    tables.forEach((outcome, table) -> countErased(outcome, table, erased.apply(table.name())));
    requireWhatTheLedgerSays();
  }

  private List<List<Stretch>> groups() {
    List<List<Stretch>> groups = new ArrayList<>();
    long offsets = OFFSETS_HELD;
    for (Read read : plan.reads(Source.BRONZE)) {
      for (long from = read.ids(); from < read.to(); from += OFFSETS_HELD) {
        Stretch next = new Stretch(read.key(), from, Math.min(from + OFFSETS_HELD, read.to()));
        offsets += next.offsets();
        if (offsets > OFFSETS_HELD) {
          groups.add(new ArrayList<>());
          offsets = next.offsets();
        }
        groups.get(groups.size() - 1).add(next);
      }
    }
    return groups;
  }

  /** Who was erased stays so, and is counted as before. */
  private void countErased(Outcome outcome, RebuiltTable table, List<ErasedRow> rows) {
    for (ErasedRow row : rows) {
      Partition of = partitions.get(row.key());
      if (of != null && of.read.stretch().contains(row.key(), row.offset())) {
        table.countErased(row.fingerprint());
        of.counts.add(outcome);
        sums.merge(outcome, new Sum(1, row.fingerprint()), Sum::plus);
      }
    }
  }

  /** Or rows that were lost would be lost to the proof as well. */
  private void requireWhatTheLedgerSays() {
    for (Outcome outcome : Outcome.values()) {
      Sum found = sums.getOrDefault(outcome, new Sum(0, 0));
      Sum said = bronze.sums().getOrDefault(outcome.table(contract), new Sum(0, 0));
      if (!found.equals(said)) {
        throw MillraceException.world(
            "Cannot replay '%s' from its tables: %s has %d rows of commits %d to %d, and the ledger says %s; nothing was changed: millrace prove --full %s says which"
                .formatted(
                    contract.name(),
                    outcome.table(contract),
                    found.rows(),
                    bronze.commits().first(),
                    bronze.commits().last(),
                    found.rows() == said.rows() ? "they were others" : "%d".formatted(said.rows()),
                    contract.name()));
      }
    }
  }

  /** What became of the events of each partition. */
  void count(Map<TopicPartition, OutcomeCounts> into) {
    partitions.forEach(
        (key, of) -> into.computeIfAbsent(key, it -> new OutcomeCounts()).add(of.counts));
  }

  /** Whether the offset is of what this rebuilds. */
  boolean covers(TopicPartition key, long offset) {
    Partition of = partitions.get(key);
    return of != null && of.read.stretch().contains(key, offset);
  }

  /** Whether an event counts now, of those by whose ids the topic's part finds repeats. */
  boolean remembers(TopicPartition key, long offset) {
    return partitions.get(key).remembered.contains(offset);
  }
}
