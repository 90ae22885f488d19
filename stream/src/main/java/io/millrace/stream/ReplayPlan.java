package io.millrace.stream;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.lake.Ledger;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.LedgerEntry.Corrected;
import io.millrace.project.StreamContract;
import io.millrace.stream.HeldRows.Stretch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;

/**
 * What a replay reads again: whole commits, because the ledger proves rows by commits.
 *
 * @param commits whose rows it rebuilds
 * @param reads one for each partition that these commits have read; two of one that is read from
 *     tables first and from its topic then
 * @param fromBronze the first of the commits, if Kafka no longer has all of their records
 */
record ReplayPlan(Corrected commits, List<Read> reads, Optional<FromBronze> fromBronze) {

  ReplayPlan {
    reads = List.copyOf(reads);
  }

  /** Where events are read from. */
  enum Source {
    TOPIC,
    /** The stream's tables. */
    BRONZE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Offsets of a partition.
   *
   * @param ids from here to {@code from} only ids are read, by which repeats are known
   */
  record Read(TopicPartition key, Source source, long ids, long from, long to) {
    Stretch stretch() {
      return new Stretch(key, from, to);
    }
  }

  /** The sum of some rows of a table: how many, and their fingerprints. */
  record Sum(long rows, long fingerprint) {
    Sum plus(Sum other) {
      return new Sum(rows + other.rows, fingerprint + other.fingerprint);
    }
  }

  /**
   * Commits whose events are read from tables.
   *
   * @param sums what each table must hold of them, by the ledger
   * @param sealedMillis when the offsets of each partition were committed: of each commit by its
   *     first offset, from where on ids are read
   */
  record FromBronze(
      Corrected commits,
      Map<TableName, Sum> sums,
      Map<TopicPartition, NavigableMap<Long, Long>> sealedMillis) {}

  long records() {
    return reads.stream().mapToLong(read -> read.to() - read.from()).sum();
  }

  List<Read> reads(Source source) {
    return reads.stream().filter(read -> read.source() == source).toList();
  }

  /** How many rows each table has of it, by the ledger. */
  Map<TableName, Long> rows(String stream, Ledger ledger) {
    Map<TableName, Long> rows = new HashMap<>();
    new ReplayCommits(stream, ledger)
        .sums(commits)
        .forEach((table, sum) -> rows.put(table, sum.rows()));
    return rows;
  }

  /**
   * Plans for what the broker appended between two times; none if no commit has read any of it.
   *
   * @param only where all of it has to be read from; else it is the topic as far as that goes back
   * @throws MillraceException if Kafka has dropped some of what has to be read from the topic,
   *     which says since when it has all
   */
  static Optional<ReplayPlan> of(
      StreamContract contract,
      Ledger ledger,
      ReplayTopics topics,
      Instant from,
      Optional<Instant> to,
      Optional<Source> only) {
    ReplayCommits commits = new ReplayCommits(contract.name(), ledger);
    KeptOffsets kept =
        only.equals(Optional.of(Source.BRONZE))
            ? KeptOffsets.NOTHING
            : KeptOffsets.of(contract, topics, from, to);
    Optional<Corrected> chosen = commits.chosen(kept, from, to);
    if (chosen.isEmpty()) {
      return Optional.empty();
    }
    long first = chosen.get().first();
    long last = chosen.get().last();
    long fromTopic = commits.firstWithin(chosen.get(), kept);
    if (fromTopic > first && only.equals(Optional.of(Source.TOPIC))) {
      throw dropped(contract, commits, kept, from);
    }
    List<Read> reads = new ArrayList<>();
    Optional<FromBronze> bronze = Optional.empty();
    if (fromTopic > first) {
      bronze = Optional.of(commits.fromBronze(contract, new Corrected(first, fromTopic - 1)));
      reads.addAll(commits.bronzeReads(contract, bronze.get()));
    }
    if (fromTopic <= last) {
      commits
          .ranges(new Corrected(fromTopic, last))
          .forEach(
              (key, range) -> reads.add(read(contract, topics, key, range.from(), range.to())));
    }
    return Optional.of(new ReplayPlan(chosen.get(), reads, bronze));
  }

  /** Ids of what was rejected at the door are not compared. */
  private static Read read(
      StreamContract contract, ReplayTopics topics, TopicPartition key, long from, long to) {
    if (!key.topic().equals(contract.topic()) || from == 0) {
      return new Read(key, Source.TOPIC, from, from, to);
    }
    long first = topics.appendMillis(key, from, to);
    long ids = first == Long.MAX_VALUE ? from : topics.offsetAt(key, first - remembered(contract));
    return new Read(key, Source.TOPIC, Math.min(ids, from), from, to);
  }

  /** An id is remembered for a quarter longer than the window at most. */
  static long remembered(StreamContract contract) {
    return contract.repeatWindow().toMillis() * 5 / 4 + 1;
  }

  private static MillraceException dropped(
      StreamContract contract, ReplayCommits commits, KeptOffsets kept, Instant from) {
    String earliest =
        commits
            .sealedBeforeAll(kept)
            .map(it -> "the earliest time that can be replayed from it is " + it)
            .orElse("no commit can be replayed from it");
    return MillraceException.caller(
        "Cannot replay '%s' from %s with the topic as its source: Kafka has dropped records that it needs; %s; without that source, tables give what Kafka has dropped"
            .formatted(contract.name(), from, earliest));
  }
}
