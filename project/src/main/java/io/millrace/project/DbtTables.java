package io.millrace.project;

import io.millrace.core.NearMatch;
import io.millrace.core.TableName;
import io.millrace.project.DbtNames.Relation;
import io.millrace.project.Templates.Arguments;
import io.millrace.project.Templates.Function;
import io.millrace.project.Templates.Problem;
import io.millrace.project.yaml.Yaml;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What {@code ref} and {@code source} mean. */
class DbtTables {

  private final Map<String, DbtNode> nodes;
  private final Set<String> streams;
  private final Map<String, Yaml> sources = new LinkedHashMap<>();

  /** Without the sources. */
  DbtTables(Iterable<DbtNode> nodes, Set<String> streams) {
    this.nodes = new TreeMap<>();
    nodes.forEach(node -> this.nodes.put(node.name, node));
    this.streams = streams;
  }

  /** Takes what a properties file says of a source. */
  void addSource(Yaml source) {
    YamlValues.text(source, "name")
        .ifPresent(
            name ->
                YamlValues.items(YamlValues.find(source, "tables"))
                    .forEach(
                        table ->
                            YamlValues.text(table, "name")
                                .ifPresent(it -> sources.put(name + "." + it, table))));
  }

  /** For templates that are asked what they say of themselves, whatever they read. */
  static DbtTables ofAny(Iterable<DbtNode> nodes) {
    return new DbtTables(nodes, Set.of()) {
      @Override
      Object source(Arguments given) {
        return new Relation(new TableName("bronze", "any"));
      }
    };
  }

  Optional<DbtNode> node(String name) {
    return Optional.ofNullable(nodes.get(name));
  }

  Map<String, Object> names() {
    return Map.of("ref", (Function) this::ref, "source", (Function) this::source);
  }

  private Object ref(Arguments given) {
    String name = given.inOrder().size() > 1 ? given.text(1, "name") : given.text(0, "name");
    DbtNode node = nodes.get(name);
    if (node == null) {
      throw new Problem(
          "ref('" + name + "') names no model, seed or snapshot",
          NearMatch.remedy(nodes.keySet(), name));
    }
    return new Relation(node.table());
  }

  Object source(Arguments given) {
    String source = given.text(0, "source_name");
    String table = given.text(1, "table_name");
    if (!sources.containsKey(source + "." + table)) {
      if (ProjectFiles.LAYERS.contains(source) || ProjectFiles.RESERVED_LAYERS.contains(source)) {
        return new Relation(new TableName(source, table));
      }
      throw new Problem(
          "source('%s', '%s') is not declared".formatted(source, table),
          NearMatch.remedy(sources.keySet(), source + "." + table));
    }
    return new Relation(
        sourced(source, table)
            .orElseThrow(
                () ->
                    new Problem(
                        "source('%s', '%s') is no stream, seed or model".formatted(source, table),
                        "write a contract streams/%s.yaml, or a seed %s.csv"
                            .formatted(table, table))));
  }

  /** The table of a source: of a stream, a seed or a model of its name. */
  Optional<TableName> sourced(String source, String table) {
    String identifier =
        Optional.ofNullable(sources.get(source + "." + table))
            .flatMap(it -> YamlValues.text(it, "identifier"))
            .orElse(table);
    if (streams.contains(identifier)) {
      return Optional.of(TableName.bronze(identifier));
    }
    return List.of(identifier, table).stream()
        .filter(nodes::containsKey)
        .findFirst()
        .map(name -> nodes.get(name).table());
  }

  Set<String> nodeNames() {
    return new TreeSet<>(nodes.keySet());
  }
}
