package io.millrace.project;

import io.millrace.core.NearMatch;
import io.millrace.core.TableName;
import io.millrace.project.SqlReader.Reference;
import io.millrace.project.SqlReader.Sql;
import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.TextFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads the models of a project, and checks what they read if there is an engine to ask. */
final class ModelsReader {

  static final List<String> LAYERS = List.of("silver", "gold");
  static final List<String> RESERVED_LAYERS = List.of("bronze", "quarantine", "ops");

  private static final List<TableName> OPERATIONS =
      List.of(new TableName("ops", "acknowledged"), new TableName("ops", "commits"));

  private final Path directory;
  private final Map<TableName, Path> files;
  private final Collection<Problem> problems;
  private final Set<String> tables = new TreeSet<>();
  private final SortedMap<TableName, Model> models = new TreeMap<>();

  ModelsReader(
      Path directory,
      Set<String> streams,
      Map<TableName, Path> files,
      Collection<Problem> problems) {
    this.directory = directory;
    this.files = files;
    this.problems = problems;
    for (String stream : streams) {
      List.of(
              TableName.bronze(stream),
              TableName.rejected(stream),
              TableName.repeated(stream),
              TableName.late(stream))
          .forEach(table -> tables.add(table.toString()));
    }
    files.keySet().forEach(model -> tables.add(model.toString()));
    OPERATIONS.forEach(table -> tables.add(table.toString()));
  }

  SortedMap<TableName, Model> read(Optional<SqlReader> sql) {
    files.forEach(
        (name, file) -> {
          Flaws flaws = new Flaws();
          TextFile.read(directory.resolve(file), flaws)
              .flatMap(text -> model(name, file, text, sql, flaws))
              .ifPresent(model -> models.put(name, model));
          flaws.found().stream().map(flaw -> Problem.of(file, flaw)).forEach(problems::add);
        });
    findCycles();
    return models;
  }

  private Optional<Model> model(
      TableName name, Path file, String text, Optional<SqlReader> sql, Flaws flaws) {
    if (text.lines().allMatch(line -> line.isBlank() || line.strip().startsWith("--"))) {
      flaws.add(0, "the file has no SQL", "write one SELECT");
      return Optional.empty();
    }
    Set<TableName> reads = sql.map(reader -> reads(reader.read(text), flaws)).orElse(Set.of());
    return Optional.of(Model.view(name, file, text, description(text), reads));
  }

  private static String description(String text) {
    return text.lines()
        .dropWhile(String::isBlank)
        .map(String::strip)
        .takeWhile(line -> line.startsWith("--"))
        .map(line -> line.substring(2).strip())
        .collect(Collectors.joining("\n"))
        .strip();
  }

  private Set<TableName> reads(Sql sql, Flaws flaws) {
    Set<TableName> reads = new TreeSet<>();
    if (sql instanceof Sql.Refused refused) {
      flaws.add(refused.line(), refused.what(), refused.remedy());
    } else if (sql instanceof Sql.Select select) {
      for (Reference reference : select.references()) {
        String table = reference.table().toLowerCase(Locale.ROOT);
        if (tables.contains(table)) {
          reads.add(TableName.parse(table));
        } else {
          flaws.add(
              reference.line(), "table '" + reference.table() + "' is not known", remedy(table));
        }
      }
    }
    return reads;
  }

  private String remedy(String table) {
    return tables.stream()
        .filter(known -> known.endsWith("." + table))
        .findFirst()
        .map(known -> "write it with its layer: " + known)
        .orElseGet(() -> NearMatch.remedy(tables, table));
  }

  private void findCycles() {
    Set<TableName> done = new TreeSet<>();
    models.keySet().forEach(model -> follow(model, new ArrayList<>(), done));
  }

  private void follow(TableName name, List<TableName> path, Set<TableName> done) {
    int start = path.indexOf(name);
    if (start >= 0) {
      List<TableName> cycle = new ArrayList<>(path.subList(start, path.size()));
      cycle.add(name);
      problems.add(
          new Problem(
              files.get(name),
              0,
              "models read each other in a circle: "
                  + cycle.stream().map(TableName::toString).collect(Collectors.joining(" -> ")),
              "take one of these references out"));
    } else if (models.containsKey(name) && !done.contains(name)) {
      path.add(name);
      models.get(name).reads().forEach(read -> follow(read, path, done));
      path.remove(path.size() - 1);
      done.add(name);
    }
  }
}
