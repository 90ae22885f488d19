package io.millrace.project;

import java.util.regex.Pattern;

/** The text of a SELECT so that it can stand in parentheses. */
public final class SelectText {

  private static final Pattern END = Pattern.compile(";[\\s;]*+(?:--[^\n]*+(?:\n[\\s;]*+|$))*+$");

  private SelectText() {}

  /** Without the semicolon that ends it. */
  public static String of(String sql) {
    return END.matcher(sql).replaceFirst("").stripTrailing();
  }
}
