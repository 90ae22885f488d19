package io.millrace.project;

import io.millrace.core.NearMatch;
import io.millrace.core.TableName;
import io.millrace.project.DbtProject.Kind;
import io.millrace.project.Templates.Function;
import io.millrace.project.Templates.Macros;
import io.millrace.project.Templates.Problem;
import io.millrace.project.Templates.Rendered;
import io.millrace.project.Templates.Source;
import io.millrace.project.yaml.Shape;
import io.millrace.project.yaml.Yaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads a project written for dbt into what it would be without dbt: SQL without Jinja, properties
 * files without dbt's words, each thing that is built with its table. What reads the files of other
 * projects goes on from there.
 *
 * <p>A template is rendered several times: to learn what it says of itself, because that decides
 * the names of tables; then with these names; and if it is incremental, once more as it is to be
 * when its table is there.
 */
final class DbtReader {

  private static final Shape SNAPSHOT =
      new Shape(ConfigShape.TAGS, ConfigShape.OWNER, ConfigShape.META, ConfigShape.EVENT_TIME);

  private final ProjectFiles files;
  private final DbtProject project;
  private final DbtFiles found;
  private final Macros macros;
  private final Map<String, Object> everywhere;
  private final List<DbtNode> enabled = new ArrayList<>();
  private final Map<Path, Yaml> documents = new LinkedHashMap<>();
  private final DbtTables tables;

  private DbtReader(
      ProjectFiles files, DbtProject project, DbtFiles found, Templates templates, Macros macros) {
    this.files = files;
    this.project = project;
    this.found = found;
    this.macros = macros;
    this.everywhere = DbtNames.everywhere(project.variables(), templates, macros);
    for (String wanted : found.packages()) {
      if (macros.names().stream().noneMatch(name -> name.startsWith(wanted + "."))) {
        everywhere.put(wanted, DbtNames.missing(wanted));
      }
    }
    everywhere.put("doc", (Function) given -> doc(given.text(given.inOrder().size() - 1, "name")));
    configure();
    this.tables = new DbtTables(enabled, files.streams().keySet());
  }

  /** Reads the project, and puts what it finds where other projects have it. */
  static Optional<DbtReader> read(Path directory, ProjectFiles files, Templates templates) {
    return DbtProject.read(files)
        .map(
            project -> {
              DbtFiles found = new DbtFiles(directory, files, project);
              found.find();
              List<Templates.MacroFile> all = new ArrayList<>(found.macros());
              all.add(DbtMacros.builtIn());
              Macros macros = templates.macros(all);
              DbtReader reader = new DbtReader(files, project, found, templates, macros);
              macros.flaws().forEach(reader::refuse);
              reader.read();
              return reader;
            });
  }

  String name() {
    return project.name();
  }

  private Object doc(String name) {
    return found
        .doc(name)
        .orElseThrow(
            () ->
                new Problem(
                    "doc('" + name + "') is not known", NearMatch.remedy(found.docNames(), name)));
  }

  /** Finds what all places say of each thing, but for the templates themselves. */
  private void configure() {
    for (Path file : found.properties()) {
      files.yaml(file).filter(it -> !it.isNull()).ifPresent(it -> documents.put(file, it));
    }
    addSnapshotsOfYaml();
    for (DbtNode node : found.nodes()) {
      String section = node.kind.section;
      node.config.add(
          rendered(project.config(section, node.path), DbtProject.FILE),
          shape(node.kind),
          files.flaws(DbtProject.FILE));
      entry(node)
          .ifPresent(
              said ->
                  node.config.add(
                      rendered(DbtProperties.config(said.value()), said.file()),
                      shape(node.kind),
                      files.flaws(said.file())));
      if (node.kind != Kind.SEED) {
        node.config.add(said(node), shape(node.kind), files.flaws(node.file()));
      }
      if (!node.config.isFalse("enabled")) {
        enabled.add(node);
      }
    }
  }

  private static Shape shape(Kind kind) {
    return switch (kind) {
      case MODEL -> ConfigShape.MODEL;
      case SEED -> ConfigShape.SEED;
      case SNAPSHOT -> SNAPSHOT;
    };
  }

  /** A snapshot may stand in a properties file alone, with the relation that it is of. */
  private void addSnapshotsOfYaml() {
    documents.forEach(
        (file, document) -> {
          for (Yaml item : YamlValues.items(YamlValues.find(document, Kind.SNAPSHOT.section))) {
            Optional<String> relation = YamlValues.text(item, "relation");
            Optional<String> name = YamlValues.text(item, "name");
            if (relation.isPresent() && name.isPresent()) {
              String text = "select * from {{ " + unwrapped(relation.get()) + " }}";
              found
                  .nodes()
                  .add(
                      new DbtNode(
                          Kind.SNAPSHOT,
                          name.get(),
                          new Source(file, item.line(), text),
                          List.of(name.get())));
            }
          }
        });
  }

  /** An expression without the braces around it. */
  static String unwrapped(String text) {
    return text.strip().replaceFirst("^\\{\\{", "").replaceFirst("\\}\\}$", "").strip();
  }

  /** What a properties file says of something. */
  record Said(Path file, Yaml value) {}

  /** Older projects describe seeds and snapshots under {@code models}. */
  private Optional<Said> entry(DbtNode node) {
    for (Map.Entry<Path, Yaml> document : documents.entrySet()) {
      for (Kind kind : Kind.values()) {
        for (Yaml item : YamlValues.items(YamlValues.find(document.getValue(), kind.section))) {
          if (YamlValues.text(item, "name").equals(Optional.of(node.name))) {
            return Optional.of(new Said(document.getKey(), item));
          }
        }
      }
    }
    return Optional.empty();
  }

  /** What a template says of itself; what it reads is not known yet. */
  private List<Yaml.Entry> said(DbtNode node) {
    Map<String, Object> said = new LinkedHashMap<>();
    DbtTables provisional = DbtTables.ofAny(found.nodes());
    macros.render(node.source, DbtNames.of(node, everywhere, provisional, said, false));
    return YamlValues.entries(YamlValues.on(node.configLine(), said));
  }

  private List<Yaml.Entry> rendered(List<Yaml.Entry> entries, Path file) {
    List<Yaml.Entry> rendered = new ArrayList<>();
    for (Yaml.Entry entry : entries) {
      rendered.add(
          new Yaml.Entry(entry.key(), entry.line(), rendered(entry.value(), file, everywhere)));
    }
    return rendered;
  }

  /** YAML whose texts have no Jinja any more. */
  Yaml rendered(Yaml node, Path file, Map<String, Object> names) {
    if (node instanceof Yaml.Mapping mapping) {
      return new Yaml.Mapping(
          mapping.line(),
          mapping.entries().stream()
              .map(it -> new Yaml.Entry(it.key(), it.line(), rendered(it.value(), file, names)))
              .toList());
    } else if (node instanceof Yaml.Sequence sequence) {
      return new Yaml.Sequence(
          sequence.line(), sequence.items().stream().map(it -> rendered(it, file, names)).toList());
    }
    Yaml.Scalar scalar = (Yaml.Scalar) node;
    if (!scalar.text().contains("{{") && !scalar.text().contains("{%")) {
      return scalar;
    }
    return new Yaml.Scalar(
        scalar.line(),
        render(new Source(file, scalar.line(), scalar.text()), names).orElse(""),
        false);
  }

  Optional<String> render(Source source, Map<String, Object> names) {
    Rendered rendered = macros.render(source, names);
    if (rendered instanceof Rendered.Refused refused) {
      refuse(refused);
      return Optional.empty();
    }
    return Optional.of(((Rendered.Text) rendered).text());
  }

  private void refuse(Rendered.Refused refused) {
    files.flaws(refused.file()).add(refused.line(), refused.what(), refused.remedy());
  }

  private void read() {
    documents.forEach(
        (file, document) ->
            YamlValues.items(YamlValues.find(document, "sources")).forEach(tables::addSource));
    Map<TableName, DbtNode> places = new LinkedHashMap<>();
    for (DbtNode node : List.copyOf(enabled)) {
      DbtNode other = places.putIfAbsent(node.table(), node);
      if (other != null) {
        files.report(
            node.file(),
            "its table '%s' is made by %s too".formatted(node.table(), other.file()),
            "give one of them an alias, or schema silver or gold");
        enabled.remove(node);
        continue;
      }
      read(node);
    }
    DbtProperties properties = new DbtProperties(this, files, tables, names());
    documents.forEach(properties::read);
    enabled.stream().filter(node -> entry(node).isEmpty()).forEach(properties::addUndescribed);
    properties.end();
    new TreeSet<>(found.tests().keySet()).forEach(name -> readTest(name, found.tests().get(name)));
  }

  Map<String, Object> names() {
    Map<String, Object> names = new LinkedHashMap<>(everywhere);
    names.putAll(tables.names());
    return names;
  }

  private void read(DbtNode node) {
    switch (node.kind) {
      case SEED -> files.seeds().put(node.table(), node.file());
      case MODEL -> readModel(node);
      case SNAPSHOT -> readSnapshot(node);
    }
  }

  private void readModel(DbtNode node) {
    files.models().put(node.table(), node.file());
    Optional<String> sql = render(node, false);
    sql.ifPresent(text -> files.rendered().putSql(node.table().toString(), text));
    boolean byInterval =
        node.config.text(ConfigShape.STRATEGY.name()).equals(Optional.of("microbatch"));
    if (sql.isPresent()
        && node.config.text(ConfigShape.MATERIALIZED.name()).equals(Optional.of("incremental"))
        && !byInterval) {
      List<String> key = node.config.texts(ConfigShape.UNIQUE_KEY.name());
      render(node, true)
          .ifPresent(
              again ->
                  files
                      .rendered()
                      .putAgain(
                          node.table(), new Materialization.Again(again, key, how(node, key))));
    }
  }

  private static Materialization.How how(DbtNode node, List<String> key) {
    String strategy =
        node.config
            .text(ConfigShape.STRATEGY.name())
            .orElse(key.isEmpty() ? "append" : "delete+insert");
    return strategy.equals("append") ? Materialization.How.ADD : Materialization.How.REPLACE;
  }

  private Optional<String> render(DbtNode node, boolean again) {
    return render(node.source, DbtNames.of(node, everywhere, tables, new LinkedHashMap<>(), again));
  }

  private void readSnapshot(DbtNode node) {
    files.models().put(node.table(), node.file());
    render(node, false)
        .ifPresent(
            sql -> {
              DbtSnapshot snapshot = new DbtSnapshot(node, sql);
              snapshot
                  .check(files.flaws(node.file()))
                  .ifPresent(
                      names -> {
                        render(DbtMacros.snapshot(node.file(), false), names)
                            .ifPresent(
                                first -> files.rendered().putSql(node.table().toString(), first));
                        render(DbtMacros.snapshot(node.file(), true), names)
                            .ifPresent(
                                again ->
                                    files
                                        .rendered()
                                        .putAgain(
                                            node.table(),
                                            new Materialization.Again(
                                                again, List.of(), Materialization.How.KEEP)));
                      });
            });
  }

  private void readTest(String name, Path file) {
    Map<String, Object> said = new LinkedHashMap<>();
    DbtNode node =
        new DbtNode(
            Kind.MODEL, name, new Source(file, 1, files.text(file).orElse("")), List.of(name));
    render(node.source, DbtNames.of(node, everywhere, tables, said, false))
        .ifPresent(
            sql -> {
              DbtConfig config = new DbtConfig();
              config.add(
                  rendered(project.config("data_tests", List.of(name)), DbtProject.FILE),
                  SNAPSHOT,
                  files.flaws(DbtProject.FILE));
              config.add(
                  YamlValues.entries(YamlValues.on(node.configLine(), said)),
                  SNAPSHOT,
                  files.flaws(file));
              if (!config.isFalse("enabled")) {
                String severity = config.text("severity").orElse("error").toLowerCase(Locale.ROOT);
                files.tests().put(name, file);
                files
                    .rendered()
                    .putSql(
                        name,
                        severity.equals("error") ? sql : "-- severity: " + severity + "\n" + sql);
              }
            });
  }

  /** Whether a macro makes a test of this name: {@code positive}, {@code my_package.positive}. */
  boolean hasTest(String kind) {
    int dot = kind.indexOf('.');
    return macros.find(kind.substring(0, dot + 1) + "test_" + kind.substring(dot + 1)).isPresent();
  }

  Set<String> testNames() {
    Set<String> names = new TreeSet<>();
    for (String name : macros.names()) {
      if (name.startsWith("test_")) {
        names.add(name.substring("test_".length()));
      }
    }
    return names;
  }

  boolean isDisabled(String name) {
    return found.nodes().stream()
        .anyMatch(node -> node.name.equals(name) && !enabled.contains(node));
  }
}
