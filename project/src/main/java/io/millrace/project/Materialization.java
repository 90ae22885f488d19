package io.millrace.project;

import java.util.List;
import java.util.Map;

/** How a model becomes something that can be read; dbt's word for it, and its words. */
public sealed interface Materialization {

  /** Nothing is kept: the SQL is run by those who read it. */
  record View() implements Materialization {}

  /** Built whole, each time. */
  record Table() implements Materialization {}

  /** {@code incremental}, {@code append}: the rows made of new rows are added. */
  record Append() implements Materialization {}

  /** {@code incremental}, {@code merge}: rows made of new rows replace those of the same key. */
  record Merge(List<String> uniqueKey) implements Materialization {
    public Merge {
      uniqueKey = List.copyOf(uniqueKey);
    }
  }

  /**
   * {@code incremental}, {@code delete+insert}: as merge, but a key may have several rows, and all
   * it had are replaced by all it has now.
   */
  record DeleteInsert(List<String> uniqueKey) implements Materialization {
    public DeleteInsert {
      uniqueKey = List.copyOf(uniqueKey);
    }
  }

  /** {@code incremental}, {@code microbatch}: built interval by interval, each by itself. */
  record ByInterval(Batches batches) implements Materialization {}

  /**
   * Kept equal to its query by building again only the keys whose inputs changed.
   *
   * @param uniqueKey output columns; empty means those the query groups by
   */
  record MaterializedView(List<String> uniqueKey) implements Materialization {
    public MaterializedView {
      uniqueKey = List.copyOf(uniqueKey);
    }
  }

  /** {@code snapshot}, {@code scd1}, {@code scd3}: what was so of each key, and when. */
  record History(Dimension dimension) implements Materialization {}

  /**
   * {@code incremental} as dbt has it, and its snapshots: another SELECT, which sees all there is
   * and the table itself, makes what the table gains.
   *
   * @param sql what is run when the table is there
   * @param uniqueKey of the rows that replace others
   */
  record Again(String sql, List<String> uniqueKey, How how) implements Materialization {
    public Again {
      uniqueKey = List.copyOf(uniqueKey);
    }
  }

  /** What becomes of the rows that {@link Again} makes. */
  enum How {
    /** They are added. */
    ADD,
    /** They replace those of the same key. */
    REPLACE,
    /** They are the table, which is never begun anew: nothing else remembers what it holds. */
    KEEP
  }

  /**
   * A CSV file of the project.
   *
   * @param columnTypes SQL types of columns that are not to be guessed
   */
  record Seed(char delimiter, Map<String, String> columnTypes) implements Materialization {
    public Seed {
      columnTypes = Map.copyOf(columnTypes);
    }
  }
}
