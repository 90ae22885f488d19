package io.millrace.engine;

import io.millrace.core.TableName;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Whether a view can be kept up to date key by key, and with which SQL. */
public sealed interface KeyedView {

  /**
   * It can: rows of the view whose key is not among the affected ones are what they were.
   *
   * @param keys output columns that are each a function of the rows behind an output row
   * @param affectedKeys for each table, a SELECT of the keys (columns named as they are in {@code
   *     keys}) that rows in {@code changes.<layer>__<name>} touch. Those are the rows inserted into
   *     the table or deleted from it; an update is both. It has to be run twice, over all tables as
   *     they were and as they are
   * @param restricted the view's SELECT for the keys in the table {@code build.keys} alone
   */
  record Keyed(List<String> keys, SortedMap<TableName, String> affectedKeys, String restricted)
      implements KeyedView {
    public Keyed {
      keys = List.copyOf(keys);
      affectedKeys = Collections.unmodifiableSortedMap(new TreeMap<>(affectedKeys));
    }
  }

  /**
   * It cannot: any change asks for all of it.
   *
   * @param reason {@code it uses LIMIT}
   */
  record Whole(String reason) implements KeyedView {}
}
