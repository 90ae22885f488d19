package io.millrace.lake;

import io.millrace.core.TableName;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One consistent state of the warehouse: a snapshot for each table, named in one transaction.
 *
 * @param id counted from 1
 * @param run what built it; {@link #BY_HAND} if a person made it
 * @param models the snapshot of each model's table
 * @param inputs the snapshot of each stream's table that models of this release have read, and of
 *     the others as its run found them; {@link PinnedTable#EMPTY} if it had no rows then
 * @param behind models that have not taken in all that the release has of one of their inputs: why,
 *     by model and input
 */
public record Release(
    long id,
    Instant at,
    long run,
    String why,
    SortedMap<TableName, Long> models,
    SortedMap<TableName, Long> inputs,
    SortedMap<TableName, SortedMap<TableName, String>> behind) {

  /** The run of what a person made. */
  public static final long BY_HAND = 0;

  public Release {
    models = Collections.unmodifiableSortedMap(new TreeMap<>(models));
    inputs = Collections.unmodifiableSortedMap(new TreeMap<>(inputs));
    behind = Collections.unmodifiableSortedMap(new TreeMap<>(behind));
  }

  /** Whether these snapshots are among its own. */
  boolean names(Map<TableName, Long> someModels, Map<TableName, Long> someInputs) {
    return models.entrySet().containsAll(someModels.entrySet())
        && inputs.entrySet().containsAll(someInputs.entrySet());
  }
}
