package io.millrace.event;

import java.util.Locale;

/** Why an event is rejected. The name in lower case is what tables, APIs and counts show. */
public enum Reason {
  /** No bytes, or white space only. */
  EMPTY,
  /** Larger than the limit on one event. */
  TOO_LARGE,
  /** Not UTF-8, or an escape that stands for half a character. */
  BAD_ENCODING,
  /** Not JSON, or more than one JSON value. */
  BAD_JSON,
  /** JSON, but not an object. */
  NOT_AN_OBJECT,
  /** Nested deeper than the limit. */
  TOO_DEEP,
  /** One object names a field twice. */
  DUPLICATE_FIELD,
  /** A required field is absent or null. */
  MISSING_FIELD,
  /** A value is not of its field's type. */
  WRONG_TYPE,
  /** A number, date or decimal does not fit its type exactly. */
  OUT_OF_RANGE,
  /** A value is not one of those listed, below the minimum, above the maximum, or too long. */
  NOT_ALLOWED,
  /** The event's time lies too far after the time it was received. */
  IN_THE_FUTURE;

  private final String text = name().toLowerCase(Locale.ROOT);

  @Override
  public String toString() {
    return text;
  }
}
