package io.millrace.jinja;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.tree.Node;
import java.util.List;

/** What stands inside a block. */
final class Body {

  private Body() {}

  static String render(List<Node> nodes, JinjavaInterpreter interpreter) {
    Rendering rendering = Rendering.current();
    StringBuilder text = new StringBuilder();
    for (Node node : nodes) {
      if (rendering.isOver()) {
        break;
      }
      text.append(node.render(interpreter).getValue());
      Values.checkLength(text.length());
      rendering.note(interpreter);
    }
    return text.toString();
  }
}
