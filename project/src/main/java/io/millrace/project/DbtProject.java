package io.millrace.project;

import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.Yaml;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code dbt_project.yml} says.
 *
 * @param document as it is written
 */
record DbtProject(String name, Yaml document) {

  static final Path FILE = Path.of("dbt_project.yml");

  /** The kinds of things that dbt builds, with its words for where they are and how. */
  enum Kind {
    MODEL("model", "models", "models", "source-paths"),
    SEED("seed", "seeds", "seeds", "data-paths"),
    SNAPSHOT("snapshot", "snapshots", "snapshots", "snapshot-paths");

    private final String paths;
    private final String pathsBefore;
    final String section;
    private final String folder;

    Kind(String word, String section, String folder, String pathsBefore) {
      this.paths = word + "-paths";
      this.section = section;
      this.folder = folder;
      this.pathsBefore = pathsBefore;
    }
  }

  static Optional<DbtProject> read(ProjectFiles files) {
    Flaws flaws = files.flaws(FILE);
    return files
        .yaml(FILE)
        .flatMap(
            document -> {
              Optional<String> name = YamlValues.text(document, "name").filter(it -> !it.isBlank());
              if (name.isEmpty()) {
                flaws.add(0, "the project has no name", "write name: my_shop");
              }
              return name.map(it -> new DbtProject(it, document));
            });
  }

  List<Path> folders(Kind kind) {
    return paths(kind.folder, kind.paths, kind.pathsBefore);
  }

  List<Path> tests() {
    return paths("tests", "test-paths");
  }

  List<Path> macros() {
    return paths("macros", "macro-paths");
  }

  private List<Path> paths(String standard, String... keys) {
    Optional<Yaml> written = YamlValues.find(document, keys);
    return written.isEmpty()
        ? List.of(Path.of(standard))
        : YamlValues.items(written).stream()
            .filter(Yaml.Scalar.class::isInstance)
            .map(item -> Path.of(((Yaml.Scalar) item).text()).normalize())
            .filter(path -> !path.isAbsolute() && !path.startsWith(".."))
            .toList();
  }

  /** The variables, those of the project before those of all. */
  Map<String, Object> variables() {
    Map<String, Object> variables = new LinkedHashMap<>();
    Optional<Yaml> written = YamlValues.find(document, "vars");
    written.ifPresent(
        all -> {
          YamlValues.entries(all)
              .forEach(entry -> variables.put(entry.key(), YamlValues.of(entry.value())));
          YamlValues.find(all, name)
              .ifPresent(
                  own ->
                      YamlValues.entries(own)
                          .forEach(it -> variables.put(it.key(), YamlValues.of(it.value()))));
        });
    return variables;
  }

  /**
   * What is configured for the folders that something is in, the innermost last.
   *
   * @param path the folders below that of its kind, and its name
   */
  List<Yaml.Entry> config(String section, List<String> path) {
    Map<String, Yaml.Entry> found = new LinkedHashMap<>();
    Optional<Yaml> level = YamlValues.find(document, section);
    level.ifPresent(it -> collect(it, found));
    level = level.flatMap(it -> YamlValues.find(it, name));
    level.ifPresent(it -> collect(it, found));
    for (String folder : path) {
      level = level.flatMap(it -> YamlValues.find(it, folder));
      level.ifPresent(it -> collect(it, found));
    }
    return List.copyOf(found.values());
  }

  /** A key with a plus is config; one without is config if it cannot be a folder. */
  private static void collect(Yaml level, Map<String, Yaml.Entry> found) {
    for (Yaml.Entry entry : YamlValues.entries(level)) {
      boolean marked = entry.key().startsWith("+");
      boolean folder = entry.value() instanceof Yaml.Mapping;
      if (!entry.value().isNull() && (marked || !folder)) {
        String key = marked ? entry.key().substring(1) : entry.key();
        found.put(key, new Yaml.Entry(key, entry.line(), entry.value()));
      }
    }
  }
}
