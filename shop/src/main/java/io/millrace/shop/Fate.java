package io.millrace.shop;

import java.util.Locale;

/** What must become of an event when it is sent at the shop's time. */
public enum Fate {
  /** It ends in its table, once. */
  FRESH,
  /** The same bytes as a fresh event before it: it must not end in the table a second time. */
  REPEATED,
  /** It happened longer before it is sent than the contract's lateness. */
  LATE,
  /** It breaks its contract; its {@link Flaw} says how. */
  MALFORMED;

  private final String text = name().toLowerCase(Locale.ROOT);

  @Override
  public String toString() {
    return text;
  }
}
