package io.millrace.live;

import io.millrace.event.LiveRow;
import io.millrace.event.LiveRows;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger;
import io.millrace.lake.Schemas;
import io.millrace.lake.TableReader;
import io.millrace.project.Field;
import io.millrace.project.StreamContract;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * Fills live values from bronze. The ledger is read before the table, so that bronze has all that
 * the ledger says it has; what it has beyond that is told again by the topic of live rows.
 */
final class Filling {

  private static final int BATCH_ROWS = 1_000;

  private final StreamContract contract;
  private final Lake lake;
  private final Path metadata;

  Filling(StreamContract contract, Lake lake, Path metadata) {
    this.contract = contract;
    this.lake = lake;
    this.metadata = metadata;
  }

  /** Whether what was filled then would be filled with other rows now. */
  boolean isOutdated(LivePosition then) {
    try (Ledger ledger = Ledger.open(metadata)) {
      SortedMap<Integer, Long> ends = ends(ledger);
      return then.contract() != contract.version()
          || then.correction() != ledger.lastCorrection(contract.name())
          // Tables that were put back to an earlier state.
          || then.decided().entrySet().stream()
              .anyMatch(it -> it.getValue() > ends.getOrDefault(it.getKey(), 0L));
    }
  }

  /** Fills what is empty. */
  void fill(LiveStore empty) {
    LivePosition position = position();
    Table bronze = lake.load(contract.bronze());
    Snapshot snapshot = bronze.currentSnapshot();
    List<LiveRow> batch = new ArrayList<>(BATCH_ROWS);
    if (snapshot != null) {
      List<Field> columns = Schemas.tables(contract).get(contract.bronze());
      LiveRows rows = new LiveRows(contract, columns);
      TableReader.forEach(
          bronze,
          snapshot.snapshotId(),
          columns,
          row -> {
            batch.add(rows.of(row));
            if (batch.size() == BATCH_ROWS) {
              empty.apply(batch, position);
              batch.clear();
            }
          });
    }
    empty.apply(batch, position);
  }

  private LivePosition position() {
    try (Ledger ledger = Ledger.open(metadata)) {
      long correction = ledger.lastCorrection(contract.name());
      return new LivePosition(contract.version(), correction, ends(ledger), new TreeMap<>());
    }
  }

  /** Up to where the ledger accounts for each partition of the stream's topic. */
  private SortedMap<Integer, Long> ends(Ledger ledger) {
    SortedMap<Integer, Long> ends = new TreeMap<>();
    ledger
        .ends(contract.name())
        .forEach(
            (key, end) -> {
              if (key.topic().equals(contract.topic())) {
                ends.put(key.partition(), end);
              }
            });
    return ends;
  }
}
