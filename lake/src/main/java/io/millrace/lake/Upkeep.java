package io.millrace.lake;

import io.millrace.core.TableName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * Keeps the tables of a lake quick to read while others write them: small files become larger ones,
 * old snapshots go, and so do files that no snapshot has. Called from time to time; each call does
 * a bounded amount of work. Killed at any moment, it leaves the tables as they were or as they were
 * meant to be.
 *
 * <p>The newest append of a stream stays in a table's history however old it is, because a stream
 * that starts again looks there for what it has committed.
 */
public final class Upkeep {

  /** Queries that have begun still read snapshots that are no longer the newest. */
  static final int SNAPSHOTS_KEPT = 30;

  private static final int FEWEST_EXPIRED = 10;
  private static final Duration BETWEEN_SWEEPS = Duration.ofHours(6);

  private final Lake lake;
  private final Duration retention;
  private final InstantSource clock;
  private final Map<TableName, Instant> swept = new HashMap<>();

  /**
   * @param retention how long a snapshot can be asked for
   */
  public Upkeep(Lake lake, Duration retention, InstantSource clock) {
    this.lake = lake;
    this.retention = retention;
    this.clock = clock;
  }

  /** Decides what to do, and does it. */
  public UpkeepPlan run() {
    UpkeepPlan plan = plan();
    plan.steps().forEach(this::run);
    return plan;
  }

  public UpkeepPlan plan() {
    List<UpkeepPlan.Step> steps = new ArrayList<>();
    Compaction.Budget budget = new Compaction.Budget();
    for (TableName name : lake.pin(new AsOf.Head()).keySet()) {
      Table table = lake.load(name);
      if (table.currentSnapshot() != null) {
        steps.addAll(Compaction.plan(name, table, budget));
        expiry(name, table, steps);
        sweep(name, table, steps);
      }
    }
    return new UpkeepPlan(steps);
  }

  private void expiry(TableName name, Table table, List<UpkeepPlan.Step> steps) {
    long before = expireBefore(table);
    int kept = 0;
    int expired = 0;
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      if (++kept > SNAPSHOTS_KEPT && snapshot.timestampMillis() < before) {
        expired++;
      }
    }
    if (expired >= FEWEST_EXPIRED) {
      steps.add(new UpkeepPlan.Expire(name, expired));
    }
  }

  private long expireBefore(Table table) {
    long before = clock.instant().minus(retention).toEpochMilli();
    return newestAppend(table)
        .map(append -> Math.min(before, append.timestampMillis()))
        .orElse(before);
  }

  static Optional<Snapshot> newestAppend(Table table) {
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      if (Commits.APPEND.equals(snapshot.summary().get(Commits.KIND))) {
        return Optional.of(snapshot);
      }
    }
    return Optional.empty();
  }

  private void sweep(TableName name, Table table, List<UpkeepPlan.Step> steps) {
    Instant now = clock.instant();
    if (swept.getOrDefault(name, Instant.MIN).isBefore(now.minus(BETWEEN_SWEEPS))) {
      swept.put(name, now);
      List<String> orphans = Orphans.find(table, now);
      if (!orphans.isEmpty()) {
        steps.add(new UpkeepPlan.Delete(name, orphans));
      }
    }
  }

  private void run(UpkeepPlan.Step step) {
    Table table = lake.load(step.table());
    if (step instanceof UpkeepPlan.Rewrite rewrite) {
      Compaction.run(rewrite, table);
    } else if (step instanceof UpkeepPlan.Expire) {
      table
          .expireSnapshots()
          .expireOlderThan(expireBefore(table))
          .retainLast(SNAPSHOTS_KEPT)
          .commit();
    } else if (step instanceof UpkeepPlan.Delete delete) {
      delete.files().forEach(table.io()::deleteFile);
    }
  }
}
