package io.millrace.project;

import io.millrace.core.MillraceException;
import io.millrace.core.NearMatch;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One term of a {@link Selection}.
 *
 * @param text as written
 * @param up how many steps before what it names, 0 for none
 * @param down how many steps after it, 0 for none
 * @param withAllItTakes whether all is meant that building what is after it takes
 */
record SelectionTerm(
    String text, Method method, String value, int up, int down, boolean withAllItTakes) {

  static final int EVERYTHING = Integer.MAX_VALUE;

  private static final Pattern WRITTEN =
      Pattern.compile(
          "(?<at>@)?(?<before>(?<up>[0-9]{0,4})\\+)?((?<method>[a-z_.]+):)?(?<value>[^+@]+)"
              + "(?<after>\\+(?<down>[0-9]{0,4}))?");

  /** Ways to say which tables are meant. */
  enum Method {
    NAME(""),
    TAG("tag"),
    PATH("path"),
    MATERIALIZED("config.materialized"),
    RESOURCE_TYPE("resource_type"),
    SOURCE("source");

    private final String word;

    Method(String word) {
      this.word = word;
    }
  }

  /** Reads one term of a text. */
  static SelectionTerm parse(String text, String term) {
    Matcher matcher = WRITTEN.matcher(term);
    if (!matcher.matches()) {
      throw refused(
          text,
          term.isEmpty()
              ? "name a model, such as gold.daily_sales+"
              : "'" + term + "' is not written as 2+name+1 or @name");
    }
    boolean at = matcher.group("at") != null;
    if (at && (matcher.group("before") != null || matcher.group("after") != null)) {
      throw refused(text, "'" + term + "' has '@' and '+'; keep one of them");
    }
    return new SelectionTerm(
        term,
        method(text, matcher.group("method")),
        matcher.group("value"),
        steps(matcher.group("before"), matcher.group("up")),
        at ? EVERYTHING : steps(matcher.group("after"), matcher.group("down")),
        at);
  }

  private static Method method(String text, String word) {
    if (word == null) {
      return Method.NAME;
    }
    List<String> words = Stream.of(Method.values()).map(method -> method.word).skip(1).toList();
    return Stream.of(Method.values())
        .filter(method -> method.word.equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                refused(
                    text, "method '" + word + "' is not known; " + NearMatch.remedy(words, word)));
  }

  private static int steps(String sign, String count) {
    return sign == null ? 0 : count.isEmpty() ? EVERYTHING : Integer.parseInt(count);
  }

  static MillraceException refused(String text, String why) {
    return MillraceException.caller("Cannot select '" + text + "': " + why);
  }

  /**
   * Whether a word is the value, in which {@code *} stands for any characters, {@code ?} for one.
   */
  boolean matches(String word) {
    // Goes back to the last star only, so that many stars take no longer than their product.
    int at = 0;
    int in = 0;
    int star = -1;
    int resumed = 0;
    while (in < word.length()) {
      if (at < value.length() && value.charAt(at) == '*') {
        star = at++;
        resumed = in;
      } else if (at < value.length()
          && (value.charAt(at) == '?' || value.charAt(at) == word.charAt(in))) {
        at++;
        in++;
      } else if (star >= 0) {
        at = star + 1;
        in = ++resumed;
      } else {
        return false;
      }
    }
    while (at < value.length() && value.charAt(at) == '*') {
      at++;
    }
    return at == value.length();
  }
}
