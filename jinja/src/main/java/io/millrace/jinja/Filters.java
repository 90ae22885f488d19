package io.millrace.jinja;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import com.hubspot.jinjava.lib.filter.Filter;
import io.millrace.project.Templates.Arguments;
import io.millrace.project.Templates.Problem;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Jinja's filters that make something of values alone, and dbt's. */
final class Filters {

  /** What a filter makes of a value. */
  @FunctionalInterface
  private interface Made {
    Object of(Object value, Arguments given);
  }

  /** One of them, as Jinjava calls it. */
  private record Named(String name, Made made) implements Filter {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public Object filter(
        Object value,
        JinjavaInterpreter interpreter,
        Object[] inOrder,
        Map<String, Object> byName) {
      Rendering.current().step();
      Object[] all = Arrays.copyOf(inOrder, inOrder.length);
      Arguments given = Native.arguments(all);
      byName.values().forEach(it -> Native.arguments(it));
      return made.of(value, new Arguments(given.inOrder(), byName));
    }

    @Override
    public Object filter(Object value, JinjavaInterpreter interpreter, String... inOrder) {
      return filter(value, interpreter, (Object[]) inOrder, Map.of());
    }
  }

  private static final Pattern DIRECTIVE =
      Pattern.compile("%(0?)([0-9]{0,3})(\\.[0-9]{1,2})?([sdfi%])");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, Made> filters = new TreeMap<>();

  private Filters() {
    texts();
    numbers();
    lists();
    choices();
    dbt();
  }

  static List<Filter> all() {
    List<Filter> all = new ArrayList<>();
    new Filters().filters.forEach((name, made) -> all.add(new Named(name, made)));
    return all;
  }

  private void texts() {
    filters.put("upper", (value, none) -> Values.text(value).toUpperCase(Locale.ROOT));
    filters.put("lower", (value, none) -> Values.text(value).toLowerCase(Locale.ROOT));
    filters.put("capitalize", (value, none) -> TextMethods.capitalized(Values.text(value)));
    filters.put("title", (value, none) -> TextMethods.titled(Values.text(value)));
    filters.put("trim", (value, given) -> TextMethods.call(Values.text(value), "strip", given));
    filters.put("string", (value, none) -> Values.text(value));
    filters.put(
        "replace",
        (value, given) ->
            TextMethods.replaced(Values.text(value), given.text(0, "old"), given.text(1, "new")));
    filters.put(
        "join",
        (value, given) ->
            TextMethods.joined(
                parts(Values.list(value), given.get(1, "attribute")),
                given.has(0, "d") ? given.text(0, "d") : ""));
    filters.put("indent", Filters::indented);
    filters.put("format", (value, given) -> formatted(Values.text(value), given.inOrder()));
    filters.put(
        "wordcount", (value, none) -> (long) Values.text(value).strip().split("\\s+", -1).length);
    filters.put("tojson", (value, none) -> json(value));
    filters.put("fromjson", (value, none) -> ofJson(Values.text(value)));
  }

  private void numbers() {
    filters.put("int", (value, given) -> whole(value, given));
    filters.put("float", (value, none) -> decimal(value).doubleValue());
    filters.put(
        "abs",
        (value, none) ->
            value instanceof Long it ? Math.abs(it) : decimal(value).abs().doubleValue());
    filters.put(
        "round",
        (value, given) -> {
          int digits =
              given.has(0, "precision") ? (int) Values.whole(given.get(0, "precision")) : 0;
          return decimal(value).setScale(Math.min(digits, 30), RoundingMode.HALF_UP).doubleValue();
        });
    filters.put("sum", (value, given) -> sum(parts(Values.list(value), given.get(0, "attribute"))));
  }

  private void lists() {
    filters.put("list", (value, none) -> Values.list(value));
    filters.put("length", (value, none) -> (long) Values.list(value).size());
    filters.put("count", (value, none) -> (long) Values.list(value).size());
    filters.put("first", (value, none) -> Values.list(value).stream().findFirst().orElse(null));
    filters.put(
        "last",
        (value, none) -> {
          List<Object> list = Values.list(value);
          return list.isEmpty() ? null : list.get(list.size() - 1);
        });
    filters.put("items", (value, none) -> MapMethods.items(Values.map(value)));
    filters.put("dictsort", (value, none) -> MapMethods.items(new TreeMap<>(Values.map(value))));
    filters.put("reverse", (value, none) -> reversed(value));
    filters.put("sort", Filters::sorted);
    filters.put(
        "unique", (value, none) -> new ArrayList<>(new LinkedHashSet<>(Values.list(value))));
    filters.put(
        "max", (value, none) -> Values.list(value).stream().max(Filters::compare).orElse(null));
    filters.put(
        "min", (value, none) -> Values.list(value).stream().min(Filters::compare).orElse(null));
    filters.put("map", this::mapped);
    filters.put(
        "batch",
        (value, given) -> batches(Values.list(value), Values.whole(given.get(0, "linecount"))));
  }

  private void choices() {
    filters.put("default", Filters::orElse);
    filters.put("d", Filters::orElse);
    filters.put("select", (value, given) -> chosen(value, it -> it, given, 0, true));
    filters.put("reject", (value, given) -> chosen(value, it -> it, given, 0, false));
    filters.put(
        "selectattr",
        (value, given) -> chosen(value, of(given.text(0, "attribute")), given, 1, true));
    filters.put(
        "rejectattr",
        (value, given) -> chosen(value, of(given.text(0, "attribute")), given, 1, false));
  }

  private void dbt() {
    filters.put(
        "as_bool",
        (value, none) -> Values.isTrue(value) && !Values.text(value).equalsIgnoreCase("false"));
    filters.put(
        "as_number",
        (value, none) ->
            decimal(value).stripTrailingZeros().scale() <= 0
                ? (Object) decimal(value).longValue()
                : decimal(value).doubleValue());
    filters.put("as_text", (value, none) -> Values.text(value));
    filters.put("as_native", (value, none) -> value);
  }

  private static Object orElse(Object value, Arguments given) {
    boolean empties = Values.isTrue(given.get(1, "boolean"));
    boolean missing = empties ? !Values.isTrue(value) : value == null;
    return missing ? (given.has(0, "default_value") ? given.get(0, "default_value") : "") : value;
  }

  private static Object indented(Object value, Arguments given) {
    long width = given.has(0, "width") ? Values.whole(given.get(0, "width")) : 4;
    String text = Values.text(value);
    Values.checkLength(width);
    String spaces = " ".repeat((int) Math.max(0, width));
    boolean first = Values.isTrue(given.get(1, "first"));
    return (first ? spaces : "") + TextMethods.replaced(text, "\n", "\n" + spaces);
  }

  private static String formatted(String text, List<Object> values) {
    StringBuilder made = new StringBuilder();
    Matcher directive = DIRECTIVE.matcher(text);
    int at = 0;
    int next = 0;
    while (directive.find()) {
      made.append(text, at, directive.start());
      at = directive.end();
      if (directive.group(4).equals("%")) {
        made.append('%');
        continue;
      }
      if (next >= values.size()) {
        throw new Problem("format has no value for '" + directive.group() + "'", "give it");
      }
      made.append(formatted(directive, values.get(next++)));
      Values.checkLength(made.length());
    }
    return made.append(text, at, text.length()).toString();
  }

  private static String formatted(Matcher directive, Object value) {
    String text =
        switch (directive.group(4)) {
          case "d", "i" -> String.valueOf(Values.whole(value));
          case "f" ->
              decimal(value)
                  .setScale(
                      directive.group(3) == null
                          ? 6
                          : Integer.parseInt(directive.group(3).substring(1)),
                      RoundingMode.HALF_EVEN)
                  .toPlainString();
          default -> Values.text(value);
        };
    int width = directive.group(2).isEmpty() ? 0 : Integer.parseInt(directive.group(2));
    String fill = directive.group(1).isEmpty() ? " " : "0";
    return fill.repeat(Math.max(0, width - text.length())) + text;
  }

  private static String json(Object value) {
    if (value instanceof Collection<?> || value instanceof Map<?, ?>) {
      Values.text(value);
    }
    try {
      return Values.limited(JSON.writeValueAsString(plain(value)));
    } catch (JsonProcessingException e) {
      throw new Problem("the value cannot be written as JSON", "use lists, maps and texts");
    }
  }

  private static Object plain(Object value) {
    if (value instanceof Collection<?> items) {
      List<Object> plain = new ArrayList<>();
      items.forEach(item -> plain.add(plain(item)));
      return plain;
    } else if (value instanceof Map<?, ?> map) {
      Map<String, Object> plain = new LinkedHashMap<>();
      map.forEach((key, item) -> plain.put(Values.text(key), plain(item)));
      return plain;
    }
    return value == null || value instanceof Number || value instanceof Boolean
        ? value
        : Values.text(value);
  }

  private static Object ofJson(String text) {
    try {
      return Values.held(JSON.readValue(text, Object.class));
    } catch (JsonProcessingException e) {
      throw new Problem("the text is no JSON", "correct it");
    }
  }

  private static Object whole(Object value, Arguments given) {
    try {
      return decimal(value).longValue();
    } catch (Problem problem) {
      return given.has(0, "default") ? given.get(0, "default") : 0L;
    }
  }

  private static BigDecimal decimal(Object value) {
    String text = value instanceof Boolean it ? (it ? "1" : "0") : Values.text(value).strip();
    if (text.length() > 40 || !text.matches("[+-]?[0-9]*\\.?[0-9]+([eE][+-]?[0-9]{1,2})?")) {
      throw new Problem("'" + text + "' is no number", "use one such as 1 or 2.5");
    }
    return new BigDecimal(text);
  }

  private static Object sum(List<Object> values) {
    boolean whole = values.stream().allMatch(it -> it instanceof Long || it instanceof Integer);
    BigDecimal sum = BigDecimal.ZERO;
    for (Object value : values) {
      sum = sum.add(decimal(value));
    }
    return whole ? (Object) sum.longValue() : (Object) sum.doubleValue();
  }

  private static Object reversed(Object value) {
    if (value instanceof String text) {
      return new StringBuilder(text).reverse().toString();
    }
    List<Object> list = Values.list(value);
    Collections.reverse(list);
    return list;
  }

  private static Object sorted(Object value, Arguments given) {
    Comparator<Object> order = Filters::compare;
    if (given.get(2, "attribute") != null) {
      UnaryOperator<Object> part = of(given.text(2, "attribute"));
      order = (a, b) -> compare(part.apply(a), part.apply(b));
    }
    List<Object> list = Values.list(value);
    list.sort(Values.isTrue(given.get(0, "reverse")) ? order.reversed() : order);
    return list;
  }

  private static int compare(Object a, Object b) {
    return a instanceof Number && b instanceof Number
        ? decimal(a).compareTo(decimal(b))
        : Values.text(a).compareTo(Values.text(b));
  }

  private Object mapped(Object value, Arguments given) {
    List<Object> made = new ArrayList<>();
    if (given.byName().containsKey("attribute")) {
      return parts(Values.list(value), given.byName().get("attribute"));
    }
    String name = given.text(0, "filter");
    Made filter = filters.get(name);
    if (filter == null) {
      throw new Problem("filter '" + name + "' is not known", "there are " + filters.keySet());
    }
    List<Object> rest = given.inOrder().subList(1, given.inOrder().size());
    for (Object item : Values.list(value)) {
      made.add(filter.of(item, new Arguments(rest, given.byName())));
    }
    return made;
  }

  private static List<Object> batches(List<Object> list, long size) {
    List<Object> batches = new ArrayList<>();
    int step = (int) Math.max(1, size);
    for (int at = 0; at < list.size(); at += step) {
      batches.add(new ArrayList<>(list.subList(at, Math.min(list.size(), at + step))));
    }
    return batches;
  }

  private static List<Object> parts(List<Object> items, Object attribute) {
    if (attribute == null) {
      return items;
    }
    UnaryOperator<Object> part = of(Values.text(attribute));
    List<Object> parts = new ArrayList<>();
    items.forEach(item -> parts.add(part.apply(item)));
    return parts;
  }

  private static UnaryOperator<Object> of(String attribute) {
    return item ->
        JinjavaInterpreter.getCurrent().resolveProperty(item, List.of(attribute.split("\\.", -1)));
  }

  private static List<Object> chosen(
      Object value, UnaryOperator<Object> part, Arguments given, int place, boolean wanted) {
    Predicate<Object> test = Values::isTrue;
    if (given.has(place, "test")) {
      String name = given.text(place, "test");
      JinjavaInterpreter interpreter = JinjavaInterpreter.getCurrent();
      ExpTest known = interpreter.getContext().getExpTest(name);
      if (known == null) {
        throw new Problem("test '" + name + "' is not known", "correct its name");
      }
      Object[] more = given.inOrder().subList(place + 1, given.inOrder().size()).toArray();
      test = item -> known.evaluate(item, interpreter, more);
    }
    List<Object> chosen = new ArrayList<>();
    for (Object item : Values.list(value)) {
      if (test.test(part.apply(item)) == wanted) {
        chosen.add(item);
      }
    }
    return chosen;
  }
}
