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
 */
public record TableState(
    Optional<String> definition,
    Map<TableName, Long> positions,
    Optional<String> held,
    Optional<Instant> fired,
    Optional<Long> unreleased) {

  static final TableState NEW =
      new TableState(
          Optional.empty(), Map.of(), Optional.empty(), Optional.empty(), Optional.empty());

  public TableState {
    positions = Map.copyOf(positions);
  }

  TableState looked(Warehouse.Looked looked) {
    return new TableState(
        Optional.of(looked.definition()), looked.positions(), held, fired, unreleased);
  }

  TableState forgotten() {
    return new TableState(Optional.empty(), Map.of(), held, fired, unreleased);
  }

  TableState held(Optional<String> why) {
    return new TableState(definition, positions, why, fired, unreleased);
  }

  TableState fired(Instant at) {
    return new TableState(definition, positions, held, Optional.of(at), unreleased);
  }

  TableState unreleased(Optional<Long> run) {
    return new TableState(definition, positions, held, fired, run);
  }
}
