package io.millrace.jinja;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.TagNode;
import io.millrace.project.Templates.Problem;

/** {@code call(a, b) macro(x)}: the block becomes what the macro knows as {@code caller}. */
final class CallBlockTag implements Tag {

  @Override
  public String getName() {
    return "call";
  }

  @Override
  public String interpret(TagNode tag, JinjavaInterpreter interpreter) {
    Rendering rendering = Rendering.current();
    String written = tag.getHelpers().strip();
    int end = written.startsWith("(") ? written.indexOf(')') + 1 : 0;
    Signature caller =
        Signature.parse("caller(" + (end > 1 ? written.substring(1, end - 1) : "") + ")")
            .orElseThrow(
                () ->
                    new Problem("'call' cannot be read: " + written, "write call(a, b) macro(x)"));
    interpreter.enterScope();
    try {
      interpreter
          .getContext()
          .addGlobalMacro(
              new Macro(
                  caller,
                  rendering.file(),
                  rendering.firstLine(),
                  tag.getLineNumber(),
                  tag.getChildren()));
      Object value =
          interpreter.resolveELExpression(written.substring(end).strip(), tag.getLineNumber());
      rendering.note(interpreter);
      return rendering.isOver() ? "" : Values.text(value);
    } finally {
      interpreter.leaveScope();
    }
  }
}
