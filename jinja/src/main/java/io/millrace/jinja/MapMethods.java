package io.millrace.jinja;

import io.millrace.project.Templates.Arguments;
import io.millrace.project.Templates.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Python's methods of maps. */
final class MapMethods {

  private static final List<String> METHODS =
      List.of("copy", "get", "items", "keys", "pop", "setdefault", "update", "values");

  private MapMethods() {}

  @SuppressWarnings("unchecked")
  static Object call(Map<?, ?> written, String method, Arguments given) {
    Map<String, Object> map = (Map<String, Object>) written;
    return switch (method) {
      case "items" -> items(map);
      case "keys" -> new ArrayList<Object>(map.keySet());
      case "values" -> new ArrayList<>(map.values());
      case "get" -> {
        Object value = map.get(given.text(0, "key"));
        yield value == null ? given.get(1, "default") : value;
      }
      case "pop" -> {
        String key = given.text(0, "key");
        yield map.containsKey(key) ? map.remove(key) : given.get(1, "default");
      }
      case "setdefault" -> {
        map.putIfAbsent(given.text(0, "key"), given.get(1, "default"));
        yield map.get(given.text(0, "key"));
      }
      case "copy" -> new LinkedHashMap<>(map);
      case "update" -> {
        if (given.has(0, "other")) {
          map.putAll(Values.map(given.get(0, "other")));
        }
        map.putAll(given.byName());
        if (map.size() > Limits.MAX_ITEMS) {
          throw new Problem(
              "a map grows larger than " + Limits.MAX_ITEMS + " entries", "make less of it");
        }
        yield null;
      }
      default -> throw Reach.unknown(method, Values.text(map), METHODS);
    };
  }

  static List<Object> items(Map<?, ?> map) {
    List<Object> items = new ArrayList<>();
    map.forEach((key, value) -> items.add(pair(key, value)));
    return items;
  }

  private static List<Object> pair(Object key, Object value) {
    List<Object> pair = new ArrayList<>();
    pair.add(key);
    pair.add(value);
    return pair;
  }
}
