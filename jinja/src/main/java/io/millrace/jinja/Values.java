package io.millrace.jinja;

import com.hubspot.jinjava.el.ext.AbstractCallableMethod;
import com.hubspot.jinjava.objects.Namespace;
import com.hubspot.jinjava.util.ForLoop;
import io.millrace.project.Templates.Function;
import io.millrace.project.Templates.Problem;
import io.millrace.project.Templates.Thing;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The values of templates: which there are, and how Python writes them. */
final class Values {

  private Values() {}

  /** Whether a template may hold a value. Everything else of Java is out of its reach. */
  static boolean isPlain(Object value) {
    return value == null
        || value instanceof String
        || value instanceof Number
        || value instanceof Boolean
        || value instanceof Collection
        || value instanceof Map
        || value instanceof Thing
        || value instanceof AbstractCallableMethod
        || value instanceof Native.Spread
        || value instanceof ForLoop;
  }

  /** A value as templates hold it: collections can be added to, functions can be called. */
  static Object held(Object value) {
    if (value instanceof Namespace) {
      return value;
    }
    if (value instanceof Collection<?> items) {
      List<Object> held = new ArrayList<>();
      items.forEach(item -> held.add(held(item)));
      return held;
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> held = new LinkedHashMap<>();
      map.forEach((key, item) -> held.put(String.valueOf(key), held(item)));
      return held;
    }
    if (value instanceof Function function && !(value instanceof Thing)) {
      return new Native("function", function);
    }
    if (value instanceof Integer number) {
      return number.longValue();
    }
    if (!isPlain(value)) {
      throw new IllegalArgumentException("no value of a template: " + value.getClass());
    }
    return value;
  }

  /** A value as Python prints it. */
  static String text(Object value) {
    return text(value, false);
  }

  private static String text(Object value, boolean quoted) {
    if (value == null) {
      return "None";
    } else if (value instanceof Boolean truth) {
      return truth ? "True" : "False";
    } else if (value instanceof Double number) {
      return number(number);
    } else if (value instanceof BigDecimal number) {
      return number.toPlainString();
    } else if (value instanceof Collection<?> items) {
      return joined(items.stream().map(item -> text(item, true)).toList(), "[", "]");
    } else if (value instanceof Map<?, ?> map) {
      List<String> entries = new ArrayList<>();
      map.forEach((key, item) -> entries.add(text(key, true) + ": " + text(item, true)));
      return joined(entries, "{", "}");
    } else if (quoted && value instanceof String text) {
      return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    } else if (isPlain(value)) {
      return limited(value.toString());
    }
    throw outOfReach();
  }

  private static String joined(List<String> texts, String before, String after) {
    long length = 0;
    for (String text : texts) {
      length += text.length() + 2;
    }
    checkLength(length);
    return before + String.join(", ", texts) + after;
  }

  private static String number(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e16
        ? BigDecimal.valueOf(number).setScale(1).toPlainString()
        : Double.toString(number);
  }

  static List<Object> list(Object value) {
    if (value == null) {
      return new ArrayList<>();
    } else if (value instanceof Collection<?> items) {
      return new ArrayList<>(items);
    } else if (value instanceof Map<?, ?> map) {
      return new ArrayList<>(map.keySet());
    } else if (value instanceof String text) {
      List<Object> characters = new ArrayList<>();
      text.codePoints().forEach(it -> characters.add(Character.toString(it)));
      return characters;
    }
    throw new Problem("'" + text(value) + "' is no list", "use a list, a map or a text");
  }

  static Map<String, Object> map(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> entries = new LinkedHashMap<>();
      map.forEach((key, item) -> entries.put(text(key), item));
      return entries;
    }
    throw new Problem("'" + text(value) + "' is no map", "write {'key': value}");
  }

  static long whole(Object value) {
    if (value instanceof Number number) {
      return number.longValue();
    }
    try {
      return Long.parseLong(text(value).strip());
    } catch (NumberFormatException e) {
      throw new Problem("'" + text(value) + "' is no whole number", "use one such as 1");
    }
  }

  static boolean isTrue(Object value) {
    if (value instanceof Boolean truth) {
      return truth;
    } else if (value instanceof Number number) {
      return number.doubleValue() != 0;
    } else if (value instanceof String text) {
      return !text.isEmpty();
    } else if (value instanceof Collection<?> items) {
      return !items.isEmpty();
    } else if (value instanceof Map<?, ?> map) {
      return !map.isEmpty();
    }
    return value != null;
  }

  static String limited(String text) {
    checkLength(text.length());
    return text;
  }

  static void checkLength(long characters) {
    if (characters > Limits.MAX_CHARACTERS) {
      throw new Problem(
          "a text grows longer than " + Limits.MAX_CHARACTERS + " characters",
          "make less of it in the template");
    }
  }

  static Problem outOfReach() {
    return new Problem(
        "an expression reaches for something that is no value of a template",
        "use texts, numbers, lists, maps and dbt's functions");
  }
}
