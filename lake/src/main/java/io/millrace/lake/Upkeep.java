package io.millrace.lake;

import io.millrace.core.TableName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.ManageSnapshots;
import org.apache.iceberg.Table;

/**
 * Keeps the tables of a lake quick to read while others write them: small files become larger ones,
 * the last state of each hour gets a name, old snapshots go, and so do files that no snapshot has.
 * Called from time to time; each call does a bounded amount of work. Killed at any moment, it
 * leaves the tables as they were or as they were meant to be. Safe for several threads; rounds run
 * one after the other.
 *
 * <p>It plans from metadata alone, and remembers the tables that have nothing to do until they
 * change or the next hour begins, so that many quiet tables cost one look at the catalog.
 */
public final class Upkeep {

  private static final int MAX_COSTLY_STEPS = 64;
  private static final Duration BETWEEN_SWEEPS = Duration.ofHours(6);

  private final Lake lake;
  private final Rewriter rewriter;
  private final Function<TableName, Set<Long>> kept;
  private final UpkeepLimits limits;
  private final InstantSource clock;
  private final Pace pace;
  private final Map<TableName, Look> nothingToDo = new ConcurrentHashMap<>();
  private final Map<TableName, Instant> putOff = new ConcurrentHashMap<>();
  private final Map<TableName, Instant> swept = new ConcurrentHashMap<>();

  /**
   * @param kept the snapshots of a table that must stay readable, such as those of releases
   * @param pace asked to rest after each step, so that the work stays within its share of the
   *     processor
   */
  public Upkeep(
      Lake lake,
      Rewriter rewriter,
      Function<TableName, Set<Long>> kept,
      UpkeepLimits limits,
      InstantSource clock,
      Pace pace) {
    this.lake = lake;
    this.rewriter = rewriter;
    this.kept = kept;
    this.limits = limits;
    this.clock = clock;
    this.pace = pace;
  }

  /** Hears of each step, on the thread that does it. */
  public interface Listener {
    default void began(UpkeepPlan.Step step) {}

    default void ended(UpkeepPlan.Step step) {}

    /** The other steps of this table are left for the next hour; those of others go on. */
    void failed(UpkeepPlan.Step step, RuntimeException why);
  }

  /** A table in which there was nothing to do. */
  private record Look(String metadataFile, Instant hour) {}

  /** Does what there is to do, up to the first step that fails. */
  public UpkeepPlan run() {
    return run(
        (step, why) -> {
          throw why;
        });
  }

  /**
   * Decides what to do, and does it; what fails does not stop what is to be done to other tables.
   *
   * @return what was planned; the listener hears what became of it
   */
  public synchronized UpkeepPlan run(Listener listener) {
    UpkeepPlan plan = plan();
    Set<TableName> failed = new HashSet<>();
    for (UpkeepPlan.Step step : plan.steps()) {
      if (!failed.contains(step.table())) {
        Duration before = pace.used();
        listener.began(step);
        try {
          run(step);
          listener.ended(step);
        } catch (RuntimeException e) {
          failed.add(step.table());
          putOff.put(step.table(), hour(clock.instant()));
          listener.failed(step, e);
        }
        pace.rest(limits.restAfter(pace.used().minus(before)));
      }
    }
    return plan;
  }

  /** What {@link #run} would do now. */
  public UpkeepPlan plan() {
    Instant now = clock.instant();
    Map<TableName, String> files = lake.metadataFiles();
    nothingToDo.keySet().retainAll(files.keySet());
    List<UpkeepPlan.Step> steps = new ArrayList<>();
    List<UpkeepPlan.Rewrite> rewrites = new ArrayList<>();
    List<UpkeepPlan.Count> counts = new ArrayList<>();
    files.forEach(
        (name, file) -> {
          Look look = new Look(file, hour(now));
          if (!look.equals(nothingToDo.get(name)) && !hour(now).equals(putOff.get(name))) {
            int before = steps.size() + rewrites.size() + counts.size();
            lake.find(name)
                .filter(table -> table.currentSnapshot() != null)
                .ifPresent(
                    table -> {
                      steps.addAll(new Retention(name, table, limits, now).plan(kept.apply(name)));
                      sweep(name, table, now).ifPresent(steps::add);
                      rewrites.addAll(Compaction.plan(name, table, now));
                      Statistics.plan(name, table, limits.bytes()).ifPresent(counts::add);
                    });
            if (steps.size() + rewrites.size() + counts.size() == before) {
              nothingToDo.put(name, look);
            }
          }
        });
    steps.addAll(affordable(rewrites, counts));
    return new UpkeepPlan(steps);
  }

  private static Instant hour(Instant instant) {
    return instant.truncatedTo(ChronoUnit.HOURS);
  }

  /** What makes the most files go for the bytes first. */
  private List<UpkeepPlan.Step> affordable(
      List<UpkeepPlan.Rewrite> rewrites, List<UpkeepPlan.Count> counts) {
    rewrites.sort(Comparator.comparingDouble(Upkeep::bytesPerFile));
    List<UpkeepPlan.Step> wanted = new ArrayList<>(rewrites);
    wanted.addAll(counts);
    List<UpkeepPlan.Step> taken = new ArrayList<>();
    long left = limits.bytes();
    for (UpkeepPlan.Step step : wanted) {
      boolean fits = step.bytes() <= left || taken.isEmpty();
      if (fits && taken.size() < MAX_COSTLY_STEPS) {
        taken.add(step);
        left -= step.bytes();
      }
    }
    return taken;
  }

  private Optional<UpkeepPlan.Step> sweep(TableName name, Table table, Instant now) {
    if (!swept.getOrDefault(name, Instant.MIN).isBefore(now.minus(BETWEEN_SWEEPS))) {
      return Optional.empty();
    }
    UpkeepPlan.Delete orphans = Orphans.plan(name, table, now);
    if (orphans.files().isEmpty()) {
      swept.put(name, now);
      return Optional.empty();
    }
    return Optional.of(orphans);
  }

  private void run(UpkeepPlan.Step step) {
    Table table = lake.load(step.table());
    if (step instanceof UpkeepPlan.Rewrite rewrite) {
      Compaction.run(rewrite, table, rewriter);
    } else if (step instanceof UpkeepPlan.Tag tag) {
      tag(tag, table);
    } else if (step instanceof UpkeepPlan.Untag untag) {
      ManageSnapshots change = table.manageSnapshots();
      untag.tags().stream().filter(table.refs()::containsKey).forEach(change::removeTag);
      change.commit();
    } else if (step instanceof UpkeepPlan.DropBranches drop) {
      ManageSnapshots change = table.manageSnapshots();
      drop.branches().stream().filter(table.refs()::containsKey).forEach(change::removeBranch);
      change.commit();
    } else if (step instanceof UpkeepPlan.Expire expire) {
      expire(expire, table);
    } else if (step instanceof UpkeepPlan.Delete delete) {
      delete.files().forEach(table.io()::deleteFile);
    } else if (step instanceof UpkeepPlan.Count) {
      Statistics.run(table);
    }
  }

  private static void tag(UpkeepPlan.Tag tag, Table table) {
    ManageSnapshots change = table.manageSnapshots();
    tag.snapshots()
        .forEach(
            (name, snapshot) -> {
              if (!table.refs().containsKey(name) && table.snapshot(snapshot) != null) {
                change.createTag(name, snapshot);
              }
            });
    change.commit();
  }

  /** Looks again at what can go: a release, a tag or a build may have come since it was planned. */
  private void expire(UpkeepPlan.Expire expire, Table table) {
    Set<Long> expired = new HashSet<>(expire.snapshots());
    Retention retention = new Retention(expire.table(), table, limits, clock.instant());
    expired.retainAll(retention.expired(kept.apply(expire.table())));
    if (!expired.isEmpty()) {
      Statistics.keep(table, expired);
      ExpireSnapshots change = table.expireSnapshots().expireOlderThan(0);
      expired.forEach(change::expireSnapshotId);
      change.commit();
    }
  }

  private static double bytesPerFile(UpkeepPlan.Rewrite rewrite) {
    return (double) rewrite.bytes() / (rewrite.files().size() - 1);
  }
}
