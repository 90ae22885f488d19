package io.millrace.jinja;

import com.hubspot.jinjava.el.ext.AbstractCallableMethod;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.util.ForLoop;
import io.millrace.project.Templates.Arguments;
import io.millrace.project.Templates.Problem;
import io.millrace.project.Templates.Thing;
import java.beans.FeatureDescriptor;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELResolver;

/**
 * What expressions can reach: parts of values, and the methods that are listed in {@link
 * TextMethods}, {@link ListMethods} and {@link MapMethods}. It stands in the place of Jinjava's
 * resolver of Java's properties and methods, so that no Java object is ever asked for anything.
 */
final class Reach extends ELResolver {

  private static final String CALL = "__call__";

  @Override
  public Object getValue(ELContext context, Object base, Object property) {
    if (base == null) {
      return null;
    }
    context.setPropertyResolved(true);
    String name = String.valueOf(property);
    if (base instanceof Map<?, ?> map) {
      return map.get(name);
    } else if (base instanceof List<?> list) {
      return item(list, name);
    } else if (base instanceof String text) {
      return item(Values.list(text), name);
    } else if (base instanceof ForLoop loop) {
      return ofLoop(loop, name);
    } else if (base instanceof Thing thing) {
      return Values.held(thing.get(name));
    } else if (base instanceof AbstractCallableMethod) {
      return name.equals(CALL) ? base : null;
    } else if (base instanceof Filter || base instanceof ExpTest || Values.isPlain(base)) {
      return null;
    }
    throw Values.outOfReach();
  }

  private static Object item(List<?> items, String name) {
    if (!name.matches("-?[0-9]{1,9}")) {
      return null;
    }
    int written = Integer.parseInt(name);
    int place = written < 0 ? written + items.size() : written;
    if (place < 0 || place >= items.size()) {
      throw new Problem(
          "there is no item %s in a list of %d".formatted(name, items.size()), "count from 0");
    }
    return items.get(place);
  }

  private static Object ofLoop(ForLoop loop, String name) {
    return switch (name) {
      case "index" -> (long) loop.getIndex();
      case "index0" -> (long) loop.getIndex0();
      case "first" -> loop.isFirst();
      case "last" -> loop.isLast();
      case "length" -> (long) loop.getLength();
      case "revindex" -> (long) loop.getRevindex();
      case "revindex0" -> (long) loop.getRevindex0();
      default -> null;
    };
  }

  @Override
  public Object invoke(
      ELContext context, Object base, Object method, Class<?>[] types, Object[] parameters) {
    context.setPropertyResolved(true);
    String name = String.valueOf(method);
    if (base instanceof Filter filter) {
      return filter(filter, parameters);
    } else if (base instanceof ExpTest test) {
      return test(test, name, parameters);
    }
    Arguments arguments = Native.arguments(parameters);
    Rendering.current().step();
    if (base instanceof String text) {
      return TextMethods.call(text, name, arguments);
    } else if (base instanceof List<?> list) {
      return ListMethods.call(list, name, arguments);
    } else if (base instanceof Map<?, ?> map) {
      return MapMethods.call(map, name, arguments);
    } else if (Values.isPlain(base)) {
      throw unknown(name, Values.text(base), List.of());
    }
    throw Values.outOfReach();
  }

  @SuppressWarnings("unchecked")
  private static Object filter(Filter filter, Object[] parameters) {
    require(parameters[0]);
    return filter.filter(
        parameters[0],
        (JinjavaInterpreter) parameters[1],
        (Object[]) parameters[2],
        (Map<String, Object>) parameters[3]);
  }

  private static Object test(ExpTest test, String name, Object[] parameters) {
    require(parameters[0]);
    Object[] more = Arrays.copyOfRange(parameters, 2, parameters.length);
    for (Object value : more) {
      require(value);
    }
    JinjavaInterpreter interpreter = (JinjavaInterpreter) parameters[1];
    boolean truth = test.evaluate(parameters[0], interpreter, more);
    return name.equals("evaluateNegated") != truth;
  }

  private static void require(Object value) {
    if (!Values.isPlain(value)) {
      throw Values.outOfReach();
    }
  }

  static Problem unknown(String method, String of, List<String> known) {
    return new Problem(
        "'%s' has no method '%s'".formatted(of.length() > 60 ? of.substring(0, 60) : of, method),
        known.isEmpty() ? "take the call out" : "there are " + String.join(", ", known));
  }

  @Override
  public Class<?> getType(ELContext context, Object base, Object property) {
    return null;
  }

  @Override
  public void setValue(ELContext context, Object base, Object property, Object value) {
    throw new Problem("a part of a value cannot be set", "use a namespace, or update a map");
  }

  @Override
  public boolean isReadOnly(ELContext context, Object base, Object property) {
    return true;
  }

  @Override
  public Iterator<FeatureDescriptor> getFeatureDescriptors(ELContext context, Object base) {
    return Collections.emptyIterator();
  }

  @Override
  public Class<?> getCommonPropertyType(ELContext context, Object base) {
    return Object.class;
  }
}
