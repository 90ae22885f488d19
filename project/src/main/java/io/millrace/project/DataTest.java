package io.millrace.project;

import io.millrace.core.TableName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What must hold of a table before it is published, or of a view when it can be read.
 *
 * @param name unique in the project: {@code not_null_daily_sales_day}
 * @param table the model it is a test of; for SQL tests, the only model they read or name
 * @param where rows it looks at, as SQL; without, all
 * @param file where it is written, with its line
 */
public record DataTest(
    String name,
    TableName table,
    Check check,
    Severity severity,
    Optional<String> where,
    Path file,
    int line) {

  /** The tables it reads beside its own. */
  public Set<TableName> reads() {
    Set<TableName> reads = new TreeSet<>();
    if (check instanceof Check.Relationships relationships) {
      reads.add(relationships.to());
    } else if (check instanceof Check.Sql sql) {
      reads.addAll(sql.reads());
    }
    reads.remove(table);
    return reads;
  }

  /** What a failure means. */
  public enum Severity {
    /** The build is not published; of a view, the run has failed. */
    ERROR,
    /** The run says so, and that is all. */
    WARN
  }

  /** The kinds of tests; dbt's four, and ours. */
  public sealed interface Check {
    record Unique(List<String> columns) implements Check {
      public Unique {
        columns = List.copyOf(columns);
      }
    }

    record NotNull(String column) implements Check {}

    /**
     * All values are among these.
     *
     * @param quote whether values are texts
     */
    record AcceptedValues(String column, List<String> values, boolean quote) implements Check {
      public AcceptedValues {
        values = List.copyOf(values);
      }
    }

    record Relationships(String column, TableName to, String field) implements Check {}

    /**
     * All rows with one value of a column have one value of each of the others; null is a value.
     */
    record Determines(String column, List<String> columns) implements Check {
      public Determines {
        columns = List.copyOf(columns);
      }
    }

    record RowCount(Optional<Long> min, Optional<Long> max) implements Check {}

    /** Versions of a key follow each other, and one of them is current unless it was deleted. */
    record Versions(Dimension dimension) implements Check {}

    /** The newest value of a timestamp or date column is no older than this. */
    record Freshness(String column, Duration maxAge) implements Check {}

    /**
     * A SELECT of the rows that are wrong.
     *
     * @param reads the tables it reads; empty if the project was read without a {@link SqlReader}
     */
    record Sql(String select, Set<TableName> reads) implements Check {
      public Sql {
        reads = Collections.unmodifiableSet(new TreeSet<>(reads));
      }
    }
  }
}
