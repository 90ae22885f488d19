package io.millrace.schedule;

import io.millrace.core.Interval;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.project.Materialization;
import io.millrace.project.Model;
import io.millrace.schedule.PassWork.Came;
import io.millrace.schedule.Run.State;
import io.millrace.schedule.Warehouse.Extent;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Works on one backfill, in rounds. A round is a pass of a few builds with a release at its end, so
 * that what a pass has pinned is never old, and what is done can be read early. A table is begun
 * when those before it are complete.
 */
final class BackfillWork implements Conduct {

  /** How many builds a round has: what a release waits for. */
  static final int BUILDS = 16;

  /** Of one model: eleven years of hours. */
  private static final int MOST_INTERVALS = 100_000;

  private final Workplace place;
  private final Backfill backfill;
  private final LiveRun run;
  private final AtomicInteger builds = new AtomicInteger();
  private final AtomicReference<String> said = new AtomicReference<>("");

  BackfillWork(Workplace place, Backfill backfill) {
    this.place = place;
    this.backfill = backfill;
    this.run =
        place.run(
            Run.Kind.BACKFILL,
            Request.what(backfill.wish().tables()),
            Backfill.name(backfill.id()));
  }

  /**
   * The intervals of a model that overlap a span of the past; all of it if it has none.
   *
   * @throws MillraceException if the span has no beginning and neither has the model, or there are
   *     more of them than can be kept
   */
  static List<Interval> intervals(Model model, Interval span, Instant now) {
    if (!(model.materialization() instanceof Materialization.ByInterval byInterval)) {
      return List.of(Interval.ALWAYS);
    }
    if (span.start().equals(Instant.MIN) && byInterval.batches().begin().isEmpty()) {
      throw MillraceException.caller(
          "Cannot backfill %s from its beginning: it has none; name one with --from, or as 'begin' in its config"
              .formatted(model.name()));
    }
    Instant end = span.end().isAfter(now) ? now : span.end();
    if (!span.start().isBefore(end)) {
      return List.of();
    }
    List<Interval> intervals =
        byInterval
            .batches()
            .overlapping(new Interval(span.start(), end))
            .limit(MOST_INTERVALS + 1)
            .toList();
    if (intervals.size() > MOST_INTERVALS) {
      throw MillraceException.caller(
          "Cannot backfill %s: there are more than %,d intervals since %s; name a later --from"
              .formatted(model.name(), MOST_INTERVALS, intervals.get(0).start()));
    }
    return intervals;
  }

  long run() {
    return run.get().id();
  }

  /** Works until it is done, failed or stopped. */
  void work() {
    try (run) {
      SortedMap<TableName, Came> came = round();
      while (came.containsValue(Came.PARTLY) && !run.isStopped()) {
        awaitCalm();
        came = round();
      }
      end(came);
    }
  }

  private SortedMap<TableName, Came> round() {
    builds.set(0);
    SortedMap<TableName, Came> came =
        new PassWork(place, this, run, new ConcurrentHashMap<>())
            .work(backfill.wish().tables(), backfill.wish().maxParallel());
    progress("");
    if (builds.get() == 0 && came.containsValue(Came.PARTLY)) {
      place.pause();
    }
    return came;
  }

  private void end(SortedMap<TableName, Came> came) {
    Backfills backfills = place.books.backfills();
    if (run.isStopped() && place.isClosing()) {
      return;
    }
    if (run.isStopped()) {
      ledger().revoke(backfill.id(), Backfill.name(backfill.id()) + " was cancelled");
      backfills.ended(backfill.id(), State.CANCELLED, "");
    } else if (came.values().stream().allMatch(Came.DONE::equals)) {
      backfills.ended(backfill.id(), State.DONE, "");
    } else {
      String failed =
          came.entrySet().stream()
              .filter(table -> table.getValue() == Came.FAILED)
              .map(table -> table.getKey().toString())
              .findFirst()
              .orElse("a table");
      String message =
          "%s could not be built for all intervals; see run %d".formatted(failed, run());
      backfills.ended(backfill.id(), State.FAILED, message);
      run.get().failed(message);
    }
  }

  @Override
  public Next.Asked asked() {
    return new Next.Asked(backfill.wish().span(), Optional.of(backfill.id()));
  }

  /** It waits instead, see {@link #waitsFor}. */
  @Override
  public boolean passesOverUnfit() {
    return false;
  }

  @Override
  public IntervalLedger ledger() {
    return place.books.ledger();
  }

  @Override
  public void looked(Model model) {
    TableName table = model.name();
    if (!place.books.backfills().marked(backfill.id()).contains(table)) {
      ledger()
          .want(
              table,
              intervals(model, backfill.wish().span(), backfill.started()),
              Extent.CHANGES,
              Backfill.name(backfill.id()),
              Optional.of(backfill.id()));
      place.books.backfills().mark(backfill.id(), table);
    }
  }

  /** Between rounds, as passes of others wait for the end of a round. */
  private void awaitCalm() {
    Optional<String> wait = waitsFor();
    progress(wait.orElse(""));
    while (wait.isPresent() && !run.isStopped()) {
      place.pause();
      wait = waitsFor();
      progress(wait.orElse(""));
    }
  }

  /** Where others wait, the first build of a round is its last. */
  @Override
  public boolean mayBuild(Model model) {
    boolean othersWait = builds.get() > 0 && place.passes.hasQueuedThreads();
    boolean may = builds.get() < BUILDS && !othersWait && waitsFor().isEmpty();
    if (may) {
      builds.incrementAndGet();
    }
    return may;
  }

  private Optional<String> waitsFor() {
    double load = place.surroundings.load().getAsDouble();
    return load > backfill.wish().maxLoad()
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "waits: the load is %.2f for each core, above %.2f",
                load,
                backfill.wish().maxLoad()))
        : place.surroundings.busy().get().or(this::unfit).map(why -> "waits: " + why);
  }

  private Optional<String> unfit() {
    return backfill.wish().tables().stream()
        .flatMap(table -> place.unfit(table).stream())
        .findFirst();
  }

  @Override
  public boolean goesOnAfterFailure() {
    return true;
  }

  @Override
  public Came left(Model model) {
    List<Entry> left = left(model.name());
    if (left.isEmpty()) {
      return Came.DONE;
    }
    // What is due now was wanted by somebody else after this had nothing more to build.
    Instant now = place.clock.instant();
    boolean triedAgain =
        left.stream().anyMatch(entry -> entry.isDue() && entry.notBefore().isAfter(now));
    boolean failed = left.stream().anyMatch(entry -> entry.state() == Entry.State.FAILED);
    return failed && !triedAgain ? Came.FAILED : Came.PARTLY;
  }

  private List<Entry> left(TableName table) {
    return ledger().open(table).stream()
        .filter(asked()::isOf)
        .filter(entry -> entry.state() != Entry.State.SKIPPED)
        .toList();
  }

  /** Counts what is done: all that was wanted, but for what is still open. */
  private void progress(String message) {
    int done = 0;
    for (TableName table : place.books.backfills().marked(backfill.id())) {
      int wanted =
          intervals(place.project.model(table), backfill.wish().span(), backfill.started()).size();
      done += Math.max(0, wanted - left(table).size());
    }
    String now = done + " " + message;
    if (!now.equals(said.getAndSet(now))) {
      place.books.backfills().progress(backfill.id(), done, message);
    }
  }
}
