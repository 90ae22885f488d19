package io.millrace.jinja;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.TagNode;
import io.millrace.project.Templates.Problem;
import java.nio.file.Path;

/** {@code macro}, and what dbt has beside it: {@code test}, which is a macro of another name. */
final class DefinitionTag implements Tag {

  /** dbt's word for a way to build, which is not called but named. */
  static final String MATERIALIZATION = "materialization";

  static final String TEST = "test";

  private final String name;

  DefinitionTag(String name) {
    this.name = name;
  }

  @Override
  public String getName() {
    return name;
  }

  /** In a template, defines it from here on. */
  @Override
  public String interpret(TagNode tag, JinjavaInterpreter interpreter) {
    Rendering rendering = Rendering.current();
    try {
      interpreter.getContext().addGlobalMacro(macro(tag, rendering.file(), rendering.firstLine()));
    } catch (Problem problem) {
      rendering.refuse(tag.getLineNumber(), problem);
    }
    return "";
  }

  /** The macro that a tag defines. */
  static Macro macro(TagNode tag, Path file, int firstLine) {
    Signature written =
        Signature.parse(tag.getHelpers())
            .filter(it -> !it.name().isEmpty())
            .orElseThrow(
                () ->
                    new Problem(
                        "%s has no name and arguments: %s"
                            .formatted(tag.getName(), tag.getHelpers().strip()),
                        "write name(first, second='x')"));
    String name = tag.getName().equals(TEST) ? "test_" + written.name() : written.name();
    return new Macro(
        new Signature(name, written.parameters()),
        file,
        firstLine,
        tag.getLineNumber(),
        tag.getChildren());
  }
}
