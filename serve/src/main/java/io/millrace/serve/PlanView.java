package io.millrace.serve;

import io.millrace.project.Batches;
import io.millrace.project.ColumnRef;
import io.millrace.project.Project;
import io.millrace.schedule.Plan;
import io.millrace.schedule.Touched;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What would be built, as the API shows it. */
record PlanView(List<Step> plan) {

  /**
   * A table, with what would be built of it.
   *
   * @param touched what its definition touches; none if readers see it by the same
   */
  record Step(String table, int intervals, Optional<Touches> touched, List<Stretch> stretches) {}

  /**
   * The columns that are touched: the table's own, and those of models that are made of them.
   *
   * @param rows whether all are, because there may be other rows
   * @param downstream {@code gold.daily_sales.revenue}, or {@code gold.daily_sales.*} for all of it
   */
  record Touches(boolean rows, Map<String, Touched.How> columns, List<String> downstream) {

    static Touches of(Touched touched) {
      return new Touches(
          touched.rows(),
          touched.columns(),
          touched.downstream().stream().map(ColumnRef::toString).toList());
    }
  }

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
        Optional.of(step.touched()).filter(it -> !it.equals(Touched.NOTHING)).map(Touches::of),
        step.stretches().stream()
            .map(it -> new Stretch(Builds.label(it.span(), batches), it.intervals(), it.why()))
            .toList());
  }
}
