package io.millrace.project;

/** SQL as a text of words, comments and quotes; enough to tell them apart. */
final class SqlText {

  private final String sql;
  private final StringBuilder kept = new StringBuilder();
  private int at;

  private SqlText(String sql) {
    this.sql = sql;
  }

  /**
   * The same SQL without comments, and with one blank where there was any space between words. What
   * stands in quotes is kept to the letter. A comment that is missed changes a fingerprint once too
   * often, which does no harm.
   */
  static String withoutComments(String sql) {
    return new SqlText(sql).read();
  }

  private String read() {
    while (at < sql.length()) {
      char character = sql.charAt(at);
      if (sql.startsWith("--", at)) {
        skip(end("\n", at));
      } else if (sql.startsWith("/*", at)) {
        skip(endOfComment());
      } else if (Character.isWhitespace(character)) {
        skip(at + 1);
      } else if (character == '\'' || character == '"') {
        keep(endOfQuote(character));
      } else if (character == '$') {
        keep(endOfDollars());
      } else {
        keep(at + 1);
      }
    }
    return kept.toString().strip();
  }

  private void keep(int end) {
    kept.append(sql, at, end);
    at = end;
  }

  private void skip(int end) {
    if (kept.length() > 0 && kept.charAt(kept.length() - 1) != ' ') {
      kept.append(' ');
    }
    at = end;
  }

  private int end(String mark, int from) {
    int found = sql.indexOf(mark, from);
    return found < 0 ? sql.length() : found + mark.length();
  }

  /** Comments may be within comments. */
  private int endOfComment() {
    int depth = 0;
    int end = at;
    do {
      if (sql.startsWith("/*", end)) {
        depth++;
        end += 2;
      } else if (sql.startsWith("*/", end)) {
        depth--;
        end += 2;
      } else {
        end++;
      }
    } while (depth > 0 && end < sql.length());
    return Math.min(end, sql.length());
  }

  private int endOfQuote(char quote) {
    boolean escapes =
        quote == '\'' && at > 0 && (sql.charAt(at - 1) == 'E' || sql.charAt(at - 1) == 'e');
    for (int end = at + 1; end < sql.length(); end++) {
      if (escapes && sql.charAt(end) == '\\') {
        end++;
      } else if (sql.charAt(end) == quote) {
        return end + 1;
      }
    }
    return sql.length();
  }

  /** Of {@code $tag$ any text $tag$}; or of the sign alone, as in a parameter. */
  private int endOfDollars() {
    int second = sql.indexOf('$', at + 1);
    if (second < 0 || !sql.substring(at + 1, second).matches("[A-Za-z_]*[A-Za-z0-9_]*")) {
      return at + 1;
    }
    return end(sql.substring(at, second + 1), second + 1);
  }
}
