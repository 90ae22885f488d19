package io.millrace.serve;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.millrace.core.TableName;
import io.millrace.lake.UpkeepPlan;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code /api/upkeep}: what would keep the lake small and quick, and doing it now. */
final class UpkeepRoutes {

  private final Chores chores;

  UpkeepRoutes(Chores chores) {
    this.chores = chores;
  }

  /**
   * One thing to do.
   *
   * @param bytes that are read or written for it, about
   */
  private record Step(TableName table, String what, String reason, long bytes) {
    static Step of(UpkeepPlan.Step step) {
      return new Step(step.table(), step.what(), step.reason(), step.bytes());
    }
  }

  private record Planned(List<Step> plan) {}

  /** The run that did it; none if there was nothing to do. */
  private record Done(Optional<Long> run) {}

  void plan(Context request) {
    Json.answer(
        request, HttpStatus.OK, new Planned(chores.plan().steps().stream().map(Step::of).toList()));
  }

  void run(Context request) throws IOException {
    if (JsonBody.read(request, "the request", Object.class).isPresent()) {
      Json.answer(request, HttpStatus.OK, new Done(chores.run("asked for")));
    }
  }
}
