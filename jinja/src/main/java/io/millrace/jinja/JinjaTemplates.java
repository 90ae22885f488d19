package io.millrace.jinja;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.Context.Library;
import com.hubspot.jinjava.lib.Importable;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import com.hubspot.jinjava.lib.tag.DoTag;
import com.hubspot.jinjava.lib.tag.ElseIfTag;
import com.hubspot.jinjava.lib.tag.ElseTag;
import com.hubspot.jinjava.lib.tag.IfTag;
import com.hubspot.jinjava.lib.tag.RawTag;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.loader.ResourceNotFoundException;
import com.hubspot.jinjava.objects.Namespace;
import io.millrace.project.Templates;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Jinja by Jinjava. Of what Jinjava offers to templates, only the tags that are listed here and its
 * tests of values are left; filters, functions and methods are ours.
 */
public final class JinjaTemplates implements Templates {

  private static final List<String> TAGS =
      List.of(
          DoTag.TAG_NAME, IfTag.TAG_NAME, ElseTag.TAG_NAME, ElseIfTag.TAG_NAME, RawTag.TAG_NAME);

  private final Jinjava jinjava = new Jinjava(config());
  private final Context functions = new Context(jinjava.getGlobalContext());
  private final Map<Library, Set<String>> closed = new EnumMap<>(Library.class);

  private final Map<String, String> environment;

  /**
   * Makes a renderer, for one thread at a time.
   *
   * @param environment variables that templates may ask for if they are dbt's
   */
  public JinjaTemplates(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
    jinjava.setResourceLocator(
        (name, encoding, interpreter) -> {
          throw new ResourceNotFoundException("a template reads no files");
        });
    functions.setExpressionStrategy(new Output());
    List<Filter> filters = Filters.all();
    List<Tag> tags =
        List.of(
            new LoopTag(),
            new CallBlockTag(),
            new AssignmentTag(),
            new DefinitionTag("macro"),
            new DefinitionTag(DefinitionTag.TEST),
            new DefinitionTag(DefinitionTag.MATERIALIZATION));
    closed.put(
        Library.FILTER,
        others(jinjava.getGlobalContext().getAllFilters(), names(filters.stream())));
    Set<String> kept = names(tags.stream());
    kept.addAll(TAGS);
    Set<String> ends = kept.stream().map(name -> "end" + name).collect(Collectors.toSet());
    kept.addAll(ends);
    closed.put(Library.TAG, others(jinjava.getGlobalContext().getAllTags(), kept));
    filters.forEach(functions::registerFilter);
    tags.forEach(functions::registerTag);
    defineFunctions();
  }

  private static Set<String> names(Stream<? extends Importable> things) {
    return things.map(Importable::getName).collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> others(Collection<? extends Importable> all, Set<String> kept) {
    Set<String> others = names(all.stream());
    others.removeAll(kept);
    return others;
  }

  private void defineFunctions() {
    for (ELFunctionDefinition function : jinjava.getGlobalContext().getAllFunctions()) {
      String name = function.getLocalName();
      Function unknown =
          none -> {
            throw new Problem(
                "function '" + name + "' is not known", "use one of dbt's, or a macro");
          };
      functions.addGlobalMacro(new Native(name, unknown));
      functions.addGlobalMacro(new Native(function.getName(), unknown));
    }
    functions.addGlobalMacro(new Native("range", JinjaTemplates::range));
    functions.addGlobalMacro(
        new Native("namespace", given -> new Namespace(new LinkedHashMap<>(given.byName()))));
    functions.addGlobalMacro(
        new Native(
            Code.LIST, given -> new Native.Spread(Values.list(given.get(0, "list")), Map.of())));
    functions.addGlobalMacro(
        new Native(
            Code.MAP, given -> new Native.Spread(List.of(), Values.map(given.get(0, "map")))));
    functions.addGlobalMacro(
        new Native(
            "return",
            given -> {
              Rendering.current().giveBack(given.get(0, "data"));
              return "";
            }));
  }

  private static Object range(Arguments given) {
    long first = given.inOrder().size() > 1 ? Values.whole(given.get(0, "start")) : 0;
    long end = Values.whole(given.get(given.inOrder().size() > 1 ? 1 : 0, "stop"));
    long step = given.inOrder().size() > 2 ? Values.whole(given.get(2, "step")) : 1;
    if (step == 0 || Math.abs(((double) end - first) / step) > Limits.MAX_ITEMS) {
      throw new Problem(
          "range has more than " + Limits.MAX_ITEMS + " numbers", "make less of them");
    }
    List<Object> numbers = new ArrayList<>();
    for (long number = first; step > 0 ? number < end : number > end; number += step) {
      numbers.add(number);
    }
    return numbers;
  }

  private static JinjavaConfig config() {
    return JinjavaConfig.newBuilder()
        .withElResolver(new Reach())
        .withNestedInterpretationEnabled(false)
        .withEnableRecursiveMacroCalls(true)
        .withMaxMacroRecursionDepth(Limits.MAX_DEPTH)
        .withMaxOutputSize(Limits.MAX_CHARACTERS)
        .withMaxStringLength(Limits.MAX_CHARACTERS)
        .withMaxListSize(Limits.MAX_ITEMS)
        .withMaxMapSize(Limits.MAX_ITEMS)
        .withLegacyOverrides(
            LegacyOverrides.newBuilder()
                .withEvaluateMapKeys(true)
                .withIterateOverMapKeys(true)
                .withUseNaturalOperatorPrecedence(true)
                .withParseWhitespaceControlStrictly(true)
                .withAllowAdjacentTextNodes(true)
                .withKeepNullableLoopValues(true)
                .withHandleBackslashInQuotesOnly(true)
                .build())
        .withKeepTrailingNewline(true)
        .build();
  }

  @Override
  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name));
  }

  @Override
  public Macros macros(List<MacroFile> files) {
    return new MacroLibrary(jinjava, functions, closed, files);
  }
}
