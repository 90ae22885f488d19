package io.millrace.project;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which models are meant, in dbt's selection syntax: terms apart by a space are added up, terms
 * apart by a comma must all hold. A term is a name or {@code method:value}, with {@code +} for what
 * is before or after it in the graph and {@code @} for all that building what is after it takes.
 */
public final class Selection {

  /** All models, seeds among them. */
  public static final Selection ALL = new Selection(List.of(), List.of());

  private static final int MAX_LENGTH = 10_000;

  /** Each a union of intersections. */
  private final List<List<SelectionTerm>> selected;

  private final List<List<SelectionTerm>> excluded;

  private Selection(List<List<SelectionTerm>> selected, List<List<SelectionTerm>> excluded) {
    this.selected = selected;
    this.excluded = excluded;
  }

  /** Reads {@code gold.daily_sales+ tag:nightly,path:models/gold}. */
  public static Selection parse(String text) {
    return new Selection(terms(text), List.of());
  }

  /** The same, without what another text selects. */
  public Selection excluding(String text) {
    return new Selection(selected, terms(text));
  }

  private static List<List<SelectionTerm>> terms(String text) {
    if (text.length() > MAX_LENGTH) {
      throw SelectionTerm.refused(
          text.substring(0, 40) + "...", "use at most " + MAX_LENGTH + " characters");
    }
    List<List<SelectionTerm>> union = new ArrayList<>();
    for (String all : text.strip().split("\\s+", -1)) {
      union.add(
          Arrays.stream(all.split(",", -1)).map(term -> SelectionTerm.parse(text, term)).toList());
    }
    return union;
  }

  /** The models that are meant, views and seeds among them; at least one unless it is ALL. */
  public SortedSet<TableName> among(Project project) {
    SelectionGraph graph = new SelectionGraph(project);
    SortedSet<TableName> chosen =
        selected.isEmpty() ? new TreeSet<>(project.models().keySet()) : any(selected, graph);
    if (chosen.isEmpty() && !selected.isEmpty()) {
      throw SelectionTerm.refused(
          toString(),
          selected.stream().anyMatch(all -> all.size() > 1)
              ? "no model is in all of the parts; a space in place of a comma adds them up"
              : "it names no model; add '+' for the models after it");
    }
    if (chosen.removeAll(any(excluded, graph)) && chosen.isEmpty()) {
      throw MillraceException.caller(
          "Cannot select models: all that are selected are excluded; exclude less");
    }
    return Collections.unmodifiableSortedSet(chosen);
  }

  private static SortedSet<TableName> any(List<List<SelectionTerm>> union, SelectionGraph graph) {
    SortedSet<TableName> any = new TreeSet<>();
    for (List<SelectionTerm> all : union) {
      SortedSet<TableName> common = graph.select(all.get(0));
      all.stream().skip(1).forEach(term -> common.retainAll(graph.select(term)));
      any.addAll(common);
    }
    any.retainAll(graph.project().models().keySet());
    return any;
  }

  @Override
  public String toString() {
    return selected.stream()
        .map(all -> all.stream().map(SelectionTerm::text).collect(Collectors.joining(",")))
        .collect(Collectors.joining(" "));
  }
}
