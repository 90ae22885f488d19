package io.millrace.schedule;

import io.millrace.core.Daemons;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.project.Model;
import io.millrace.project.Project;
import io.millrace.schedule.Run.Kind;
import io.millrace.schedule.Run.State;
import io.millrace.schedule.Warehouse.Known;
import io.millrace.schedule.Warehouse.Pass;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what is built when, has the warehouse build it, and keeps what came of it. One for each
 * metadata database. What a process before it left unfinished is wanted again.
 */
public final class Scheduler implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);

  /** After a pass that could not look or not release, so that it does not fail each second. */
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);

  private static final Duration TO_END_BUILDS = Duration.ofSeconds(30);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  /** A build that takes longer is cut off, as by a kill: it is wanted again when this starts. */
  private static final long LAST_BUILD_MS = 3_000;

  private final Workplace place;
  private final Books books;
  private final Triggers triggers;
  private final ScheduledExecutorService timer = Daemons.timer("schedule");
  private final ExecutorService passes =
      Executors.newCachedThreadPool(work -> Daemons.thread("pass", work));

  private final Map<TableName, String> failedLooks = new ConcurrentHashMap<>();
  private final Map<TableName, Instant> looked = new ConcurrentHashMap<>();
  private final Map<TableName, Instant> notBefore = new ConcurrentHashMap<>();
  private final Set<TableName> atWork = ConcurrentHashMap.newKeySet();
  private final AtomicInteger passesGoingOn = new AtomicInteger();
  private volatile Instant releaseNotBefore = Instant.MIN;

  /** Begins nothing by itself until {@link #start}. */
  public Scheduler(
      Project project,
      Warehouse warehouse,
      Books books,
      InstantSource clock,
      Surroundings surroundings) {
    this.place = new Workplace(project, warehouse, books, clock, surroundings);
    this.books = books;
    this.triggers = new Triggers(project);
    books.ledger().recover();
    books.runs().endCutOff();
  }

  /** Goes on with backfills, and begins to build by the schedules of models. */
  public void start() {
    books.backfills().running().forEach(this::work);
    long tick = place.surroundings.tick().toMillis();
    var unused = timer.scheduleWithFixedDelay(this::tick, 0, tick, TimeUnit.MILLISECONDS);
  }

  /** What a request would build. Writes nothing. */
  public Plan plan(Request request) {
    require(request.tables());
    Conduct conduct = new Conduct.ByPerson(request, books.ledger());
    try (Pass pass = place.warehouse.begin()) {
      return Planning.plan(
          place.project,
          request,
          model -> {
            Known known = conduct.known(model.name());
            return new Planning.Table(
                known.intervals(),
                books.ledger().open(model.name()),
                pass.look(model.name(), known),
                pass.touched(model.name()));
          });
    }
  }

  /** What a backfill would build. Writes nothing. */
  public Plan plan(Backfill.Wish wish) {
    require(wish.tables());
    return Planning.plan(place.project, wish, place.clock.instant());
  }

  /**
   * Builds what is due of some tables. What failed before is tried again, and what was held is not
   * any more.
   */
  public Started run(Request request) {
    require(request.tables());
    LiveRun run = place.run(Kind.RUN, Request.what(request.tables()), request.why());
    long id = run.get().id();
    CompletableFuture<Run> end =
        CompletableFuture.runAsync(() -> work(request, run), this::execute)
            .thenApply(done -> books.runs().find(id).orElseThrow());
    return new Started(id, end);
  }

  private void work(Request request, LiveRun run) {
    try (run) {
      new PassWork(place, new Conduct.ByPerson(request, books.ledger()), run, failedLooks)
          .work(request.tables(), parallelism());
    } catch (RuntimeException | Error e) {
      log.error("Cannot finish run {}", run.get().id(), e);
      run.get().failed(e.getMessage());
    }
  }

  /** Runs again the tables that failed in a run, and those that were skipped because of them. */
  public Started retry(long runId) {
    Run run =
        books
            .runs()
            .find(runId)
            .orElseThrow(
                () ->
                    MillraceException.caller(
                        "Cannot retry run %d: there is none, or it was long ago".formatted(runId)));
    SortedSet<TableName> tables =
        run.steps().stream()
            .filter(step -> step.state() == State.FAILED || step.state() == State.SKIPPED)
            .flatMap(step -> place.project.models().keySet().stream().filter(named(step.table())))
            .collect(Collectors.toCollection(TreeSet::new));
    if (tables.isEmpty()) {
      throw MillraceException.caller("Cannot retry run %d: no table failed in it".formatted(runId));
    }
    return run(Request.of(tables, "retry of run " + runId));
  }

  private static Predicate<TableName> named(String name) {
    return table -> table.toString().equals(name);
  }

  /** Keeps a table from being built by itself, until a person runs it or takes this back. */
  public void hold(TableName table, String why) {
    require(Set.of(table));
    books.ledger().hold(table, Optional.of(why));
  }

  /** Lets a table be built by itself again. */
  public void unhold(TableName table) {
    require(Set.of(table));
    books.ledger().hold(table, Optional.empty());
  }

  /**
   * Has a run end before its next build; a backfill as well, if it is its run.
   *
   * @return whether it was running
   */
  public boolean cancel(long run) {
    Optional<LiveRun> live = Optional.ofNullable(place.running.get(run));
    live.ifPresent(it -> it.stop("a person cancelled it"));
    return live.isPresent();
  }

  /**
   * Does something that no build may go on beside, or begin before it is done: all that run end
   * before their next build.
   *
   * @param what that is: {@code roll back to release 3}
   * @throws MillraceException if a build takes too long to end
   */
  public <T> T alone(String what, Supplier<T> work) {
    long giveUp = System.nanoTime() + TO_END_BUILDS.toNanos();
    try {
      do {
        if (System.nanoTime() > giveUp) {
          throw MillraceException.world(
              "Cannot %s: a build is still going on; try again when it has ended".formatted(what));
        }
        // Again and again, because a pass is no run before it builds.
        place.running.values().forEach(run -> run.stop("it was stopped to " + what));
      } while (!place.passes.tryLock(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw MillraceException.world("Cannot %s: interrupted".formatted(what), e);
    }
    try {
      return work.get();
    } finally {
      place.passes.unlock();
    }
  }

  /** Begins to build intervals of the past, without haste. It goes on after a restart. */
  public Backfill backfill(Backfill.Wish wish) {
    require(wish.tables());
    Instant now = place.clock.instant();
    int total =
        wish.tables().stream()
            .map(place.project::model)
            .filter(Model::isTable)
            .mapToInt(model -> BackfillWork.intervals(model, wish.span(), now).size())
            .sum();
    if (total == 0) {
      throw MillraceException.caller(
          "Cannot backfill %s: no interval of the past is within %s"
              .formatted(Request.what(wish.tables()), wish.span()));
    }
    Backfill backfill = backfill(books.backfills().add(wish, total));
    work(backfill);
    return backfill(backfill.id());
  }

  /** Goes on with a backfill that failed, from where it is. */
  public Backfill retryBackfill(long id) {
    Backfill backfill = backfill(id);
    if (backfill.state() != State.FAILED) {
      throw MillraceException.caller(
          "Cannot retry backfill %d: it is %s".formatted(id, Runs.word(backfill.state())));
    }
    Next.Asked asked = new Next.Asked(backfill.wish().span(), Optional.of(id));
    for (TableName table : backfill.wish().tables()) {
      books.ledger().reopen(table, asked, Backfill.name(id));
    }
    work(backfill);
    return backfill(id);
  }

  /** Ends a backfill before its next build. What it has not built is not wanted for it any more. */
  public void cancelBackfill(long id) {
    Backfill backfill = backfill(id);
    boolean running = backfill.run().map(this::cancel).orElse(false);
    if (!running) {
      books.ledger().revoke(id, Backfill.name(id) + " was cancelled");
      books.backfills().ended(id, State.CANCELLED, "");
    }
  }

  private Backfill backfill(long id) {
    return books
        .backfills()
        .find(id)
        .orElseThrow(
            () -> MillraceException.caller("Cannot find backfill %d: there is none".formatted(id)));
  }

  private void work(Backfill backfill) {
    BackfillWork work = new BackfillWork(place, backfill);
    books.backfills().resumed(backfill.id(), work.run());
    execute(
        () -> {
          try {
            work.work();
          } catch (RuntimeException | Error e) {
            log.error("Cannot finish {}", Backfill.name(backfill.id()), e);
            books.backfills().ended(backfill.id(), State.FAILED, String.valueOf(e.getMessage()));
          }
        });
  }

  /** When each table with a cron expression is built next. */
  public SortedMap<TableName, Instant> next() {
    return triggers.next(place.clock.instant());
  }

  /** Looks at the clock once. Never throws, because a timer that threw would be silent for ever. */
  void tick() {
    try {
      Instant now = place.clock.instant();
      SortedMap<TableName, Triggers.Up> up =
          triggers.up(
              books.ledger().tables(),
              looked,
              books.ledger().triedAgain(now),
              books.ledger().triedAgain(Instant.MAX),
              now);
      up.keySet().removeAll(atWork);
      up.keySet().removeIf(table -> notBefore.getOrDefault(table, Instant.MIN).isAfter(now));
      boolean unreleased =
          !releaseNotBefore.isAfter(now)
              && !books.ledger().unreleased(Set.copyOf(place.running.keySet())).isEmpty();
      if (!up.isEmpty() || unreleased) {
        releaseNotBefore = now.plus(AFTER_FAILURE);
        atWork.addAll(up.keySet());
        execute(() -> pass(up, now));
      }
    } catch (RuntimeException | Error e) {
      log.error("Cannot begin a pass; trying again at the next tick", e);
    }
  }

  private void pass(SortedMap<TableName, Triggers.Up> up, Instant now) {
    SortedSet<TableName> tables = new TreeSet<>(up.keySet());
    SortedMap<TableName, PassWork.Came> came = new TreeMap<>();
    try (LiveRun run = place.run(Kind.SCHEDULE, Request.what(tables), why(up))) {
      Conduct conduct = new Conduct.BySchedule(up, now, books.ledger());
      came.putAll(new PassWork(place, conduct, run, failedLooks).work(tables, parallelism()));
    } catch (RuntimeException | Error e) {
      log.error("Cannot finish a pass; trying again in {}", AFTER_FAILURE, e);
    } finally {
      for (TableName table : tables) {
        if (came.get(table) == PassWork.Came.PARTLY) {
          looked.remove(table);
        } else {
          looked.put(table, now);
        }
        if (failedLooks.containsKey(table) || !came.containsKey(table)) {
          notBefore.put(table, place.clock.instant().plus(AFTER_FAILURE));
        }
      }
      atWork.removeAll(tables);
    }
  }

  private static String why(SortedMap<TableName, Triggers.Up> up) {
    return up.values().stream().map(Triggers.Up::why).distinct().collect(Collectors.joining(", "));
  }

  private int parallelism() {
    return place.project.settings().buildParallelism();
  }

  /** Whether nothing is going on. */
  boolean isQuiet() {
    return passesGoingOn.get() == 0;
  }

  private void execute(Runnable pass) {
    passesGoingOn.incrementAndGet();
    passes.execute(
        () -> {
          try {
            pass.run();
          } finally {
            passesGoingOn.decrementAndGet();
          }
        });
  }

  private void require(Set<TableName> tables) {
    tables.forEach(place.project::model);
  }

  /** Has all that runs end before its next build, and waits for the builds that are going on. */
  @Override
  public void close() {
    timer.shutdown();
    place.close("the server stopped");
    passes.shutdown();
    try {
      passes.awaitTermination(LAST_BUILD_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
