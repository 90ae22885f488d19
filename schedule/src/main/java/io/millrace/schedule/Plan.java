package io.millrace.schedule;

import io.millrace.core.Interval;
import io.millrace.core.TableName;
import io.millrace.schedule.Warehouse.Stale;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What would be built, and why, in the order in which it would be. Nothing has been written.
 *
 * @param steps tables with something to build
 */
public record Plan(List<Step> steps) {

  public Plan {
    steps = List.copyOf(steps);
  }

  /**
   * What would be built of a table.
   *
   * @param touched what its definition touches
   * @param intervals in order, each with the first reason that was found
   */
  public record Step(TableName table, Touched touched, List<Stale> intervals) {

    public Step {
      intervals = List.copyOf(intervals);
    }

    /** Intervals that follow each other and have the same reason, as one. */
    public List<Stretch> stretches() {
      List<Stretch> stretches = new ArrayList<>();
      for (Stale stale : intervals) {
        int last = stretches.size() - 1;
        if (last >= 0 && stretches.get(last).goesOnWith(stale)) {
          stretches.set(last, stretches.get(last).with(stale));
        } else {
          stretches.add(new Stretch(stale.interval(), 1, stale.why()));
        }
      }
      return stretches;
    }
  }

  /** Intervals without a gap between them. */
  public record Stretch(Interval span, int intervals, String why) {

    private boolean goesOnWith(Stale next) {
      return span.end().equals(next.interval().start()) && why.equals(next.why());
    }

    private Stretch with(Stale next) {
      return new Stretch(new Interval(span.start(), next.interval().end()), intervals + 1, why);
    }

    @Override
    public String toString() {
      if (span.equals(Interval.ALWAYS)) {
        return "whole: " + why;
      }
      return intervals == 1
          ? "%s: %s".formatted(span, why)
          : "%s (%,d intervals): %s".formatted(span, intervals, why);
    }
  }

  /** A table and its stretches, for a person. */
  @Override
  public String toString() {
    if (steps.isEmpty()) {
      return "nothing to build\n";
    }
    return steps.stream()
        .map(
            step ->
                step.table()
                    + "\n"
                    + step.stretches().stream()
                        .map(stretch -> "  " + stretch + "\n")
                        .collect(Collectors.joining()))
        .collect(Collectors.joining());
  }
}
