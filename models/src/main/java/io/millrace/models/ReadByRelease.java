package io.millrace.models;

import io.millrace.core.TableName;
import io.millrace.lake.Changes;
import io.millrace.lake.PinnedTable;
import io.millrace.project.InputMode;
import io.millrace.project.Project;
import io.millrace.schedule.Warehouse.Standing;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the models of a release to be have read.
 *
 * @param models the snapshot of each model's table that it will name
 * @param head the newest snapshots, which know those that came before
 */
record ReadByRelease(
    Project project, SortedMap<TableName, Long> models, SortedMap<TableName, PinnedTable> head) {

  /** A release names one snapshot of a stream's table: the newest that one of its models read. */
  SortedMap<TableName, Long> inputs() {
    SortedMap<TableName, Long> inputs = new TreeMap<>();
    models.forEach(
        (model, snapshot) ->
            head.get(model)
                .at(snapshot)
                .flatMap(table -> BuiltFrom.of(table.summary()))
                .ifPresent(
                    from ->
                        from.inputs().forEach((input, read) -> addNewest(input, read, inputs))));
    return inputs;
  }

  private void addNewest(TableName input, long read, SortedMap<TableName, Long> inputs) {
    if (!project.models().containsKey(input) && head.containsKey(input)) {
      inputs.merge(input, read, (a, b) -> isBefore(input, a, b) ? b : a);
    }
  }

  /** {@link io.millrace.lake.Release#behind()}. */
  SortedMap<TableName, SortedMap<TableName, String>> behind(
      SortedMap<TableName, Standing> standings) {
    SortedMap<TableName, Long> released = new TreeMap<>(models);
    released.putAll(inputs());
    SortedMap<TableName, SortedMap<TableName, String>> behind = new TreeMap<>();
    standings.forEach(
        (table, standing) -> {
          if (models.containsKey(table)) {
            SortedMap<TableName, String> why = behind(table, standing, released);
            if (!why.isEmpty()) {
              behind.put(table, why);
            }
          }
        });
    return behind;
  }

  private SortedMap<TableName, String> behind(
      TableName table, Standing standing, Map<TableName, Long> released) {
    SortedMap<TableName, String> behind = new TreeMap<>();
    project
        .tablesBehind(project.model(table))
        .forEach(
            (input, mode) -> {
              long read = standing.positions().getOrDefault(input, PinnedTable.EMPTY);
              // What is looked up re-opens nothing when it changes: nobody waits for it.
              if (mode != InputMode.LOOKUP
                  && released.containsKey(input)
                  && (!standing.complete() || hasMore(input, read, released.get(input)))) {
                behind.put(input, standing.waits());
              }
            });
    return behind;
  }

  /** Whether the rows of an input are others in the release than in what was read. */
  private boolean hasMore(TableName input, long read, long released) {
    Optional<PinnedTable> table = head.get(input).at(released);
    return table.isPresent()
        && isBefore(input, read, released)
        && !(table.get().since(OptionalLong.of(read)) instanceof Changes.None);
  }

  private boolean isBefore(TableName input, long snapshot, long other) {
    return snapshot != other && sequence(input, snapshot) < sequence(input, other);
  }

  /** The lowest for what has expired, and for what had no rows yet. */
  private long sequence(TableName input, long snapshot) {
    return head.get(input).at(snapshot).map(PinnedTable::sequence).orElse(-1L);
  }
}
