package io.millrace.schedule;

import io.millrace.core.Interval;
import io.millrace.core.TableName;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * What builds tables. A port: building takes a lake and an engine, which this module must not know.
 */
public interface Warehouse {

  /**
   * Begins a pass over models, upstream first. What streams have brought is the same for all models
   * of a pass.
   */
  Pass begin();

  /**
   * One pass. Tables may be looked at and built by several threads; each table by one at a time.
   */
  interface Pass extends AutoCloseable {

    /** What inputs have brought since the ledger last heard of it. Writes nothing. */
    Looked look(TableName table, Known known);

    /** What a build by the definition of a table touches, down to columns. Writes nothing. */
    Touched touched(TableName table);

    /**
     * Builds intervals of a table on a branch, tests them there, and publishes the branch. Done
     * again, it changes nothing.
     *
     * @return what came of it
     * @throws io.millrace.core.MillraceException with code WORLD if it may work later
     */
    Outcome build(Work work, Progress progress);

    /**
     * Names tables as they are now as one release, for all readers at once; the others stay as the
     * release before has them. None if readers see these tables so already.
     *
     * @param tables those built since their last release, by this pass or by one that was cut off
     * @param standings of all tables that the ledger knows
     */
    Optional<Long> release(
        long run,
        SortedSet<TableName> tables,
        SortedMap<TableName, Standing> standings,
        String why);

    /**
     * Runs the tests of a view over what readers see now. None if it cannot be read yet, because a
     * table behind it was never released.
     */
    Optional<Checked> test(TableName view, long run);

    @Override
    void close();
  }

  /**
   * What the tests of a view say.
   *
   * @param failures a sentence for each test that failed
   * @param warnings of those that failed with severity warn
   */
  record Checked(List<String> failures, List<String> warnings) {
    public Checked {
      failures = List.copyOf(failures);
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * What the ledger knows of a table.
   *
   * @param definition fingerprint of the SQL and its configuration when it was last looked at
   * @param positions the snapshot of each input up to which changes have been turned into intervals
   * @param intervals all that were ever wanted
   */
  record Known(
      Optional<String> definition, Map<TableName, Long> positions, SortedSet<Interval> intervals) {}

  /**
   * How far a table is with what its inputs have brought, so that a release can say which of its
   * tables are behind others.
   *
   * @param positions the snapshot of each input up to which changes have been turned into intervals
   * @param complete whether those intervals are built, and readers of the release see it
   * @param waits why it is not further
   */
  record Standing(Map<TableName, Long> positions, boolean complete, String waits) {
    public Standing {
      positions = Map.copyOf(positions);
    }
  }

  /**
   * What is to be built because of what has changed.
   *
   * @param positions where inputs are now; kept with the stale intervals in one transaction
   */
  record Looked(String definition, Map<TableName, Long> positions, List<Stale> stale) {
    public Looked {
      positions = Map.copyOf(positions);
      stale = List.copyOf(stale);
    }
  }

  /**
   * An interval to be built.
   *
   * @param why {@code bronze.orders has 120 new rows}
   */
  record Stale(Interval interval, String why) {}

  /**
   * A build that is asked for.
   *
   * @param intervals in order; {@link Interval#ALWAYS} for a table that is not built by intervals
   * @param run kept with what is built
   */
  record Work(TableName table, List<Interval> intervals, Extent extent, long run) {
    public Work {
      intervals = List.copyOf(intervals);
    }
  }

  /** How much of what a table has is built again. */
  enum Extent {
    /** What its materialization asks for; rows that were added once may stay. */
    CHANGES,
    /** As if there were no rows yet. */
    FULL
  }

  /** What came of a build. */
  sealed interface Outcome {

    /**
     * Readers of the next release see it.
     *
     * @param rows that each of the intervals has now
     * @param warnings sentences of tests that failed with severity warn
     */
    record Published(SortedMap<Interval, Long> rows, List<String> warnings) implements Outcome {
      public Published {
        rows = Collections.unmodifiableSortedMap(new TreeMap<>(rows));
        warnings = List.copyOf(warnings);
      }

      /** Of all intervals together. */
      public long total() {
        return rows.values().stream().mapToLong(Long::longValue).sum();
      }
    }

    /**
     * Tests failed; the release before it goes on serving.
     *
     * @param why a sentence for each test that failed
     * @param branch where the refused rows can be looked at
     */
    record Refused(List<String> why, String branch) implements Outcome {
      public Refused {
        why = List.copyOf(why);
      }
    }
  }

  /** Hears what a build is doing; each line is kept in the log of the run. */
  @FunctionalInterface
  interface Progress {
    void say(String line);
  }
}
