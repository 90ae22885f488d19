package io.millrace.jinja;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.expression.ExpressionStrategy;
import com.hubspot.jinjava.tree.output.RenderedOutputNode;
import com.hubspot.jinjava.tree.parse.ExpressionToken;
import io.millrace.project.Templates.Problem;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How {@code {{ expression }}} becomes text. */
final class Output implements ExpressionStrategy {

  /** The name that an expression begins with, if something of it is wanted, or it alone. */
  private static final Pattern ROOT = Pattern.compile("^([A-Za-z_][A-Za-z0-9_]*)\\s*($|[.\\[])");

  private static final Set<String> NONE = Set.of("none", "None");

  @Override
  public RenderedOutputNode interpretOutput(ExpressionToken token, JinjavaInterpreter interpreter) {
    Rendering rendering = Rendering.current();
    if (rendering.isOver()) {
      return new RenderedOutputNode("");
    }
    String expression = token.getExpr().strip();
    Object value = interpreter.resolveELExpression(expression, token.getLineNumber());
    rendering.note(interpreter);
    if (rendering.isOver()) {
      return new RenderedOutputNode("");
    }
    try {
      if (value == null) {
        requireKnown(expression, interpreter);
      }
      boolean nothing = value == null && isWithoutElse(expression);
      return new RenderedOutputNode(nothing ? "" : Values.text(value));
    } catch (Problem problem) {
      rendering.refuse(token.getLineNumber(), problem);
      return new RenderedOutputNode("");
    }
  }

  /** {@code a if b} is nothing if b does not hold, and not None. */
  private static boolean isWithoutElse(String expression) {
    return Code.indexOfWord(expression, "if") >= 0 && Code.indexOfWord(expression, "else") < 0;
  }

  /** A name that is not known prints nothing in Jinja, which makes other SQL than was meant. */
  private static void requireKnown(String expression, JinjavaInterpreter interpreter) {
    Matcher root = ROOT.matcher(expression);
    if (root.find()
        && !NONE.contains(root.group(1))
        && !interpreter.getContext().containsKey(root.group(1))) {
      throw new Problem(
          "'" + root.group(1) + "' is not known",
          root.group(2).isEmpty()
              ? "set it, or take it out"
              : "if it is a package, put it into dbt_packages/, as dbt deps does");
    }
  }
}
