package io.millrace.schedule;

import io.millrace.core.Daemons;
import io.millrace.core.Interval;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.project.Model;
import io.millrace.schedule.Warehouse.Checked;
import io.millrace.schedule.Warehouse.Extent;
import io.millrace.schedule.Warehouse.Looked;
import io.millrace.schedule.Warehouse.Outcome;
import io.millrace.schedule.Warehouse.Pass;
import io.millrace.schedule.Warehouse.Work;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass over tables, upstream first: look, keep what was found, build what is due, and name what
 * was built as a release; then test the views over it. Tables that do not read each other are
 * worked on at the same time.
 */
final class PassWork {

  private static final Logger log = LoggerFactory.getLogger(PassWork.class);

  /** What came of a table in a pass. */
  enum Came {
    /** Nothing that was asked for is left, or nothing was due. */
    DONE,
    /** There is more to do, in another pass. */
    PARTLY,
    FAILED,
    /** Not tried, because something it reads failed or is not complete. */
    SKIPPED,
    STOPPED
  }

  private final Workplace place;
  private final IntervalLedger ledger;
  private final Conduct conduct;
  private final LiveRun run;
  private final Map<TableName, String> failedLooks;

  /**
   * A pass that has not begun.
   *
   * @param failedLooks what came of the last look at tables that cannot be looked at, kept over
   *     passes so that the same failure is recorded once
   */
  PassWork(Workplace place, Conduct conduct, LiveRun run, Map<TableName, String> failedLooks) {
    this.place = place;
    this.ledger = place.books.ledger();
    this.conduct = conduct;
    this.run = run;
    this.failedLooks = failedLooks;
  }

  /**
   * Works until all is done, failed or stopped; throws nothing that a table is to blame for. Passes
   * go one after the other, so that what one builds all comes from one state: no other moves an
   * upstream table between two of its builds, or looks at newer rows than it builds from.
   *
   * @param parallelism how many tables are worked on at the same time
   */
  SortedMap<TableName, Came> work(SortedSet<TableName> tables, int parallelism) {
    place.passes.lock();
    try {
      return pass(tables, parallelism);
    } finally {
      place.passes.unlock();
    }
  }

  private SortedMap<TableName, Came> pass(SortedSet<TableName> tables, int parallelism) {
    ExecutorService threads =
        Executors.newFixedThreadPool(parallelism, work -> Daemons.thread("build", work));
    SortedMap<TableName, CompletableFuture<Came>> came = new TreeMap<>();
    try (Pass pass = place.warehouse.begin()) {
      for (Model model : place.project.modelsInOrder()) {
        if (model.isTable() && tables.contains(model.name())) {
          SortedMap<TableName, CompletableFuture<Came>> before = new TreeMap<>(came);
          before.keySet().retainAll(place.upstream.before(model.name()));
          came.put(
              model.name(),
              CompletableFuture.allOf(before.values().toArray(CompletableFuture[]::new))
                  .thenApplyAsync(done -> table(pass, model, results(before)), threads));
        }
      }
      // All of them, also if one cannot be kept: none may use the pass after it is closed.
      CompletableFuture.allOf(came.values().toArray(CompletableFuture[]::new))
          .exceptionally(failure -> null)
          .join();
      SortedMap<TableName, Came> results = results(came);
      testViews(pass, tables, release(pass));
      return results;
    } finally {
      threads.shutdown();
    }
  }

  private static SortedMap<TableName, Came> results(
      SortedMap<TableName, CompletableFuture<Came>> futures) {
    SortedMap<TableName, Came> results = new TreeMap<>();
    futures.forEach((table, came) -> results.put(table, came.join()));
    return results;
  }

  private Came table(Pass pass, Model model, SortedMap<TableName, Came> before) {
    try {
      for (Map.Entry<TableName, Came> upstream : before.entrySet()) {
        boolean read = place.upstream.of(model.name()).contains(upstream.getKey());
        if (read && upstream.getValue() != Came.DONE) {
          return skipped(model, upstream.getKey(), upstream.getValue());
        }
      }
      if (isOver()) {
        return Came.STOPPED;
      }
      // Asked after the pass has pinned what it reads, so that it covers all of it.
      Optional<String> unfit =
          conduct.passesOverUnfit() ? place.unfit(model.name()) : Optional.empty();
      if (unfit.isPresent()) {
        return skipped(model, unfit.get());
      }
      if (!look(pass, model)) {
        return Came.FAILED;
      }
      Came came = buildAll(pass, model);
      if (came == Came.DONE || came == Came.FAILED) {
        conduct.finished(model);
      }
      return came;
    } catch (RuntimeException | Error e) {
      String message = sentence(e, "go on with", model.name());
      run.recorded().ifPresent(open -> open.step(model.name().toString()).failed(message));
      return Came.FAILED;
    }
  }

  private Came skipped(Model model, TableName upstream, Came came) {
    if (came == Came.STOPPED || came == Came.PARTLY) {
      return came;
    }
    return skipped(model, upstream + (came == Came.FAILED ? " failed" : " was skipped"));
  }

  private Came skipped(Model model, String why) {
    run.recorded().ifPresent(open -> open.step(model.name().toString()).skipped(why));
    return Came.SKIPPED;
  }

  private boolean look(Pass pass, Model model) {
    TableName table = model.name();
    ReentrantLock lock = place.lock(table);
    lock.lock();
    try {
      Looked looked = pass.look(table, conduct.known(table));
      ledger.looked(table, looked);
      conduct.looked(model);
      failedLooks.remove(table);
      return true;
    } catch (RuntimeException | Error e) {
      String message = sentence(e, "look at", table);
      if (!message.equals(failedLooks.put(table, message)) || run.recorded().isPresent()) {
        run.get().step(table.toString()).failed(message);
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** A run that has recorded nothing yet is not told that the process ends. */
  private boolean isOver() {
    return run.isStopped() || place.isClosing();
  }

  private Came buildAll(Pass pass, Model model) {
    while (!isOver()) {
      if (next(model).isEmpty()) {
        return conduct.left(model);
      }
      if (!conduct.mayBuild(model)) {
        return Came.PARTLY;
      }
      if (!buildNext(pass, model) && !conduct.goesOnAfterFailure()) {
        return Came.FAILED;
      }
    }
    return Came.STOPPED;
  }

  private List<Entry> next(Model model) {
    return Next.of(
        ledger.open(model.name()), model.schedule(), conduct.asked(), place.clock.instant());
  }

  /** Whether the next build went well; so it has if another pass has left nothing to build. */
  private boolean buildNext(Pass pass, Model model) {
    ReentrantLock lock = place.lock(model.name());
    lock.lock();
    try {
      List<Entry> next = next(model);
      return next.isEmpty() || buildInSlot(pass, model, next);
    } finally {
      lock.unlock();
    }
  }

  private boolean buildInSlot(Pass pass, Model model, List<Entry> next) {
    try {
      place.slots.take(conduct.asked().backfill().isEmpty());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw MillraceException.world("Cannot build " + model.name() + ": interrupted", e);
    }
    try {
      return build(pass, model, next);
    } finally {
      place.slots.giveBack();
    }
  }

  private boolean build(Pass pass, Model model, List<Entry> next) {
    TableName table = model.name();
    List<Interval> intervals = next.stream().map(Entry::interval).toList();
    int attempt = next.get(0).attempts() + 1;
    boolean full = next.stream().anyMatch(entry -> entry.extent() == Extent.FULL);
    long id = run.get().id();
    OpenStep step = run.get().step(table.toString(), intervals, attempt);
    step.say(next.get(0).why());
    try {
      ledger.started(table, intervals, id);
      Outcome outcome =
          pass.build(new Work(table, intervals, full ? Extent.FULL : Extent.CHANGES, id), step);
      if (outcome instanceof Outcome.Refused refused) {
        String why = String.join("; ", refused.why());
        ledger.failed(table, intervals, why, Optional.empty());
        step.refused(why, refused.branch());
        return false;
      }
      Outcome.Published published = (Outcome.Published) outcome;
      SortedMap<Interval, Long> rows = new TreeMap<>(published.rows());
      intervals.forEach(interval -> rows.putIfAbsent(interval, 0L));
      ledger.built(table, rows, id);
      step.done(published.total(), String.join("; ", published.warnings()));
      return true;
    } catch (RuntimeException | Error e) {
      failed(model, intervals, attempt, e, step);
      return false;
    }
  }

  private void failed(
      Model model, List<Interval> intervals, int attempt, Throwable e, OpenStep step) {
    String message = sentence(e, "build", model.name());
    boolean callers =
        e instanceof MillraceException known && known.code() == MillraceException.Code.CALLER;
    Optional<Instant> again =
        callers ? Optional.empty() : Next.again(model.schedule(), attempt, place.clock.instant());
    again.ifPresent(at -> step.say("tried again at " + at));
    step.failed(message);
    ledger.failed(model.name(), intervals, message, again);
  }

  private static String sentence(Throwable e, String verb, TableName table) {
    if (e instanceof MillraceException) {
      return e.getMessage();
    }
    log.error("Cannot {} {}", verb, table, e);
    return "Cannot %s %s: %s".formatted(verb, table, e);
  }

  /** Names what this run has built; and what runs have that were cut off before they could. */
  private Set<TableName> release(Pass pass) {
    Set<Long> others = new HashSet<>(place.running.keySet());
    run.recorded().ifPresent(open -> others.remove(open.id()));
    SortedMap<TableName, Long> built = ledger.unreleased(others);
    if (built.isEmpty()) {
      return Set.of();
    }
    try {
      pass.release(
          run.get().id(),
          new TreeSet<>(built.keySet()),
          Standings.of(place.project, ledger, built.keySet()),
          run.why());
      ledger.released(built);
      return built.keySet();
    } catch (RuntimeException | Error e) {
      run.get().step("release").failed(sentence(e, "release", built.firstKey()));
      return Set.of();
    }
  }

  /**
   * Views have no branch to be tested on. They are tested when readers see them, which a failure
   * does not undo.
   *
   * @param asked views that a person asks for among them
   */
  private void testViews(Pass pass, Set<TableName> asked, Set<TableName> released) {
    Set<TableName> tested = new HashSet<>();
    place.project.tests().forEach(test -> tested.add(test.table()));
    for (Model model : place.project.modelsInOrder()) {
      TableName view = model.name();
      if (!model.isTable()
          && tested.contains(view)
          && (asked.contains(view) || isOver(released, view))) {
        testView(pass, view);
      }
    }
  }

  /** What reads streams alone is tested whenever there is a release. */
  private boolean isOver(Set<TableName> released, TableName view) {
    Set<TableName> behind = place.project.tablesBehind(view);
    return behind.stream().anyMatch(table -> place.project.models().containsKey(table))
        ? behind.stream().anyMatch(released::contains)
        : !released.isEmpty();
  }

  private void testView(Pass pass, TableName view) {
    try {
      Optional<Checked> checked = pass.test(view, run.get().id());
      List<String> failures = checked.map(Checked::failures).orElse(List.of());
      List<String> warnings = checked.map(Checked::warnings).orElse(List.of());
      if (!failures.isEmpty()) {
        run.get().step(view.toString()).failed(String.join("; ", failures));
      } else if (!warnings.isEmpty()) {
        run.get().step(view.toString()).done(0, String.join("; ", warnings));
      }
    } catch (RuntimeException | Error e) {
      run.get().step(view.toString()).failed(sentence(e, "test", view));
    }
  }
}
