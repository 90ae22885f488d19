package io.millrace.lake;

import io.millrace.core.TableName;
import java.util.List;
import java.util.stream.Collectors;

/** What {@link Upkeep} is about to do, in order. */
public record UpkeepPlan(List<Step> steps) {

  public UpkeepPlan {
    steps = List.copyOf(steps);
  }

  /** One thing to do to one table. */
  public sealed interface Step {
    TableName table();

    String describe();
  }

  /**
   * Files of one partition become one file with the same rows.
   *
   * @param bytes of the files together
   */
  public record Rewrite(TableName table, String partition, List<String> files, long bytes)
      implements Step {
    public Rewrite {
      files = List.copyOf(files);
    }

    @Override
    public String describe() {
      return "%s: make one file of %d in %s, %,d KB"
          .formatted(table, files.size(), partition.isEmpty() ? "all" : partition, bytes >> 10);
    }
  }

  /** Snapshots that nobody can ask for any longer, and the files only they had. */
  public record Expire(TableName table, int snapshots) implements Step {
    @Override
    public String describe() {
      return "%s: expire %d snapshots".formatted(table, snapshots);
    }
  }

  /** Files that no snapshot has: what a process left behind when it died. */
  public record Delete(TableName table, List<String> files) implements Step {
    public Delete {
      files = List.copyOf(files);
    }

    @Override
    public String describe() {
      return "%s: delete %d files that no snapshot has".formatted(table, files.size());
    }
  }

  public String describe() {
    return steps.isEmpty()
        ? "nothing to do\n"
        : steps.stream().map(step -> step.describe() + "\n").collect(Collectors.joining());
  }
}
