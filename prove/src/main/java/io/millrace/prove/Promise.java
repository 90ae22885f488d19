package io.millrace.prove;

/** What must become of an event once it is acknowledged, as its contract says. */
public enum Promise {
  /** It is in bronze, or in late if it was on its way for longer than the stream's lateness. */
  KEPT,
  /** It happened too long ago: it is in late. */
  LATE,
  /** It breaks its contract: it is in rejected. */
  REJECTED,
  /** It came in a body that cannot be read or is too large: it is in no table. */
  REFUSED
}
