package io.millrace.serve;

/** Queries that differ in their values alone are one. */
final class QueryText {

  private static final int LONGEST = 300;

  private final String sql;
  private final StringBuilder line = new StringBuilder();
  private int at;

  private QueryText(String sql) {
    this.sql = sql;
  }

  /**
   * The text without comments, with {@code ?} for each value, in one line. What is not closed ends
   * with the text.
   */
  static String of(String sql) {
    QueryText text = new QueryText(sql);
    while (text.at < sql.length() && text.line.length() <= LONGEST + 1) {
      text.next();
    }
    String line = text.line.toString().strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }

  private void next() {
    char c = sql.charAt(at);
    if (Character.isWhitespace(c)) {
      at++;
      space();
    } else if (sql.startsWith("--", at)) {
      skip("\n", at);
      space();
    } else if (sql.startsWith("/*", at)) {
      skip("*/", at + 2);
      space();
    } else if (c == '\'') {
      value();
      skipQuoted(false);
    } else if ((c == 'e' || c == 'E') && sql.startsWith("'", at + 1) && !isInWord()) {
      value();
      at++;
      skipQuoted(true);
    } else if (c == '"') {
      int from = at;
      skip("\"", at + 1);
      line.append(sql, from, Math.min(at, from + LONGEST));
    } else if (c == '$' && tagEnd() > 0) {
      value();
      skip(sql.substring(at, tagEnd()), tagEnd());
    } else if (isDigit(c) && !isInWord()) {
      value();
      skipNumber();
    } else {
      line.append(c);
      at++;
    }
  }

  private void space() {
    if (line.length() > 0 && line.charAt(line.length() - 1) != ' ') {
      line.append(' ');
    }
  }

  private void value() {
    line.append('?');
  }

  private void skip(String end, int from) {
    int found = sql.indexOf(end, from);
    at = found < 0 ? sql.length() : found + end.length();
  }

  /** From an opening quote on; two quotes are one that closes nothing. */
  private void skipQuoted(boolean escapes) {
    for (at++; at < sql.length(); at++) {
      if (escapes && sql.charAt(at) == '\\') {
        at++;
      } else if (sql.startsWith("''", at)) {
        at++;
      } else if (sql.charAt(at) == '\'') {
        at++;
        return;
      }
    }
  }

  /** Where the tag in front of a dollar-quoted text ends; 0 if it is none. */
  private int tagEnd() {
    int end = at + 1;
    while (end < sql.length() && isWord(sql.charAt(end))) {
      end++;
    }
    return sql.startsWith("$", end) && !isInWord() ? end + 1 : 0;
  }

  private void skipNumber() {
    while (at < sql.length() && (isWord(sql.charAt(at)) || isPartOfNumber())) {
      at++;
    }
  }

  private boolean isPartOfNumber() {
    char c = sql.charAt(at);
    char before = sql.charAt(at - 1);
    return c == '.' || ((c == '+' || c == '-') && (before == 'e' || before == 'E'));
  }

  private boolean isInWord() {
    return at > 0 && isWord(sql.charAt(at - 1));
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
