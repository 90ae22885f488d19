package io.millrace.project;

/** What a model sees of an input when it is built, and what a change of the input asks for. */
public enum InputMode {
  /** The rows of the interval; changed rows re-open the intervals they are in. */
  INTERVAL,
  /** The rows that were added since the last build; any of them asks for a build. */
  NEW_ROWS,
  /** All rows; any change re-opens everything. */
  WHOLE,
  /**
   * All rows of a history; those that have changed re-open the intervals in which another version
   * is valid.
   */
  AS_OF,
  /** All rows as they are at the time; a change asks for nothing. */
  LOOKUP
}
