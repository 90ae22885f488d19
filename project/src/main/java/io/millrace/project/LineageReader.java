package io.millrace.project;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import io.millrace.project.ColumnTracer.Output;
import io.millrace.project.ColumnTracer.Source;
import io.millrace.project.ColumnTracer.Traced;
import io.millrace.project.Lineage.Edge;
import io.millrace.project.Lineage.Place;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Finds the columns of every table of a project, and traces those of models. */
final class LineageReader {

  private final Project project;
  private final ColumnTracer tracer;
  private final SortedMap<TableName, List<String>> columns = new TreeMap<>();
  private final Map<ColumnRef, Place> places = new HashMap<>();
  private final Set<Edge> edges = new LinkedHashSet<>();
  private final SortedMap<TableName, List<String>> notes = new TreeMap<>();
  private final Map<TableName, String> clauses = new HashMap<>();
  private final Map<ColumnRef, String> recipes = new HashMap<>();

  LineageReader(Project project, ColumnTracer tracer) {
    this.project = project;
    this.tracer = tracer;
  }

  Lineage read() {
    columns.putAll(tracer.ownTables());
    project.streams().values().forEach(this::addStream);
    for (Model model : project.modelsInOrder()) {
      places.put(ColumnRef.rows(model.name()), new Place(model.file(), 0));
      if (model.isSeed()) {
        addSeed(model);
      } else {
        trace(model);
      }
      recipes.put(
          ColumnRef.rows(model.name()),
          Fingerprint.of(project, model, it -> clauses.get(it.name())));
    }
    return new Lineage(columns, places, edges, notes, recipes);
  }

  private void addStream(StreamContract contract) {
    Path file = Path.of("streams", contract.name() + ".yaml");
    ContractLines lines = ContractLines.of(project.directory().resolve(file));
    contract
        .tables()
        .forEach(
            (table, names) -> {
              columns.put(table, names);
              places.put(ColumnRef.rows(table), new Place(file, 0));
              for (String name : names) {
                places.put(new ColumnRef(table, name), new Place(file, lines.field(name)));
              }
            });
  }

  private void addSeed(Model seed) {
    char delimiter = ((Materialization.Seed) seed.materialization()).delimiter();
    List<String> names = new ArrayList<>();
    for (String name : header(seed.file()).split(Pattern.quote(String.valueOf(delimiter)), -1)) {
      String bare = name.strip().replaceAll("^\"|\"$", "").toLowerCase(Locale.ROOT);
      names.add(bare);
      places.put(new ColumnRef(seed.name(), bare), new Place(seed.file(), 1));
    }
    columns.put(seed.name(), List.copyOf(names));
  }

  private String header(Path file) {
    try (BufferedReader reader = Files.newBufferedReader(project.directory().resolve(file))) {
      return Optional.ofNullable(reader.readLine()).orElse("").replace("\uFEFF", "");
    } catch (IOException e) {
      throw MillraceException.world("Cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private void trace(Model model) {
    Traced traced = tracer.trace(model.select(), columns);
    long lines = model.sql().lines().count();
    columns.put(model.name(), traced.columns().stream().map(Output::name).toList());
    for (Output output : traced.columns()) {
      ColumnRef to = new ColumnRef(model.name(), output.name());
      places.put(to, new Place(model.file(), output.line() > lines ? 0 : output.line()));
      output.sources().forEach(source -> edges.add(Lineage.edge(source, to)));
      recipes.put(to, recipe(output));
    }
    ColumnRef rows = ColumnRef.rows(model.name());
    traced.rows().forEach(source -> edges.add(Lineage.edge(source, rows)));
    notes.put(model.name(), traced.notes());
    clauses.put(model.name(), traced.recipe());
  }

  /** What a view computes is computed again by whoever reads it. */
  private String recipe(Output output) {
    String recipe = output.recipe();
    for (Source source : output.sources()) {
      Model read = project.models().get(source.column().table());
      if (read != null && !read.isTable()) {
        recipe = Fingerprint.of(recipe, recipes.getOrDefault(source.column(), ""));
      }
    }
    return recipe;
  }
}
