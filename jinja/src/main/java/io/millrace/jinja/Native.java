package io.millrace.jinja;

import com.hubspot.jinjava.el.ext.NamedParameter;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.lib.fn.MacroFunction;
import io.millrace.project.Templates.Arguments;
import io.millrace.project.Templates.Function;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A function that is not written in Jinja, in the shape in which Jinjava calls functions. */
final class Native extends MacroFunction {

  private final Function function;

  Native(String name, Function function) {
    super(List.of(), name, new LinkedHashMap<>(), false, new Context(), 0, 0);
    this.function = function;
  }

  @Override
  public Object evaluate(Object... arguments) {
    Rendering.current().step();
    return Values.held(function.call(arguments(arguments)));
  }

  @Override
  public String toString() {
    return "function " + getName();
  }

  /** Arguments of a call that stand in a list or a map. */
  record Spread(List<Object> list, Map<String, Object> map) {}

  static Arguments arguments(Object... written) {
    List<Object> inOrder = new ArrayList<>();
    Map<String, Object> byName = new LinkedHashMap<>();
    for (Object argument : written) {
      if (argument instanceof Spread spread) {
        inOrder.addAll(spread.list());
        byName.putAll(spread.map());
      } else if (argument instanceof NamedParameter named) {
        byName.put(named.getName(), checked(named.getValue()));
      } else {
        inOrder.add(checked(argument));
      }
    }
    return new Arguments(inOrder, byName);
  }

  private static Object checked(Object value) {
    if (!Values.isPlain(value)) {
      throw Values.outOfReach();
    }
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
