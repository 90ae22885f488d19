package io.millrace.jinja;

import io.millrace.project.Templates.Arguments;
import io.millrace.project.Templates.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's methods of texts. */
final class TextMethods {

  private static final Pattern FIELD = Pattern.compile("\\{\\{|\\}\\}|\\{([A-Za-z0-9_]*)\\}");
  private static final Map<String, BiFunction<String, Arguments, Object>> METHODS = new TreeMap<>();

  static {
    METHODS.put("upper", (text, none) -> text.toUpperCase(Locale.ROOT));
    METHODS.put("lower", (text, none) -> text.toLowerCase(Locale.ROOT));
    METHODS.put("capitalize", (text, none) -> capitalized(text));
    METHODS.put("title", (text, none) -> titled(text));
    METHODS.put("strip", (text, given) -> stripped(text, given, true, true));
    METHODS.put("lstrip", (text, given) -> stripped(text, given, true, false));
    METHODS.put("rstrip", (text, given) -> stripped(text, given, false, true));
    METHODS.put("startswith", (text, given) -> text.startsWith(given.text(0, "prefix")));
    METHODS.put("endswith", (text, given) -> text.endsWith(given.text(0, "suffix")));
    METHODS.put("find", (text, given) -> (long) text.indexOf(given.text(0, "sub")));
    METHODS.put("count", (text, given) -> (long) count(text, given.text(0, "sub")));
    METHODS.put("isdigit", (text, none) -> text.matches("[0-9]+"));
    METHODS.put(
        "replace", (text, given) -> replaced(text, given.text(0, "old"), given.text(1, "new")));
    METHODS.put("split", TextMethods::split);
    METHODS.put("splitlines", (text, none) -> new ArrayList<Object>(text.lines().toList()));
    METHODS.put("join", (text, given) -> joined(Values.list(given.get(0, "iterable")), text));
    METHODS.put("format", TextMethods::format);
    METHODS.put("removeprefix", (text, given) -> withoutPrefix(text, given.text(0, "prefix")));
    METHODS.put("removesuffix", (text, given) -> withoutSuffix(text, given.text(0, "suffix")));
    METHODS.put("zfill", (text, given) -> padded(text, Values.whole(given.get(0, "width"))));
  }

  private TextMethods() {}

  static Object call(String text, String method, Arguments arguments) {
    BiFunction<String, Arguments, Object> known = METHODS.get(method);
    if (known == null) {
      throw Reach.unknown(method, text, List.copyOf(METHODS.keySet()));
    }
    return known.apply(text, arguments);
  }

  static String capitalized(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT)
            + text.substring(1).toLowerCase(Locale.ROOT);
  }

  static String titled(String text) {
    return Pattern.compile("\\p{L}+").matcher(text).replaceAll(it -> capitalized(it.group()));
  }

  private static String stripped(String text, Arguments given, boolean start, boolean end) {
    if (given.get(0, "chars") == null) {
      String stripped = start ? text.stripLeading() : text;
      return end ? stripped.stripTrailing() : stripped;
    }
    String characters = given.text(0, "chars");
    int from = 0;
    int to = text.length();
    while (start && from < to && characters.indexOf(text.charAt(from)) >= 0) {
      from++;
    }
    while (end && to > from && characters.indexOf(text.charAt(to - 1)) >= 0) {
      to--;
    }
    return text.substring(from, to);
  }

  private static int count(String text, String part) {
    return part.isEmpty() ? text.length() + 1 : text.split(Pattern.quote(part), -1).length - 1;
  }

  static String replaced(String text, String part, String by) {
    Values.checkLength(text.length() + (long) count(text, part) * by.length());
    return text.replace(part, by);
  }

  private static Object split(String text, Arguments given) {
    if (given.get(0, "sep") == null) {
      return text.isBlank()
          ? new ArrayList<>()
          : new ArrayList<Object>(Arrays.asList(text.strip().split("\\s+", -1)));
    }
    String separator = given.text(0, "sep");
    if (separator.isEmpty()) {
      throw new Problem("a text cannot be split at nothing", "name a separator");
    }
    int limit = given.has(1, "maxsplit") ? (int) Values.whole(given.get(1, "maxsplit")) + 1 : -1;
    return new ArrayList<Object>(Arrays.asList(text.split(Pattern.quote(separator), limit)));
  }

  static String joined(List<Object> items, String between) {
    List<String> texts = items.stream().map(Values::text).toList();
    long length = 0;
    for (String text : texts) {
      length += text.length() + between.length();
    }
    Values.checkLength(length);
    return String.join(between, texts);
  }

  private static Object format(String text, Arguments given) {
    StringBuilder made = new StringBuilder();
    Matcher field = FIELD.matcher(text);
    int next = 0;
    int at = 0;
    while (field.find()) {
      made.append(text, at, field.start());
      at = field.end();
      String name = field.group(1);
      if (name == null) {
        made.append(field.group().charAt(0));
      } else if (name.isEmpty()) {
        made.append(given(given, next++, name));
      } else if (name.matches("[0-9]{1,4}")) {
        made.append(given(given, Integer.parseInt(name), name));
      } else {
        made.append(given(given, Integer.MAX_VALUE, name));
      }
      Values.checkLength(made.length());
    }
    return Values.limited(made.append(text, at, text.length()).toString());
  }

  private static String given(Arguments given, int place, String name) {
    if (!given.has(place, name)) {
      throw new Problem("format has no value for '{" + name + "}'", "give it");
    }
    return Values.text(given.get(place, name));
  }

  private static String withoutPrefix(String text, String prefix) {
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }

  private static String withoutSuffix(String text, String suffix) {
    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
  }

  private static String padded(String text, long width) {
    Values.checkLength(width);
    return "0".repeat(Math.max(0, (int) width - text.length())) + text;
  }
}
