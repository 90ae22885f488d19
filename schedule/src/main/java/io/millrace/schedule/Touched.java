package io.millrace.schedule;

import io.millrace.project.ColumnRef;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the definition of a table touches, compared with the one by which readers see it.
 *
 * @param rows whether other rows may be in it, so that all its columns are touched
 * @param columns those that are computed in another way, are new or are gone
 * @param downstream columns of models that are made of these; with {@link ColumnRef#ROWS} for all
 *     columns of a model
 */
public record Touched(
    boolean rows, SortedMap<String, How> columns, SortedSet<ColumnRef> downstream) {

  /** The definition is the one by which it was built, or it was never built. */
  public static final Touched NOTHING = new Touched(false, new TreeMap<>(), new TreeSet<>());

  /** How a column is touched. */
  public enum How {
    CHANGED,
    ADDED,
    REMOVED
  }

  public Touched {
    columns = Collections.unmodifiableSortedMap(new TreeMap<>(columns));
    downstream = Collections.unmodifiableSortedSet(new TreeSet<>(downstream));
  }
}
