package io.millrace.project;

import io.millrace.core.TableName;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Traces the columns of a SELECT back to the columns it reads. A port, as {@link SqlReader} is.
 *
 * <p>What cannot be followed is answered with too many sources, never with too few, and said in a
 * note.
 */
public interface ColumnTracer {

  /**
   * Traces one SELECT.
   *
   * @param tables the columns of the tables it reads, in their order
   */
  Traced trace(String sql, Map<TableName, List<String>> tables);

  /** Tables that every project has, with their columns. */
  Map<TableName, List<String>> ownTables();

  /** How a column is used. */
  enum Use {
    /** The value is the column's, as it is. */
    COPY,
    /** The value is computed from the column's. */
    DERIVED,
    /** The value is counted, summed or averaged from those of many rows, and is none of theirs. */
    SUMMARY,
    /** The value is not made of the column's, but of rows that the column chooses or orders. */
    DECIDES
  }

  /**
   * A column that is read.
   *
   * @param path of the field, if only one of a struct is read: {@code product_id}
   */
  record Source(ColumnRef column, String path, Use use) implements Comparable<Source> {

    private static final Comparator<Source> ORDER =
        Comparator.comparing(Source::use).thenComparing(Source::column).thenComparing(Source::path);

    @Override
    public int compareTo(Source other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * A column of the answer.
   *
   * @param name in lower case
   * @param line of the expression, counted from 1 in the text
   * @param sources a constant has none
   * @param recipe digest of the expressions it is computed by; another one computes another column,
   *     or the same in other words
   */
  record Output(String name, int line, SortedSet<Source> sources, String recipe) {
    public Output {
      sources = Collections.unmodifiableSortedSet(new TreeSet<>(sources));
    }
  }

  /**
   * What a SELECT answers, and from what.
   *
   * @param rows what decides which rows there are: tables read, conditions, groups
   * @param recipe digest of the clauses that decide which rows there are
   * @param notes what could not be followed, with its line
   */
  record Traced(List<Output> columns, SortedSet<Source> rows, String recipe, List<String> notes) {
    public Traced {
      columns = List.copyOf(columns);
      rows = Collections.unmodifiableSortedSet(new TreeSet<>(rows));
      notes = List.copyOf(notes);
    }
  }
}
