package io.millrace.prove;

import io.millrace.core.Row;
import io.millrace.event.LiveRow;
import io.millrace.event.LiveRow.Version;
import io.millrace.lake.Erasures;
import io.millrace.lake.Fingerprint;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.Schemas;
import io.millrace.lake.TableReader;
import io.millrace.live.LiveStream;
import io.millrace.project.Field;
import io.millrace.project.StreamContract;
import io.millrace.prove.Topics.Extent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * Compares the live values of a stream with the newest row of each key in its bronze table, which
 * are found here again: by another reading of the rows than the one that filled the live values,
 * and of the JSON that these hold.
 *
 * <p>The ledger is read first, then the table, then where the topic of live rows ends; when all of
 * that has been followed, live values have what the ledger knew. What they have beyond is in
 * flight. Only so many keys are held at once; of more, all rows are read again and again.
 */
final class LiveCheck {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MAX_KEYS_AT_ONCE = 200_000;

  private final LiveStream live;
  private final StreamContract contract;
  private final Lake lake;
  private final Path metadata;
  private final InstantSource clock;
  private final Topics topics;
  private final List<Field> columns;
  private final JsonRow json;
  private final int keyAt;
  private final Examples missing = new Examples();
  private final Examples extra = new Examples();
  private final Examples changed = new Examples();
  private Map<TopicPartition, Long> ends = Map.of();
  private long keys;
  private long fingerprint;
  private long inFlight;

  LiveCheck(LiveStream live, Lake lake, Path metadata, InstantSource clock, Topics topics) {
    this.live = live;
    this.contract = live.contract();
    this.lake = lake;
    this.metadata = metadata;
    this.clock = clock;
    this.topics = topics;
    this.columns = Schemas.tables(contract).get(contract.bronze());
    this.json = new JsonRow(columns);
    this.keyAt = contract.position(contract.live().orElseThrow());
  }

  /** What bronze says of a key. */
  private record Newest(Version version, long fingerprint) {}

  /** Of what changes bronze behind its commits; as long as it stays the same, nothing did. */
  private record Changes(long correction, long erasures, boolean underWay) {}

  /**
   * Compares them.
   *
   * @param breaches gets what does not hold
   */
  LiveProof prove(List<Breach> breaches) {
    Changes before = changes();
    try (Ledger ledger = Ledger.open(metadata)) {
      ends = ledger.ends(contract.name());
    }
    Table bronze = lake.load(contract.bronze());
    Optional<Snapshot> snapshot = Optional.ofNullable(bronze.currentSnapshot());
    if (before.underWay() || !isFollowed()) {
      return LiveProof.BEHIND;
    }
    int rounds = 1;
    for (int round = 0; round < rounds; round++) {
      Map<String, Newest> newest = new HashMap<>();
      if (snapshot.isPresent() && !read(bronze, snapshot.get(), round, rounds, newest)) {
        rounds *= 2;
        round = -1;
        reset();
        continue;
      }
      compare(Fingerprint.over(bronze, columns), round, rounds, newest);
    }
    if (!changes().equals(before)) {
      return LiveProof.BEHIND;
    }
    add(breaches, Breach.Kind.MISSING, missing, "lack the newest rows of bronze, at offsets");
    add(breaches, Breach.Kind.EXTRA, extra, "have rows that are not in bronze, at offsets");
    add(breaches, Breach.Kind.CHANGED, changed, "have other values than bronze, at offsets");
    return new LiveProof(false, keys, HexFormat.of().toHexDigits(fingerprint), inFlight);
  }

  private Changes changes() {
    try (Ledger ledger = Ledger.open(metadata);
        Erasures erasures = Erasures.open(metadata, clock)) {
      return new Changes(
          ledger.lastCorrection(contract.name()),
          erasures.newest(),
          contract.isPersonal() && erasures.all().stream().anyMatch(it -> it.done().isEmpty()));
    }
  }

  private boolean isFollowed() {
    Map<Integer, Long> offsets = new HashMap<>();
    Map<TopicPartition, Extent> extents = topics.extents(List.of(contract.liveTopic()));
    extents.forEach((key, extent) -> offsets.put(key.partition(), extent.end()));
    return live.awaitFollowed(offsets, PATIENCE);
  }

  private void reset() {
    keys = 0;
    fingerprint = 0;
    inFlight = 0;
  }

  /** The newest rows of a round's keys; false if they are too many. */
  private boolean read(
      Table bronze, Snapshot snapshot, int round, int rounds, Map<String, Newest> into) {
    Fingerprint of = Fingerprint.over(bronze, columns);
    int time = contract.position(contract.eventTime());
    int partition = columns.size() - 2;
    int offset = columns.size() - 1;
    TableReader.forEach(
        bronze,
        snapshot.snapshotId(),
        columns,
        row -> {
          String key = json.text(row, keyAt);
          if (isOf(key, round, rounds) && into.size() <= MAX_KEYS_AT_ONCE) {
            Version version =
                new Version(
                    row.longAt(time), Math.toIntExact(row.longAt(partition)), row.longAt(offset));
            Newest held = into.get(key);
            if (held == null || held.version().compareTo(version) < 0) {
              into.put(key, new Newest(version, of.of(row)));
            }
          }
        });
    return into.size() <= MAX_KEYS_AT_ONCE;
  }

  private static boolean isOf(String key, int round, int rounds) {
    int hash = key.hashCode() * 0x9E37_79B9;
    return ((hash >>> 16) & (rounds - 1)) == round;
  }

  private void compare(Fingerprint of, int round, int rounds, Map<String, Newest> newest) {
    live.forEach(
        row -> {
          if (isOf(row.key(), round, rounds)) {
            compare(of, row, newest.remove(row.key()));
          }
        });
    newest.values().forEach(left -> missing(left.version()));
  }

  private void compare(Fingerprint of, LiveRow row, Newest held) {
    if (isInFlight(row.version())) {
      inFlight++;
    } else if (held == null || row.version().compareTo(held.version()) > 0) {
      extra.add(place(row.version()));
    } else if (row.version().compareTo(held.version()) < 0) {
      missing(held.version());
    } else {
      Optional<Row> read = row.json().flatMap(json::read);
      if (read.filter(it -> of.of(it) == held.fingerprint()).isEmpty()) {
        changed.add(place(row.version()));
      }
      keys++;
      fingerprint += held.fingerprint();
    }
  }

  private void missing(Version newest) {
    if (isInFlight(newest)) {
      inFlight++;
    } else {
      missing.add(place(newest));
    }
  }

  private boolean isInFlight(Version version) {
    TopicPartition key = new TopicPartition(contract.topic(), version.partition());
    return version.offset() >= ends.getOrDefault(key, 0L);
  }

  private String place(Version version) {
    TopicPartition key = new TopicPartition(contract.topic(), version.partition());
    return Partitions.describe(key, version.offset(), version.offset() + 1);
  }

  private static void add(List<Breach> breaches, Breach.Kind kind, Examples offsets, String what) {
    if (!offsets.isEmpty()) {
      breaches.add(new Breach(kind, "live values %s %s".formatted(what, offsets)));
    }
  }
}
