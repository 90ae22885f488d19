package io.millrace.schedule;

import io.millrace.core.Interval;
import io.millrace.core.TableName;
import io.millrace.schedule.Warehouse.Extent;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a person asks to be built.
 *
 * @param span only intervals that overlap it
 * @param extent FULL wants all intervals again
 * @param why who asks: {@code asked for}
 */
public record Request(SortedSet<TableName> tables, Interval span, Extent extent, String why) {

  public Request {
    tables = Collections.unmodifiableSortedSet(new TreeSet<>(tables));
  }

  /** All that is due. */
  public static Request of(Collection<TableName> tables, String why) {
    return new Request(new TreeSet<>(tables), Interval.ALWAYS, Extent.CHANGES, why);
  }

  public Request within(Interval narrower) {
    return new Request(tables, narrower, extent, why);
  }

  /** As if nothing had been built. */
  public Request full() {
    return new Request(tables, span, Extent.FULL, why);
  }

  /** {@code gold.sales}, or {@code 3 tables}; {@code a release} if none is to be built. */
  static String what(Collection<TableName> tables) {
    if (tables.isEmpty()) {
      return "a release";
    }
    return tables.size() == 1 ? tables.iterator().next().toString() : tables.size() + " tables";
  }
}
