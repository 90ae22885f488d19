package io.millrace.stream;

import io.millrace.core.TableName;
import io.millrace.lake.Ledger;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.LedgerEntry;
import io.millrace.lake.LedgerEntry.Corrected;
import io.millrace.lake.LedgerEntry.Range;
import io.millrace.project.StreamContract;
import io.millrace.stream.ReplayPlan.FromBronze;
import io.millrace.stream.ReplayPlan.Read;
import io.millrace.stream.ReplayPlan.Source;
import io.millrace.stream.ReplayPlan.Sum;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The commits of a stream, as its ledger has them, for a plan to choose from. */
final class ReplayCommits {

  private static final long PAGE = 5_000;

  private final String stream;
  private final Ledger ledger;
  private final long last;

  ReplayCommits(String stream, Ledger ledger) {
    this.stream = stream;
    this.ledger = ledger;
    this.last = ledger.last(stream).map(LedgerEntry::sequence).orElse(0L);
  }

  private void forEach(long after, long upTo, Consumer<LedgerEntry> taker) {
    for (long at = after; at < upTo; at += PAGE) {
      ledger.between(stream, at, Math.min(at + PAGE, upTo)).forEach(taker);
    }
  }

  /** From the first commit that has read some of it, to the last. */
  Optional<Corrected> chosen(KeptOffsets kept, Instant from, Optional<Instant> to) {
    long[] span = {Long.MAX_VALUE, 0};
    Instant[] before = {Instant.EPOCH};
    List<Corrected> corrections = new ArrayList<>();
    forEach(
        0,
        last,
        entry -> {
          if (entry.corrects().isPresent()) {
            corrections.add(entry.corrects().get());
            return;
          }
          if (!entry.isFromTopics()) {
            return;
          }
          boolean within =
              sealedAt(entry).isAfter(from) && to.stream().noneMatch(it -> !before[0].isBefore(it));
          before[0] = sealedAt(entry);
          for (Range range : entry.ranges()) {
            if (kept.hasDropped(range)
                ? within
                : kept.isAfterStart(range) && kept.isBeforeEnd(range)) {
              span[0] = Math.min(span[0], entry.sequence());
              span[1] = entry.sequence();
            }
          }
        });
    return span[1] == 0
        ? Optional.empty()
        : Optional.of(widened(new Corrected(span[0], span[1]), corrections));
  }

  /**
   * The first of these commits from which on Kafka has all that is needed; the one after the last
   * if there is none. What was corrected together has one source.
   */
  long firstWithin(Corrected commits, KeptOffsets kept) {
    long[] first = {commits.first()};
    List<Corrected> corrections = new ArrayList<>();
    forEach(
        commits.first() - 1,
        last,
        entry -> {
          entry.corrects().ifPresent(corrections::add);
          if (commits.contains(entry.sequence())
              && entry.isFromTopics()
              && !entry.ranges().stream().allMatch(kept::hasWhole)) {
            first[0] = entry.sequence() + 1;
          }
        });
    corrections.sort(Comparator.comparingLong(Corrected::last));
    for (Corrected it : corrections) {
      if (it.first() < first[0] && it.last() >= first[0] && commits.contains(it)) {
        first[0] = it.last() + 1;
      }
    }
    return first[0];
  }

  /** What each table holds of some commits; none may have been corrected with others. */
  Map<TableName, Sum> sums(Corrected commits) {
    Map<TableName, Sum> sums = new HashMap<>();
    Map<Long, LedgerEntry> corrections = new TreeMap<>();
    forEach(
        0,
        last,
        entry ->
            entry
                .corrects()
                .ifPresent(
                    it -> {
                      corrections.values().removeIf(old -> it.contains(old.corrects().get()));
                      corrections.put(entry.sequence(), entry);
                    }));
    corrections.values().removeIf(it -> !commits.contains(it.corrects().get()));
    Consumer<LedgerEntry> count =
        entry ->
            entry
                .parts()
                .forEach(
                    part ->
                        sums.merge(
                            part.table(), new Sum(part.rows(), part.fingerprint()), Sum::plus));
    corrections.values().forEach(count);
    forEach(
        commits.first() - 1,
        commits.last(),
        entry -> {
          boolean corrected =
              corrections.values().stream()
                  .anyMatch(it -> it.corrects().get().contains(entry.sequence()));
          if (entry.isFromTopics() && !corrected) {
            count.accept(entry);
          }
        });
    return sums;
  }

  /** Tables do not keep when Kafka took an event: the time of its commit has to do. */
  FromBronze fromBronze(StreamContract contract, Corrected commits) {
    long[] first = {Long.MAX_VALUE};
    forEach(
        commits.first() - 1,
        commits.last(),
        entry -> {
          if (entry.isFromTopics()) {
            first[0] = Math.min(first[0], sealedAt(entry).toEpochMilli());
          }
        });
    Map<TopicPartition, NavigableMap<Long, Long>> sealed = new HashMap<>();
    forEach(
        0,
        commits.last(),
        entry -> {
          long millis = sealedAt(entry).toEpochMilli();
          if (entry.isFromTopics()
              && (entry.sequence() >= commits.first()
                  || millis >= first[0] - ReplayPlan.remembered(contract))) {
            for (Range range : entry.ranges()) {
              sealed
                  .computeIfAbsent(KeptOffsets.keyOf(range), key -> new TreeMap<>())
                  .put(range.from(), millis);
            }
          }
        });
    return new FromBronze(commits, sums(commits), sealed);
  }

  List<Read> bronzeReads(StreamContract contract, FromBronze bronze) {
    List<Read> reads = new ArrayList<>();
    ranges(bronze.commits())
        .forEach(
            (key, range) -> {
              long ids =
                  key.topic().equals(contract.topic())
                      ? bronze.sealedMillis().get(key).firstKey()
                      : range.from();
              reads.add(new Read(key, Source.BRONZE, ids, range.from(), range.to()));
            });
    return reads;
  }

  /** What was corrected together is corrected together again. */
  private static Corrected widened(Corrected chosen, List<Corrected> corrections) {
    Corrected wide = chosen;
    for (Corrected it : corrections) {
      if (it.overlaps(wide) && !wide.contains(it)) {
        return widened(
            new Corrected(Math.min(wide.first(), it.first()), Math.max(wide.last(), it.last())),
            corrections);
      }
    }
    return wide;
  }

  record Offsets(long from, long to) {
    Offsets plus(Offsets other) {
      return new Offsets(Math.min(from, other.from), Math.max(to, other.to));
    }
  }

  /** What commits have read, in the order of partitions. */
  Map<TopicPartition, Offsets> ranges(Corrected commits) {
    Map<TopicPartition, Offsets> ranges =
        new TreeMap<>(
            Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition));
    forEach(
        commits.first() - 1,
        commits.last(),
        entry -> {
          if (entry.isFromTopics()) {
            entry
                .ranges()
                .forEach(
                    range ->
                        ranges.merge(
                            KeptOffsets.keyOf(range),
                            new Offsets(range.from(), range.to()),
                            Offsets::plus));
          }
        });
    return ranges;
  }

  /** When the last commit was made that needs what Kafka has dropped. */
  Optional<Instant> sealedBeforeAll(KeptOffsets kept) {
    Instant[] sealed = {Instant.EPOCH};
    long[] sequence = {0};
    forEach(
        0,
        last,
        entry -> {
          if (entry.isFromTopics() && !entry.ranges().stream().allMatch(kept::hasWhole)) {
            sealed[0] = sealedAt(entry);
            sequence[0] = entry.sequence();
          }
        });
    return sequence[0] == last
        ? Optional.empty()
        : Optional.of(sealed[0].truncatedTo(ChronoUnit.SECONDS).plusSeconds(1));
  }

  private static Instant sealedAt(LedgerEntry entry) {
    return Instant.EPOCH.plus(entry.sealedAtMicros(), ChronoUnit.MICROS);
  }
}
