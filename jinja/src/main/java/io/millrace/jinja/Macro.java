package io.millrace.jinja;

import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.fn.MacroFunction;
import com.hubspot.jinjava.tree.Node;
import io.millrace.project.Templates.Arguments;
import io.millrace.project.Templates.Problem;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A macro of a file, which knows the file, and which may return a value in place of its text. */
final class Macro extends MacroFunction {

  private final Signature signature;
  private final Path file;
  private final int firstLine;
  private final int line;
  private final List<Node> nodes;

  Macro(Signature signature, Path file, int firstLine, int line, List<Node> nodes) {
    super(nodes, signature.name(), new LinkedHashMap<>(), false, new Context(), line, 0);
    this.signature = signature;
    this.file = file;
    this.firstLine = firstLine;
    this.line = line;
    this.nodes = nodes;
  }

  @Override
  public Object evaluate(Object... written) {
    JinjavaInterpreter interpreter = JinjavaInterpreter.getCurrent();
    Rendering rendering = Rendering.current();
    if (rendering.isOver()) {
      return "";
    }
    rendering.step();
    Arguments arguments = Native.arguments(written);
    check(arguments);
    int before = interpreter.getLineNumber();
    rendering.enter(file, firstLine);
    String text = "";
    interpreter.enterScope();
    try {
      bind(arguments, interpreter);
      text = Body.render(nodes, interpreter);
      rendering.note(interpreter);
    } finally {
      interpreter.leaveScope();
      interpreter.setLineNumber(before);
    }
    return rendering.leave(text);
  }

  /** What is wrong here is wrong where the macro is called. */
  private void check(Arguments arguments) {
    int places = signature.parameters().size();
    if (arguments.inOrder().size() > places && !mentions("varargs")) {
      throw new Problem(
          "macro '%s' takes %d arguments, but was given %d"
              .formatted(getName(), places, arguments.inOrder().size()),
          "take some out");
    }
    for (String name : arguments.byName().keySet()) {
      if (!signature.parameters().containsKey(name) && !mentions("kwargs")) {
        throw new Problem(
            "macro '%s' has no argument '%s'".formatted(getName(), name),
            "it has " + String.join(", ", signature.names()));
      }
    }
  }

  private void bind(Arguments arguments, JinjavaInterpreter interpreter) {
    Context context = interpreter.getContext();
    Map<String, Object> others = new LinkedHashMap<>(arguments.byName());
    int place = 0;
    for (Map.Entry<String, Optional<String>> parameter : signature.parameters().entrySet()) {
      String name = parameter.getKey();
      if (arguments.has(place, name)) {
        context.put(name, arguments.get(place, name));
      } else {
        context.put(
            name,
            parameter
                .getValue()
                .map(standard -> interpreter.resolveELExpression(standard, line))
                .orElse(null));
      }
      others.remove(name);
      place++;
    }
    List<Object> more =
        arguments
            .inOrder()
            .subList(Math.min(place, arguments.inOrder().size()), arguments.inOrder().size());
    context.put("varargs", Values.held(more));
    context.put("kwargs", Values.held(others));
  }

  private boolean mentions(String name) {
    return nodes.stream().anyMatch(node -> node.reconstructImage().contains(name));
  }

  @Override
  public String toString() {
    return "macro " + getName();
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
