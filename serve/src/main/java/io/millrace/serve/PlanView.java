package io.millrace.serve;

import io.millrace.project.Batches;
import io.millrace.project.Project;
import io.millrace.schedule.Plan;
import java.util.List;
import java.util.Optional;

/** What would be built, as the API shows it. */
record PlanView(List<Step> plan) {

  /** A table, with what would be built of it. */
  record Step(String table, int intervals, List<Stretch> stretches) {}

  /** Intervals in a row that have one reason. */
  record Stretch(String span, int intervals, String why) {}

  static PlanView of(Plan plan, Project project) {
    return new PlanView(plan.steps().stream().map(step -> step(step, project)).toList());
  }

  private static Step step(Plan.Step step, Project project) {
    Optional<Batches> batches = Builds.batches(project.model(step.table()));
    return new Step(
        step.table().toString(),
        step.intervals().size(),
        step.stretches().stream()
            .map(it -> new Stretch(Builds.label(it.span(), batches), it.intervals(), it.why()))
            .toList());
  }
}
