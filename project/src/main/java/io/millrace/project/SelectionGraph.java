package io.millrace.project;

import io.millrace.core.NearMatch;
import io.millrace.core.TableName;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/** The tables of a project and who reads them, for a {@link Selection}. */
record SelectionGraph(Project project) {

  private interface Step {
    Collection<TableName> from(TableName table);
  }

  /** What a term means, at least one table. Tables of streams may be among them. */
  SortedSet<TableName> select(SelectionTerm term) {
    SortedSet<TableName> found = named(term);
    SortedSet<TableName> after = spread(found, term.down(), this::after);
    SortedSet<TableName> selected =
        spread(
            term.withAllItTakes() ? after : found,
            term.withAllItTakes() ? SelectionTerm.EVERYTHING : term.up(),
            this::before);
    selected.addAll(after);
    return selected;
  }

  private Collection<TableName> before(TableName table) {
    return project.models().containsKey(table) ? project.model(table).reads() : List.of();
  }

  private Collection<TableName> after(TableName table) {
    return project.models().values().stream()
        .filter(model -> model.reads().contains(table))
        .map(Model::name)
        .toList();
  }

  private static SortedSet<TableName> spread(Collection<TableName> from, int steps, Step step) {
    Collection<TableName> edge = from;
    SortedSet<TableName> reached = new TreeSet<>(from);
    for (int i = 0; i < steps && !edge.isEmpty(); i++) {
      SortedSet<TableName> next = new TreeSet<>();
      edge.forEach(table -> next.addAll(step.from(table)));
      next.removeAll(reached);
      reached.addAll(next);
      edge = next;
    }
    return reached;
  }

  /** What a term means without its signs. */
  private SortedSet<TableName> named(SelectionTerm term) {
    SortedSet<TableName> found = new TreeSet<>();
    for (Model model : project.models().values()) {
      if (isMeant(model, term)) {
        found.add(model.name());
      }
    }
    for (String stream : project.streams().keySet()) {
      for (TableName table : tables(stream)) {
        if (isMeant(table, stream, term)) {
          found.add(table);
        }
      }
    }
    if (found.isEmpty()) {
      throw SelectionTerm.refused(
          term.text(),
          "'%s' matches nothing; %s"
              .formatted(term.value(), NearMatch.remedy(known(term.method()), term.value())));
    }
    return found;
  }

  private static boolean isMeant(Model model, SelectionTerm term) {
    return switch (term.method()) {
      case NAME ->
          isNamed(model.name(), term)
              || model.file().getFileName().toString().equals(term.value())
              || (term.value().contains("/") && isUnder(model.file(), term));
      case TAG -> model.tags().stream().anyMatch(term::matches);
      case PATH -> isUnder(model.file(), term);
      case MATERIALIZED -> term.matches(materialized(model));
      case RESOURCE_TYPE -> term.matches(resourceType(model));
      case SOURCE -> false;
    };
  }

  private static boolean isMeant(TableName table, String stream, SelectionTerm term) {
    return switch (term.method()) {
      case NAME -> term.matches(table.toString());
      case SOURCE -> term.matches(stream) || term.matches("bronze." + stream);
      case TAG, PATH, MATERIALIZED, RESOURCE_TYPE -> false;
    };
  }

  private static boolean isNamed(TableName table, SelectionTerm term) {
    return term.matches(table.toString())
        || term.matches(table.name())
        || table.layer().equals(term.value());
  }

  private static boolean isUnder(Path file, SelectionTerm term) {
    String folder = term.value().replaceFirst("/+$", "");
    return term.matches(file.toString()) || file.toString().startsWith(folder + "/");
  }

  /** The words that a method could have meant. */
  private SortedSet<String> known(SelectionTerm.Method method) {
    SortedSet<String> known = new TreeSet<>();
    if (method == SelectionTerm.Method.SOURCE) {
      known.addAll(project.streams().keySet());
      return known;
    }
    for (Model model : project.models().values()) {
      switch (method) {
        case NAME -> known.addAll(List.of(model.name().toString(), model.name().name()));
        case TAG -> known.addAll(model.tags());
        case PATH -> known.add(model.file().toString());
        case MATERIALIZED -> known.add(materialized(model));
        case RESOURCE_TYPE -> known.add(resourceType(model));
        case SOURCE -> {}
      }
    }
    if (method == SelectionTerm.Method.NAME) {
      project.streams().keySet().forEach(stream -> known.add("bronze." + stream));
    }
    return known;
  }

  private static List<TableName> tables(String stream) {
    return List.of(
        TableName.bronze(stream),
        TableName.late(stream),
        TableName.rejected(stream),
        TableName.repeated(stream));
  }

  private static String resourceType(Model model) {
    if (model.materialization() instanceof Materialization.Again again
        && again.how() == Materialization.How.KEEP) {
      return "snapshot";
    }
    return model.isSeed() ? "seed" : "model";
  }

  /** dbt's word. */
  private static String materialized(Model model) {
    Materialization kind = model.materialization();
    if (kind instanceof Materialization.MaterializedView) {
      return "materialized_view";
    }
    if (kind instanceof Materialization.History history) {
      return history.dimension().kind().name().toLowerCase(Locale.ROOT);
    }
    boolean whole =
        kind instanceof Materialization.View
            || kind instanceof Materialization.Table
            || kind instanceof Materialization.Seed;
    return whole ? kind.getClass().getSimpleName().toLowerCase(Locale.ROOT) : "incremental";
  }
}
