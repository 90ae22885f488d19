package io.millrace.jinja;

import io.millrace.project.Templates.Arguments;
import io.millrace.project.Templates.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Python's methods of lists. */
final class ListMethods {

  private static final List<String> METHODS =
      List.of(
          "append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove",
          "reverse");

  private ListMethods() {}

  @SuppressWarnings("unchecked")
  static Object call(List<?> written, String method, Arguments given) {
    List<Object> list = (List<Object>) written;
    switch (method) {
      case "append" -> list.add(given.get(0, "object"));
      case "extend" -> list.addAll(Values.list(given.get(0, "iterable")));
      case "insert" ->
          list.add(
              (int) Math.max(0, Math.min(list.size(), Values.whole(given.get(0, "index")))),
              given.get(1, "object"));
      case "clear" -> list.clear();
      case "reverse" -> Collections.reverse(list);
      case "remove" -> {
        if (!list.remove(given.get(0, "value"))) {
          throw new Problem("the list has no such value", "look with 'in' first");
        }
      }
      case "pop" -> {
        return popped(list, given);
      }
      case "copy" -> {
        return new ArrayList<>(list);
      }
      case "count" -> {
        return (long) Collections.frequency(list, given.get(0, "value"));
      }
      case "index" -> {
        return (long) list.indexOf(given.get(0, "value"));
      }
      default -> throw Reach.unknown(method, Values.text(list), METHODS);
    }
    if (list.size() > Limits.MAX_ITEMS) {
      throw new Problem(
          "a list grows longer than " + Limits.MAX_ITEMS + " items", "make less of it");
    }
    return null;
  }

  private static Object popped(List<Object> list, Arguments given) {
    long place = given.has(0, "index") ? Values.whole(given.get(0, "index")) : -1;
    int at = (int) (place < 0 ? place + list.size() : place);
    if (at < 0 || at >= list.size()) {
      throw new Problem("there is nothing to pop", "look at its length first");
    }
    return list.remove(at);
  }
}
