package io.millrace.stream;

import java.util.Locale;

/** What becomes of a record; each has a table of its own. */
enum Outcome {
  /** To bronze. */
  ACCEPTED,
  /** It breaks the contract, here or at the door. */
  REJECTED,
  /** Its id was seen within the repeat window. */
  REPEATED,
  /** It was received after its lateness had run out. */
  LATE;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
