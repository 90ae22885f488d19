package io.millrace.lake;

import io.millrace.core.TableName;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What {@link Upkeep} is about to do, in order. */
public record UpkeepPlan(List<Step> steps) {

  public UpkeepPlan {
    steps = List.copyOf(steps);
  }

  /** One thing to do to one table. */
  public sealed interface Step {
    TableName table();

    /** What is done, without the table. */
    String what();

    /** Why it is worth doing. */
    String reason();

    /** What is read or written for it, about; 0 if only metadata is. */
    default long bytes() {
      return 0;
    }

    default String describe() {
      return "%s: %s (%s)".formatted(table(), what(), reason());
    }
  }

  /**
   * Files of one partition become one file with the same rows.
   *
   * @param bytes of the files together
   * @param sortedBy the columns by which the new file is sorted; none leaves rows as they come
   */
  public record Rewrite(
      TableName table,
      String partition,
      List<String> files,
      long bytes,
      List<String> sortedBy,
      String reason)
      implements Step {
    public Rewrite {
      files = List.copyOf(files);
      sortedBy = List.copyOf(sortedBy);
    }

    @Override
    public String what() {
      return "make one file of %d in %s, %,d KB%s"
          .formatted(
              files.size(),
              partition.isEmpty() ? "all" : partition,
              bytes >> 10,
              sortedBy.isEmpty() ? "" : ", sorted by " + String.join(", ", sortedBy));
    }
  }

  /**
   * The last state of hours gets a name, which keeps it.
   *
   * @param snapshots by tag
   */
  public record Tag(TableName table, SortedMap<String, Long> snapshots) implements Step {
    public Tag {
      snapshots = Collections.unmodifiableSortedMap(new TreeMap<>(snapshots));
    }

    @Override
    public String what() {
      return "tag " + String.join(", ", snapshots.keySet());
    }

    @Override
    public String reason() {
      return "the last state of each hour is kept";
    }
  }

  /** Names of hours that nobody can ask for any longer. */
  public record Untag(TableName table, List<String> tags, Duration kept) implements Step {
    public Untag {
      tags = List.copyOf(tags);
    }

    @Override
    public String what() {
      return "untag " + String.join(", ", tags);
    }

    @Override
    public String reason() {
      return "hours are kept for %d h".formatted(kept.toHours());
    }
  }

  /** Builds that failed, and that people had time to look at. */
  public record DropBranches(TableName table, List<String> branches, Duration kept)
      implements Step {
    public DropBranches {
      branches = List.copyOf(branches);
    }

    @Override
    public String what() {
      return "drop " + String.join(", ", branches);
    }

    @Override
    public String reason() {
      return "builds that failed are kept for %d days".formatted(kept.toDays());
    }
  }

  /** Snapshots that nobody can ask for any longer, and the files only they had. */
  public record Expire(TableName table, List<Long> snapshots, Duration kept) implements Step {
    public Expire {
      snapshots = List.copyOf(snapshots);
    }

    @Override
    public String what() {
      return "expire %d snapshots".formatted(snapshots.size());
    }

    @Override
    public String reason() {
      return "older than %d min, and nothing names them".formatted(kept.toMinutes());
    }
  }

  /** Files that no snapshot has: what a process left behind when it died. */
  public record Delete(TableName table, List<String> files, long bytes) implements Step {
    public Delete {
      files = List.copyOf(files);
    }

    @Override
    public String what() {
      return "delete %d files, %,d KB".formatted(files.size(), bytes >> 10);
    }

    @Override
    public String reason() {
      return "no snapshot has them";
    }
  }

  /**
   * Counts the different values of each column, about.
   *
   * @param bytes of the files that are read
   */
  public record Count(TableName table, long bytes, String reason) implements Step {
    @Override
    public String what() {
      return "count distinct values, %,d KB".formatted(bytes >> 10);
    }
  }

  public String describe() {
    return steps.isEmpty()
        ? "nothing to do\n"
        : steps.stream().map(step -> step.describe() + "\n").collect(Collectors.joining());
  }
}
