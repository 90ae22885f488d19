package io.millrace.prove;

/** How far a proof looks. */
public enum Depth {
  /**
   * The ledger, sealed entry by sealed entry, against what Kafka and the tables' metadata say, and
   * every data file is where it should be. Costs as little as there is new.
   */
  SEALED,
  /** Also every row of every table, and every record that the topics still hold. */
  FULL
}
