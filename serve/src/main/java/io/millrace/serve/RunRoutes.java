package io.millrace.serve;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.millrace.project.Batches;
import io.millrace.project.Materialization;
import io.millrace.project.Model;
import io.millrace.project.Project;
import io.millrace.schedule.Run;
import io.millrace.schedule.Runs;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** {@code /api/runs}: what has run, and what is running. */
final class RunRoutes {

  private static final int SHOWN = 100;
  private static final int MAX_LINES = 2_000;

  private final Project project;
  private final Runs runs;

  RunRoutes(Project project, Runs runs) {
    this.project = project;
    this.runs = runs;
  }

  void recent(Context request) {
    Json.answer(request, HttpStatus.OK, runs.recent(SHOWN).stream().map(RunLine::of).toList());
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

  private record RunPage(@JsonUnwrapped RunLine run, List<Step> steps, List<Line> log) {}

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

    static Step of(Run.Step step, Optional<Batches> batches) {
      return new Step(
          step.id(),
          step.table(),
          batches.map(it -> InWords.of(step.span(), it)),
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
      for (Run.Line line : runs.log(step.id())) {
        log.add(new Line(line.at(), step.table(), line.text()));
      }
    }
    log.sort(Comparator.comparing(Line::at));
    return new RunPage(
        RunLine.of(run),
        run.steps().stream().map(it -> Step.of(it, batches(it.table()))).toList(),
        List.copyOf(log.subList(Math.max(0, log.size() - MAX_LINES), log.size())));
  }

  /** How the time of a table is cut, if it is one that is built by intervals. */
  private Optional<Batches> batches(String table) {
    return project.models().values().stream()
        .filter(model -> model.name().toString().equals(table))
        .map(Model::materialization)
        .filter(Materialization.ByInterval.class::isInstance)
        .map(how -> ((Materialization.ByInterval) how).batches())
        .findFirst();
  }

  private Optional<Run> find(Context request) {
    String id = request.pathParam("id");
    Optional<Run> found =
        id.matches("[0-9]{1,18}") ? runs.find(Long.parseLong(id)) : Optional.empty();
    if (found.isEmpty()) {
      Json.refuse(
          request,
          HttpStatus.NOT_FOUND,
          "Cannot find run '%s': GET /api/runs lists the newest".formatted(id));
    }
    return found;
  }
}
