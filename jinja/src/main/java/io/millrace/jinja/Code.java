package io.millrace.jinja;

import io.millrace.project.Templates.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Expressions of Jinja as texts: quotes and brackets, enough to find what stands outside. */
final class Code {

  private static final String CALLS = ".__call__";

  /** The functions that {@code *xs} and {@code **x} become, as arguments of a call. */
  static final String LIST = "__list__";

  static final String MAP = "__map__";

  private static final Pattern SPREAD = Pattern.compile("(\\*\\*?)([A-Za-z_][A-Za-z0-9_.]*)");

  private Code() {}

  /** The parts between a sign that stands in no quotes and no brackets. */
  static List<String> split(String code, char sign) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    for (int at = indexOf(code, sign); at >= 0; ) {
      parts.add(code.substring(start, at));
      start = at + 1;
      int next = indexOf(code.substring(start), sign);
      at = next < 0 ? -1 : start + next;
    }
    parts.add(code.substring(start));
    return parts;
  }

  /** Where a sign stands first in no quotes and no brackets; -1 if it does not. */
  static int indexOf(String code, char sign) {
    return find(code, (depth, at) -> depth == 0 && code.charAt(at) == sign);
  }

  /** Where a word stands first in no quotes and no brackets; -1 if it does not. */
  static int indexOfWord(String code, String word) {
    return find(
        code,
        (depth, at) ->
            depth == 0
                && code.startsWith(word, at)
                && !isInWord(code, at - 1)
                && !isInWord(code, at + word.length()));
  }

  private static boolean isInWord(String code, int at) {
    return at >= 0
        && at < code.length()
        && (Character.isLetterOrDigit(code.charAt(at)) || code.charAt(at) == '_');
  }

  private interface Test {
    boolean at(int depth, int at);
  }

  private static int find(String code, Test test) {
    int depth = 0;
    for (int at = 0; at < code.length(); at++) {
      char character = code.charAt(at);
      if (test.at(depth, at)) {
        return at;
      }
      if (character == '\'' || character == '"') {
        at = endOfQuote(code, at);
      } else if (character == '(' || character == '[' || character == '{') {
        depth++;
      } else if (character == ')' || character == ']' || character == '}') {
        depth--;
      }
    }
    return -1;
  }

  /** The last character of a text in quotes that begins at a place, or of the code. */
  private static int endOfQuote(String code, int start) {
    for (int at = start + 1; at < code.length(); at++) {
      if (code.charAt(at) == '\\') {
        at++;
      } else if (code.charAt(at) == code.charAt(start)) {
        return at;
      }
    }
    return code.length() - 1;
  }

  /**
   * A template in which {@code f(x)(y)} is written so that Jinjava's grammar has it, as {@code
   * f(x).__call__(y)}. Lines stay what they are.
   */
  static String withCalls(String template) {
    StringBuilder written = new StringBuilder();
    int at = 0;
    while (at < template.length()) {
      int start = next(template, at);
      if (start < 0) {
        return written.append(template, at, template.length()).toString();
      }
      written.append(template, at, start);
      if (template.charAt(start + 1) == '#') {
        int end = template.indexOf("#}", start + 2);
        at = end < 0 ? template.length() : end + 2;
        written.append(template, start, at);
      } else {
        at = block(template, start, written);
      }
    }
    return written.toString();
  }

  /** The next of the signs with which a block begins; -1 if there is none. */
  private static int next(String template, int from) {
    for (int at = template.indexOf('{', from); at >= 0; at = template.indexOf('{', at + 1)) {
      if (at + 1 < template.length() && "{%#".indexOf(template.charAt(at + 1)) >= 0) {
        return at;
      }
    }
    return -1;
  }

  /** Whether what is written so far ends where an argument of a call begins. */
  private static boolean beginsArgument(StringBuilder written) {
    int last = written.length() - 1;
    while (last >= 0 && Character.isWhitespace(written.charAt(last))) {
      last--;
    }
    return last >= 0 && "(,".indexOf(written.charAt(last)) >= 0;
  }

  private static int block(String template, int start, StringBuilder written) {
    String end = template.charAt(start + 1) == '{' ? "}}" : "%}";
    written.append(template, start, start + 2);
    boolean called = false;
    int maps = 0;
    int depth = 0;
    for (int at = start + 2; at < template.length(); at++) {
      char character = template.charAt(at);
      if (maps == 0 && template.startsWith(end, at)) {
        written.append(end);
        return at + 2;
      }
      if (character == '\'' || character == '"') {
        int last = endOfQuote(template, at);
        written.append(template, at, last + 1);
        at = last;
        called = false;
        continue;
      }
      if (character == '*' && beginsArgument(written)) {
        Matcher spread = SPREAD.matcher(template).region(at, template.length());
        if (spread.lookingAt()) {
          written.append(spread.group(1).length() == 1 ? LIST : MAP);
          written.append('(').append(spread.group(2)).append(')');
          at = spread.end() - 1;
          called = false;
          continue;
        }
      }
      if (called && character == '(') {
        written.append(CALLS);
      }
      called = character == ')' || (called && Character.isWhitespace(character));
      written.append(character);
      if ("([{".indexOf(character) >= 0 && ++depth > Limits.MAX_DEPTH) {
        throw new Problem("an expression is nested too deeply", "take it apart with set");
      } else if (")]}".indexOf(character) >= 0) {
        depth--;
      }
      if (character == '{') {
        maps++;
      } else if (character == '}') {
        maps--;
        // So that Jinjava does not take the ends of two maps for the end of the block.
        written.append(' ');
      }
    }
    return template.length();
  }
}
