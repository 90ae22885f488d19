package io.millrace.serve;

import java.util.regex.Pattern;

/** Queries that differ in their values alone are one. */
final class QueryText {

  private static final int LONGEST = 300;

  /** Comments and texts in quotes, which may hold each other's signs; then numbers. */
  private static final Pattern VALUES =
      Pattern.compile(
          "--[^\\n]*|/\\*.*?\\*/|[eE]?'(?:[^']|'')*'|\\$(\\w*)\\$.*?\\$\\1\\$|\\b\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?\\b",
          Pattern.DOTALL);

  private static final Pattern SPACE = Pattern.compile("\\s+");

  private QueryText() {}

  /** The text without comments, with {@code ?} for each value, in one line. */
  static String of(String sql) {
    String bare =
        VALUES
            .matcher(sql)
            .replaceAll(
                found ->
                    found.group().startsWith("--") || found.group().startsWith("/*") ? " " : "?");
    String line = SPACE.matcher(bare).replaceAll(" ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }
}
