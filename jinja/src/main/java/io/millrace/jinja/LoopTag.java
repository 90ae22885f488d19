package io.millrace.jinja;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.ElseTag;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TagNode;
import com.hubspot.jinjava.util.ForLoop;
import io.millrace.project.Templates.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code for a, b in list if condition}, with {@code else} for a list without items. */
final class LoopTag implements Tag {

  @Override
  public String getName() {
    return "for";
  }

  /** The words of the tag. */
  private record Head(List<String> names, String list, Optional<String> condition) {}

  @Override
  public String interpret(TagNode tag, JinjavaInterpreter interpreter) {
    Rendering rendering = Rendering.current();
    if (rendering.isOver()) {
      return "";
    }
    try {
      return interpret(tag, head(tag.getHelpers()), interpreter, rendering);
    } catch (Problem problem) {
      rendering.refuse(tag.getLineNumber(), problem);
      return "";
    }
  }

  private static Head head(String text) {
    int in = Code.indexOfWord(text, "in");
    if (in < 0) {
      throw new Problem("'for' has no 'in': for " + text.strip(), "write for name in list");
    }
    List<String> names =
        Code.split(text.substring(0, in).replaceAll("[()]", ""), ',').stream()
            .map(String::strip)
            .toList();
    String rest = text.substring(in + 2).strip();
    int condition = Code.indexOfWord(rest, "if");
    if (Code.indexOfWord(rest, "recursive") >= 0) {
      throw new Problem("a recursive loop is not read", "use a macro that calls itself");
    }
    return condition < 0
        ? new Head(names, rest, Optional.empty())
        : new Head(names, rest.substring(0, condition), Optional.of(rest.substring(condition + 2)));
  }

  private static String interpret(
      TagNode tag, Head head, JinjavaInterpreter interpreter, Rendering rendering) {
    int line = tag.getLineNumber();
    List<Object> all = Values.list(interpreter.resolveELExpression(head.list(), line));
    rendering.note(interpreter);
    List<Object> items = new ArrayList<>();
    for (Object item : all) {
      rendering.step();
      if (rendering.isOver()) {
        return "";
      }
      if (head.condition().isEmpty() || holds(head, item, line, interpreter)) {
        items.add(item);
      }
    }
    List<Node> body = new ArrayList<>(tag.getChildren());
    int other = 0;
    while (other < body.size() && !isElse(body.get(other))) {
      other++;
    }
    if (items.isEmpty()) {
      return other < body.size()
          ? Body.render(body.subList(other + 1, body.size()), interpreter)
          : "";
    }
    return passes(items, head, body.subList(0, other), interpreter, rendering);
  }

  private static boolean isElse(Node node) {
    return node instanceof TagNode tag && tag.getName().equals(ElseTag.TAG_NAME);
  }

  private static boolean holds(Head head, Object item, int line, JinjavaInterpreter interpreter) {
    interpreter.enterScope();
    try {
      bind(head.names(), item, interpreter);
      return Values.isTrue(interpreter.resolveELExpression(head.condition().orElseThrow(), line));
    } finally {
      interpreter.leaveScope();
    }
  }

  private static String passes(
      List<Object> items,
      Head head,
      List<Node> body,
      JinjavaInterpreter interpreter,
      Rendering rendering) {
    StringBuilder text = new StringBuilder();
    ForLoop loop = new ForLoop(items.iterator(), items.size());
    while (loop.hasNext() && !rendering.isOver()) {
      rendering.step();
      interpreter.enterScope();
      try {
        interpreter.getContext().put("loop", loop);
        bind(head.names(), loop.next(), interpreter);
        text.append(Body.render(body, interpreter));
        Values.checkLength(text.length());
      } finally {
        interpreter.leaveScope();
      }
    }
    return text.toString();
  }

  private static void bind(List<String> names, Object item, JinjavaInterpreter interpreter) {
    if (names.size() == 1) {
      interpreter.getContext().put(names.get(0), item);
      return;
    }
    List<Object> parts = Values.list(item);
    if (parts.size() != names.size()) {
      throw new Problem(
          "the loop names %d parts, but %s has %d"
              .formatted(names.size(), Values.text(item), parts.size()),
          "of a map, use .items()");
    }
    for (int i = 0; i < parts.size(); i++) {
      interpreter.getContext().put(names.get(i), parts.get(i));
    }
  }
}
