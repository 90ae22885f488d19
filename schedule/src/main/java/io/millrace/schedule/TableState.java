package io.millrace.schedule;

import io.millrace.core.TableName;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What the ledger knows of a table, without its intervals.
 *
 * @param definition fingerprint it had when it was last looked at; empty if it never was
 * @param positions the snapshot of each input up to which changes have become intervals
 * @param held why it is not built by itself
 * @param fired the time for which it was last built by its cron expression
 * @param unreleased the run that built what no release names yet
 * @param rebuilding whether its definition has changed since readers saw it: until all of it is
 *     built by the new one, there is less in it than readers have
 */
public record TableState(
    Optional<String> definition,
    Map<TableName, Long> positions,
    Optional<String> held,
    Optional<Instant> fired,
    Optional<Long> unreleased,
    boolean rebuilding) {

  static final TableState NEW =
      new TableState(
          Optional.empty(), Map.of(), Optional.empty(), Optional.empty(), Optional.empty(), false);

  public TableState {
    positions = Map.copyOf(positions);
  }

  TableState looked(Warehouse.Looked looked) {
    boolean another = definition.filter(it -> !it.equals(looked.definition())).isPresent();
    return new TableState(
        Optional.of(looked.definition()),
        looked.positions(),
        held,
        fired,
        unreleased,
        rebuilding || another);
  }

  TableState forgotten() {
    return new TableState(Optional.empty(), Map.of(), held, fired, unreleased, rebuilding);
  }

  TableState held(Optional<String> why) {
    return new TableState(definition, positions, why, fired, unreleased, rebuilding);
  }

  TableState fired(Instant at) {
    return new TableState(definition, positions, held, Optional.of(at), unreleased, rebuilding);
  }

  TableState builtBy(long run) {
    return new TableState(definition, positions, held, fired, Optional.of(run), rebuilding);
  }

  TableState released() {
    return new TableState(definition, positions, held, fired, Optional.empty(), false);
  }
}
