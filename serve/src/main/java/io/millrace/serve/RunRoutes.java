package io.millrace.serve;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.project.Project;
import io.millrace.schedule.Backfill;
import io.millrace.schedule.Books;
import io.millrace.schedule.Request;
import io.millrace.schedule.Run;
import io.millrace.schedule.Scheduler;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/** {@code /api/runs}: what has run, and what is running. */
final class RunRoutes {

  private static final int SHOWN = 100;
  private static final int MAX_LINES = 2_000;

  private final Project project;
  private final Books books;
  private final Scheduler scheduler;

  RunRoutes(Project project, Books books, Scheduler scheduler) {
    this.project = project;
    this.books = books;
    this.scheduler = scheduler;
  }

  void recent(Context request) {
    List<Run> newest = books.runs().recent(SHOWN, kinds(request));
    Json.answer(request, HttpStatus.OK, newest.stream().map(RunLine::of).toList());
  }

  private static Set<Run.Kind> kinds(Context request) {
    String of = Optional.ofNullable(request.queryParam("of")).orElse("all");
    Set<Run.Kind> chores = EnumSet.of(Run.Kind.UPKEEP);
    return switch (of) {
      case "all" -> EnumSet.allOf(Run.Kind.class);
      case "builds" -> EnumSet.complementOf(EnumSet.copyOf(chores));
      case "upkeep" -> chores;
      default ->
          throw MillraceException.caller(
              "Cannot list runs of '%s': use all, builds or upkeep".formatted(of));
    };
  }

  void one(Context request) {
    find(request).ifPresent(run -> Json.answer(request, HttpStatus.OK, page(run)));
  }

  /**
   * A run as the list has it.
   *
   * @param rows of all its steps
   */
  private record RunLine(
      long id,
      Run.Kind kind,
      String what,
      String why,
      Run.State state,
      String message,
      Instant startedAt,
      Optional<Instant> endedAt,
      int stepCount,
      long failed,
      long rows) {

    static RunLine of(Run run) {
      return new RunLine(
          run.id(),
          run.kind(),
          run.what(),
          run.why(),
          run.state(),
          run.message(),
          run.started(),
          run.ended(),
          run.steps().size(),
          run.steps().stream().filter(step -> step.state() == Run.State.FAILED).count(),
          run.steps().stream().mapToLong(Run.Step::rows).sum());
    }
  }

  private record RunPage(
      @JsonUnwrapped RunLine run,
      List<Step> steps,
      List<Line> log,
      Optional<BackfillRoutes.View> backfill) {}

  /**
   * One step.
   *
   * @param span its intervals: {@code 2026-01-30 to 2026-01-31}; empty if it has none
   */
  private record Step(
      long id,
      String table,
      Optional<String> span,
      int intervals,
      int attempt,
      Run.State state,
      long rows,
      String message,
      String branch,
      Instant startedAt,
      Optional<Instant> endedAt) {

    static Step of(Run.Step step, Optional<String> span) {
      return new Step(
          step.id(),
          step.table(),
          span,
          step.intervals(),
          step.attempt(),
          step.state(),
          step.rows(),
          step.message(),
          step.branch(),
          step.started(),
          step.ended());
    }
  }

  private record Line(Instant at, String table, String text) {}

  private RunPage page(Run run) {
    List<Line> log = new ArrayList<>();
    for (Run.Step step : run.steps()) {
      for (Run.Line line : books.runs().log(step.id())) {
        log.add(new Line(line.at(), step.table(), line.text()));
      }
    }
    log.sort(Comparator.comparing(Line::at));
    return new RunPage(
        RunLine.of(run),
        run.steps().stream().map(it -> Step.of(it, span(it))).toList(),
        List.copyOf(log.subList(Math.max(0, log.size() - MAX_LINES), log.size())),
        backfillOf(run).map(BackfillRoutes.View::of));
  }

  private Optional<String> span(Run.Step step) {
    return project.models().values().stream()
        .filter(model -> model.name().toString().equals(step.table()))
        .findFirst()
        .flatMap(Builds::batches)
        .map(batches -> Builds.label(step.span(), Optional.of(batches)));
  }

  private Optional<Run> find(Context request) {
    return ById.find(request, "run", books.runs()::find);
  }

  private Optional<Backfill> backfillOf(Run run) {
    return run.kind() == Run.Kind.BACKFILL
        ? books.backfills().recent(SHOWN).stream()
            .filter(backfill -> backfill.run().filter(id -> id == run.id()).isPresent())
            .findFirst()
        : Optional.empty();
  }

  /**
   * What a person asks to be built.
   *
   * @param plan whether only to say what would be
   */
  private record Wanted(
      Optional<String> select,
      Optional<String> exclude,
      Optional<String> from,
      Optional<String> to,
      boolean fullRefresh,
      boolean plan) {

    Request request(Project project) {
      SortedSet<TableName> tables = Asked.tables(project, select, exclude);
      Request request =
          Request.of(tables, "asked for").within(Asked.span(project, tables, from, to));
      return fullRefresh ? request.full() : request;
    }
  }

  private record Begun(long run) {}

  void begin(Context request) throws IOException {
    Optional<Wanted> wanted = JsonBody.read(request, "the request", Wanted.class);
    if (wanted.isPresent()) {
      Request asked = wanted.get().request(project);
      Json.answer(
          request,
          HttpStatus.OK,
          wanted.get().plan()
              ? PlanView.of(scheduler.plan(asked), project)
              : new Begun(scheduler.run(asked).id()));
    }
  }

  void cancel(Context request) throws IOException {
    Optional<Run> run = changing(request);
    if (run.isPresent()) {
      if (!scheduler.cancel(run.get().id())) {
        throw MillraceException.caller(
            "Cannot cancel run %d: it is not building".formatted(run.get().id()));
      }
      Json.answer(request, HttpStatus.OK, new Begun(run.get().id()));
    }
  }

  void retry(Context request) throws IOException {
    Optional<Run> run = changing(request);
    if (run.isPresent()) {
      long begun =
          backfillOf(run.get())
              .flatMap(backfill -> scheduler.retryBackfill(backfill.id()).run())
              .orElseGet(() -> scheduler.retry(run.get().id()).id());
      Json.answer(request, HttpStatus.OK, new Begun(begun));
    }
  }

  private Optional<Run> changing(Context request) throws IOException {
    return JsonBody.read(request, "the request", Object.class).flatMap(body -> find(request));
  }
}
