package io.millrace.core;

import java.util.regex.Pattern;

/** The names that are allowed for streams, fields, models and tables. */
public final class Identifiers {

  /** Kafka's limit on a topic's name is 249; the suffixes we add must fit as well. */
  public static final int MAX_LENGTH = 120;

  private static final Pattern VALID = Pattern.compile("[a-z][a-z0-9_]*");
  private static final Pattern VERSION = Pattern.compile("@([2-9]|[1-9][0-9]{1,3})$");

  private Identifiers() {}

  public static boolean isValid(String name) {
    return name.length() <= MAX_LENGTH && VALID.matcher(name).matches();
  }

  /** A stream may stand beside an older one of its name: {@code clicks@2}. */
  public static boolean isStream(String name) {
    return isValid(VERSION.matcher(name).replaceFirst(""));
  }

  static void require(String name, String what) {
    if (!isValid(name)) {
      throw MillraceException.caller(
          "Cannot use '%s' as %s: use lower-case letters, digits and '_', starting with a letter"
              .formatted(name, what));
    }
  }
}
