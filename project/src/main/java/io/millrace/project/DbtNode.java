package io.millrace.project;

import io.millrace.core.TableName;
import io.millrace.project.DbtProject.Kind;
import io.millrace.project.Templates.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Something that dbt builds: a model, a seed or a snapshot. */
final class DbtNode {

  /** The folders whose models dbt's own guide has others read. */
  private static final Set<String> INNER_FOLDERS =
      Set.of("staging", "stg", "intermediate", "int", "base", "raw", "silver");

  final Kind kind;
  final String name;
  final Source source;

  /** The folders below that of its kind, and its name. */
  final List<String> path;

  final DbtConfig config = new DbtConfig();

  DbtNode(Kind kind, String name, Source source, List<String> path) {
    this.kind = kind;
    this.name = name;
    this.source = source;
    this.path = List.copyOf(path);
  }

  Path file() {
    return source.file();
  }

  /**
   * Its table: the alias if it has one, in the layer that its schema or its folder says. Other
   * schemas than the two layers' say nothing: names are unique in a dbt project.
   */
  TableName table() {
    return new TableName(
        layer(), config.text("alias").orElse(name).strip().toLowerCase(Locale.ROOT));
  }

  private String layer() {
    String schema =
        config
            .text("schema")
            .or(() -> config.text("target_schema"))
            .orElse("")
            .toLowerCase(Locale.ROOT);
    if (ProjectFiles.LAYERS.contains(schema)) {
      return schema;
    }
    boolean inner =
        kind != Kind.MODEL
            || path.subList(0, path.size() - 1).stream()
                .anyMatch(folder -> INNER_FOLDERS.contains(folder.toLowerCase(Locale.ROOT)));
    return inner ? ProjectFiles.LAYERS.get(0) : ProjectFiles.LAYERS.get(1);
  }

  /** The line that says how it is built, as far as a template tells. */
  int configLine() {
    List<String> lines = source.text().lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains("config(") || lines.get(i).contains("config (")) {
        return source.line() + i;
      }
    }
    return source.line();
  }
}
