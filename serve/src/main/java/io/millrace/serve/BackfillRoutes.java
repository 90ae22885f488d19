package io.millrace.serve;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.millrace.core.TableName;
import io.millrace.project.Project;
import io.millrace.schedule.Backfill;
import io.millrace.schedule.Backfills;
import io.millrace.schedule.Run;
import io.millrace.schedule.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;

/** {@code /api/backfills}: the past, built again without haste. */
final class BackfillRoutes {

  private static final int SHOWN = 50;

  private final Project project;
  private final Scheduler scheduler;
  private final Backfills backfills;

  BackfillRoutes(Project project, Scheduler scheduler, Backfills backfills) {
    this.project = project;
    this.scheduler = scheduler;
    this.backfills = backfills;
  }

  /** What is asked for; see {@link Backfill.Wish}. */
  private record Wanted(
      Optional<String> select,
      Optional<String> from,
      Optional<String> to,
      Optional<Integer> maxParallel,
      Optional<Double> maxLoad,
      boolean plan) {

    Backfill.Wish wish(Project project) {
      SortedSet<TableName> tables = Asked.tables(project, select, Optional.empty());
      Backfill.Wish wish = Backfill.Wish.of(tables, Asked.span(project, tables, from, to));
      return new Backfill.Wish(
          wish.tables(),
          wish.span(),
          maxParallel.orElse(wish.maxParallel()),
          maxLoad.orElse(wish.maxLoad()));
    }
  }

  /**
   * A backfill.
   *
   * @param message what it waits for, or what went wrong
   * @param secondsLeft at the rate it has had since it was begun or resumed
   */
  record View(
      long id,
      Iterable<?> tables,
      Run.State state,
      String message,
      Optional<Long> run,
      int done,
      int total,
      double perMinute,
      Optional<Long> secondsLeft,
      Instant startedAt,
      Optional<Instant> endedAt) {

    static View of(Backfill backfill) {
      return new View(
          backfill.id(),
          backfill.wish().tables(),
          backfill.state(),
          backfill.message(),
          backfill.run(),
          backfill.done(),
          backfill.total(),
          backfill.perMinute(),
          backfill.left().map(Duration::toSeconds),
          backfill.started(),
          backfill.ended());
    }
  }

  void recent(Context request) {
    Json.answer(request, HttpStatus.OK, backfills.recent(SHOWN).stream().map(View::of).toList());
  }

  void one(Context request) {
    find(request).ifPresent(it -> Json.answer(request, HttpStatus.OK, View.of(it)));
  }

  void begin(Context request) throws IOException {
    Optional<Wanted> wanted = JsonBody.read(request, "the backfill", Wanted.class);
    if (wanted.isPresent()) {
      Backfill.Wish wish = wanted.get().wish(project);
      Json.answer(
          request,
          HttpStatus.OK,
          wanted.get().plan()
              ? PlanView.of(scheduler.plan(wish), project)
              : View.of(scheduler.backfill(wish)));
    }
  }

  void cancel(Context request) throws IOException {
    if (JsonBody.read(request, "the request", Object.class).isPresent()) {
      find(request)
          .ifPresent(
              backfill -> {
                scheduler.cancelBackfill(backfill.id());
                Json.answer(request, HttpStatus.OK, View.of(backfills.find(backfill.id()).get()));
              });
    }
  }

  private Optional<Backfill> find(Context request) {
    return ById.find(request, "backfill", backfills::find);
  }
}
