package io.millrace.stream;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.lake.Ledger;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.LedgerEntry;
import io.millrace.lake.LedgerEntry.Corrected;
import io.millrace.lake.LedgerEntry.Range;
import io.millrace.project.StreamContract;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What a replay reads again: whole commits, because the ledger proves rows by commits.
 *
 * @param commits whose rows it rebuilds
 * @param reads one for each partition that these commits have read
 */
record ReplayPlan(Corrected commits, List<Read> reads) {

  private static final long PAGE = 5_000;

  ReplayPlan {
    reads = List.copyOf(reads);
  }

  /**
   * Offsets of a partition.
   *
   * @param ids from here to {@code from} only ids are read, by which repeats are known
   */
  record Read(TopicPartition key, long ids, long from, long to) {}

  long records() {
    return reads.stream().mapToLong(read -> read.to() - read.from()).sum();
  }

  /** How many rows each table has of it, by the ledger. */
  Map<TableName, Long> rows(String stream, Ledger ledger) {
    Map<TableName, Long> rows = new HashMap<>();
    Map<Long, LedgerEntry> corrections = new TreeMap<>();
    Commits all = new Commits(stream, ledger);
    all.forEach(
        0,
        all.last,
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
        entry -> entry.parts().forEach(part -> rows.merge(part.table(), part.rows(), Long::sum));
    corrections.values().forEach(count);
    all.forEach(
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
    return rows;
  }

  /**
   * Plans for what the broker appended between two times; none if no commit has read any of it.
   *
   * @throws MillraceException if Kafka has dropped some of it, which says since when it has all
   */
  static Optional<ReplayPlan> of(
      StreamContract contract,
      Ledger ledger,
      ReplayTopics topics,
      Instant from,
      Optional<Instant> to) {
    Commits commits = new Commits(contract.name(), ledger);
    Map<TopicPartition, Long> begins = new HashMap<>();
    Map<TopicPartition, Long> starts = new HashMap<>();
    Map<TopicPartition, Long> ends = new HashMap<>();
    for (String topic : List.of(contract.topic(), contract.rejectedTopic())) {
      for (TopicPartition key : topics.partitions(topic)) {
        begins.put(key, topics.begin(key));
        starts.put(key, topics.offsetAt(key, from.toEpochMilli()));
        ends.put(key, to.map(it -> topics.offsetAt(key, it.toEpochMilli())).orElse(Long.MAX_VALUE));
      }
    }
    Optional<Corrected> chosen = commits.chosen(begins, starts, ends, from);
    if (chosen.isEmpty()) {
      return Optional.empty();
    }
    List<Read> reads = new ArrayList<>();
    commits
        .ranges(chosen.get())
        .forEach((key, range) -> reads.add(read(contract, topics, key, range.from(), range.to())));
    for (Read read : reads) {
      long begin = begins.getOrDefault(read.key(), 0L);
      // What came before the first record that is kept may have had an id that was repeated.
      boolean cutOff =
          begin > 0 && read.key().topic().equals(contract.topic()) && read.ids() <= begin;
      if (read.from() < begin || cutOff) {
        throw dropped(contract, commits, begins, topics, from, read);
      }
    }
    return Optional.of(new ReplayPlan(chosen.get(), reads));
  }

  /** Ids of what was rejected at the door are not compared. */
  private static Read read(
      StreamContract contract, ReplayTopics topics, TopicPartition key, long from, long to) {
    if (!key.topic().equals(contract.topic()) || from == 0 || from < topics.begin(key)) {
      return new Read(key, from, from, to);
    }
    long first = topics.appendMillis(key, from, to);
    long ids = first == Long.MAX_VALUE ? from : topics.offsetAt(key, first - remembered(contract));
    return new Read(key, Math.min(ids, from), from, to);
  }

  /** An id is remembered for a quarter longer than the window at most. */
  private static long remembered(StreamContract contract) {
    return contract.repeatWindow().toMillis() * 5 / 4 + 1;
  }

  private static MillraceException dropped(
      StreamContract contract,
      Commits commits,
      Map<TopicPartition, Long> begins,
      ReplayTopics topics,
      Instant from,
      Read read) {
    Map<TopicPartition, Long> whole = new HashMap<>();
    begins.forEach(
        (key, begin) -> {
          if (begin > 0 && key.topic().equals(contract.topic())) {
            long first = topics.appendMillis(key, begin, Long.MAX_VALUE);
            whole.put(key, topics.offsetAt(key, first + remembered(contract)));
          } else {
            whole.put(key, begin);
          }
        });
    String earliest =
        commits
            .sealedBeforeAll(whole)
            .map(it -> "the earliest time that can be replayed is " + it)
            .orElse("no commit can be replayed");
    return MillraceException.caller(
        "Cannot replay '%s' from %s: Kafka has dropped records of %s/%d that it needs, from before offset %d, and tables do not keep the bytes that were decoded; %s"
            .formatted(
                contract.name(),
                from,
                read.key().topic(),
                read.key().partition(),
                Math.max(read.from(), begins.get(read.key())),
                earliest));
  }

  /** The commits of a stream, as its ledger has them. */
  private static final class Commits {

    private final String stream;
    private final Ledger ledger;
    private final long last;

    Commits(String stream, Ledger ledger) {
      this.stream = stream;
      this.ledger = ledger;
      this.last = ledger.last(stream).map(LedgerEntry::sequence).orElse(0L);
    }

    private void forEach(long after, long upTo, Consumer<LedgerEntry> taker) {
      for (long at = after; at < upTo; at += PAGE) {
        ledger.between(stream, at, Math.min(at + PAGE, upTo)).forEach(taker);
      }
    }

    /** From the first commit that has read one of these offsets, to the last. */
    Optional<Corrected> chosen(
        Map<TopicPartition, Long> begins,
        Map<TopicPartition, Long> starts,
        Map<TopicPartition, Long> ends,
        Instant from) {
      long[] span = {Long.MAX_VALUE, 0};
      List<Corrected> corrections = new ArrayList<>();
      forEach(
          0,
          last,
          entry -> {
            if (entry.corrects().isPresent()) {
              corrections.add(entry.corrects().get());
              return;
            }
            boolean after = sealedAt(entry).isAfter(from);
            for (Range range : entry.ranges()) {
              TopicPartition key = new TopicPartition(range.topic(), range.partition());
              long start = starts.getOrDefault(key, Long.MAX_VALUE);
              // Of what Kafka has dropped, only the ledger knows when it came.
              boolean dropped = range.from() < begins.getOrDefault(key, 0L) && after;
              if ((range.to() > start || dropped)
                  && range.from() < ends.getOrDefault(key, Long.MAX_VALUE)) {
                span[0] = Math.min(span[0], entry.sequence());
                span[1] = entry.sequence();
              }
            }
          });
      return span[1] == 0
          ? Optional.empty()
          : Optional.of(widened(new Corrected(span[0], span[1]), corrections));
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

    private record Stretch(long from, long to) {
      Stretch plus(Stretch other) {
        return new Stretch(Math.min(from, other.from), Math.max(to, other.to));
      }
    }

    /** What commits have read, in the order of partitions. */
    Map<TopicPartition, Stretch> ranges(Corrected commits) {
      Map<TopicPartition, Stretch> ranges =
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
                              new TopicPartition(range.topic(), range.partition()),
                              new Stretch(range.from(), range.to()),
                              Stretch::plus));
            }
          });
      return ranges;
    }

    /** When the last commit was made that read anything before these offsets. */
    Optional<Instant> sealedBeforeAll(Map<TopicPartition, Long> offsets) {
      Instant[] sealed = {Instant.EPOCH};
      long[] sequence = {0};
      forEach(
          0,
          last,
          entry -> {
            boolean before =
                entry.isFromTopics()
                    && entry.ranges().stream()
                        .anyMatch(
                            range ->
                                range.from()
                                    < offsets.getOrDefault(
                                        new TopicPartition(range.topic(), range.partition()), 0L));
            if (before) {
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
}
