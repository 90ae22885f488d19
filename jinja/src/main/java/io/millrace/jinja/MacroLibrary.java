package io.millrace.jinja;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.interpret.AutoCloseableSupplier.AutoCloseableImpl;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.Context.Library;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TagNode;
import io.millrace.project.Templates.Function;
import io.millrace.project.Templates.MacroFile;
import io.millrace.project.Templates.Macros;
import io.millrace.project.Templates.Problem;
import io.millrace.project.Templates.Rendered;
import io.millrace.project.Templates.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** The macros of a project, and what renders its templates with them. */
final class MacroLibrary implements Macros {

  private final Jinjava jinjava;
  private final Map<Library, Set<String>> closed;
  private final Context functions;
  private final Map<String, Macro> macros = new LinkedHashMap<>();
  private final Map<String, Map<String, Object>> owners = new LinkedHashMap<>();
  private final List<Rendered.Refused> flaws = new ArrayList<>();

  MacroLibrary(
      Jinjava jinjava, Context functions, Map<Library, Set<String>> closed, List<MacroFile> files) {
    this.jinjava = jinjava;
    this.functions = functions;
    this.closed = closed;
    files.forEach(this::read);
  }

  private void read(MacroFile file) {
    Source source = file.source();
    Rendered rendered =
        with(
            source,
            Map.of(),
            (nodes, interpreter) -> {
              for (Node node : nodes) {
                if (node instanceof TagNode tag && tag.getTag() instanceof DefinitionTag) {
                  define(file, tag);
                }
              }
              return "";
            });
    if (rendered instanceof Rendered.Refused refused) {
      flaws.add(refused);
    }
  }

  private void define(MacroFile file, TagNode tag) {
    if (tag.getName().equals(DefinitionTag.MATERIALIZATION)) {
      return;
    }
    try {
      Macro macro = DefinitionTag.macro(tag, file.source().file(), file.source().line());
      macros.putIfAbsent(macro.getName(), macro);
      macros.put(file.owner() + "." + macro.getName(), macro);
      owners
          .computeIfAbsent(file.owner(), owner -> new LinkedHashMap<>())
          .put(macro.getName(), macro);
    } catch (Problem problem) {
      Rendering.current().refuse(tag.getLineNumber(), problem);
    }
  }

  @Override
  public List<Rendered.Refused> flaws() {
    return List.copyOf(flaws);
  }

  @Override
  public Optional<Object> find(String name) {
    return Optional.ofNullable(macros.get(name));
  }

  @Override
  public Set<String> names() {
    return Set.copyOf(macros.keySet());
  }

  @Override
  public Rendered render(Source source, Map<String, Object> names) {
    return with(source, names, Body::render);
  }

  private Rendered with(
      Source source,
      Map<String, Object> names,
      BiFunction<List<Node>, JinjavaInterpreter, String> work) {
    JinjavaInterpreter made =
        new JinjavaInterpreter(jinjava, context(names), jinjava.getGlobalConfig());
    try (AutoCloseableImpl<JinjavaInterpreter> pushed =
            JinjavaInterpreter.closeablePushCurrent(made).get();
        Rendering rendering = new Rendering(source.file(), source.line())) {
      JinjavaInterpreter interpreter = pushed.value();
      try {
        Node root = interpreter.parse(Code.withCalls(source.text()));
        rendering.note(interpreter);
        String text = rendering.isOver() ? "" : work.apply(root.getChildren(), interpreter);
        rendering.note(interpreter);
        return rendering.end(text);
      } catch (StackOverflowError e) {
        rendering.refuse(
            interpreter.getLineNumber(),
            new Problem("an expression is nested too deeply", "take it apart with set"));
      } catch (RuntimeException e) {
        rendering.refuse(interpreter.getLineNumber(), Complaint.of(e));
      }
      return rendering.end("");
    }
  }

  private Context context(Map<String, Object> names) {
    Context context = new Context(functions, Map.of(), closed);
    owners.forEach(context::put);
    macros.values().forEach(context::addGlobalMacro);
    names.forEach(
        (name, value) -> {
          if (value instanceof Function function) {
            context.addGlobalMacro(new Native(name, function));
          }
          context.put(name, Values.held(value));
        });
    return context;
  }
}
