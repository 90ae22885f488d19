package io.millrace.prove;

/**
 * Something that does not hold.
 *
 * @param sentence what, where (offsets, files, snapshots), and what it means
 */
public record Breach(Kind kind, String sentence) {

  /** What kind of damage it is. */
  public enum Kind {
    /** An entry of the ledger is altered, missing, or does not add up. */
    LEDGER,
    /** Offsets of the topic that no table accounts for. */
    MISSING,
    /** Offsets that are accounted for more than once, or rows that no record stands behind. */
    EXTRA,
    /** Rows whose values are not those that were written. */
    CHANGED,
    /** A data file that is gone or has another size. */
    FILE,
    /** A commit by somebody else than the stream or its maintenance. */
    FOREIGN_COMMIT,
    /** A commit of the stream that is no longer part of its table. */
    ROLLED_BACK,
    /** The topic has lost records that were acknowledged. */
    TOPIC
  }
}
