package io.millrace.project;

import io.millrace.core.NearMatch;
import io.millrace.core.TableName;
import io.millrace.project.DbtProject.Kind;
import io.millrace.project.yaml.Yaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Writes dbt's properties files as they would be without dbt: names are tables, texts have no
 * Jinja, {@code config} is what all places say together, and tests that macros make are set aside.
 */
final class DbtProperties {

  private static final Set<String> UNREAD =
      Set.of("constraints", "docs", "group", "access", "latest_version", "tags", "loaded_at_field");

  private final DbtReader reader;
  private final ProjectFiles files;
  private final DbtTables tables;
  private final Map<String, Object> names;
  private final List<WrittenTest> tests = new ArrayList<>();
  private final List<Undescribed> undescribed = new ArrayList<>();

  /**
   * A test that a macro makes.
   *
   * @param column empty if it is of the table as a whole
   * @param arguments with those of its config among them
   */
  record WrittenTest(
      TableName table, Optional<String> column, String kind, Yaml arguments, Path file, int line) {}

  private record Undescribed(Path file, String section, Yaml item) {}

  DbtProperties(DbtReader reader, ProjectFiles files, DbtTables tables, Map<String, Object> names) {
    this.reader = reader;
    this.files = files;
    this.tables = tables;
    this.names = names;
  }

  /** What an item says under {@code config}, and what older projects say beside it. */
  static List<Yaml.Entry> config(Yaml item) {
    List<Yaml.Entry> config = new ArrayList<>();
    for (Yaml.Entry entry : YamlValues.entries(item)) {
      if (entry.key().equals("tags") || entry.key().equals("meta")) {
        config.add(entry);
      }
    }
    YamlValues.find(item, "config")
        .ifPresent(
            block ->
                YamlValues.entries(block)
                    .forEach(
                        it ->
                            config.add(
                                new Yaml.Entry(
                                    it.key().replaceFirst("^\\+", ""), it.line(), it.value()))));
    return config;
  }

  void read(Path file, Yaml document) {
    List<Yaml.Entry> sections = new ArrayList<>();
    List<Yaml> models = new ArrayList<>();
    List<Yaml> seeds = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      for (Yaml item : YamlValues.items(YamlValues.find(document, kind.section))) {
        node(item, kind, file)
            .ifPresent(
                node -> (node.kind == Kind.SEED ? seeds : models).add(described(item, node, file)));
      }
    }
    for (Yaml source : YamlValues.items(YamlValues.find(document, "sources"))) {
      readSource(source, file);
    }
    add("models", models, document, sections);
    add("seeds", seeds, document, sections);
    YamlValues.find(document, "unit_tests")
        .ifPresent(
            all ->
                add(
                    "unit_tests",
                    unitTests(YamlValues.items(Optional.of(all)), file),
                    all,
                    sections));
    if (!sections.isEmpty()) {
      files.properties().add(file);
      files.rendered().putDocument(file, new Yaml.Mapping(document.line(), sections));
    }
  }

  private static void add(String key, List<Yaml> items, Yaml at, List<Yaml.Entry> sections) {
    if (!items.isEmpty()) {
      sections.add(new Yaml.Entry(key, at.line(), new Yaml.Sequence(at.line(), items)));
    }
  }

  private Optional<DbtNode> node(Yaml item, Kind kind, Path file) {
    Optional<String> name = YamlValues.text(item, "name");
    if (name.isEmpty() || reader.isDisabled(name.get())) {
      return Optional.empty();
    }
    Optional<DbtNode> node = tables.node(name.get());
    if (node.isEmpty()) {
      files
          .flaws(file)
          .add(
              item.line(),
              "'%s' names no %s".formatted(name.get(), kind.section.replaceFirst("s$", "")),
              NearMatch.remedy(tables.nodeNames(), name.get()));
    }
    return node;
  }

  /** Something of which no properties file says anything. */
  void addUndescribed(DbtNode node) {
    int line = node.configLine();
    List<Yaml.Entry> entries = new ArrayList<>();
    entries.add(new Yaml.Entry("name", line, name(node, line)));
    config(node, line).ifPresent(entries::add);
    Yaml item = new Yaml.Mapping(line, entries);
    String section = node.kind == Kind.SEED ? "seeds" : "models";
    undescribed.add(new Undescribed(node.file(), section, item));
  }

  /** Puts down what was gathered. */
  void end() {
    TreeSet<Path> places = new TreeSet<>();
    undescribed.forEach(it -> places.add(it.file()));
    for (Path file : places) {
      List<Yaml.Entry> sections = new ArrayList<>();
      for (String section : List.of("models", "seeds")) {
        List<Yaml> items =
            undescribed.stream()
                .filter(it -> it.file().equals(file) && it.section().equals(section))
                .map(Undescribed::item)
                .toList();
        add(section, items, new Yaml.Scalar(1, "", false), sections);
      }
      files.properties().add(file);
      files.rendered().putDocument(file, new Yaml.Mapping(1, sections));
    }
    files.rendered().putTests(tests);
  }

  private static Yaml name(DbtNode node, int line) {
    return new Yaml.Scalar(line, node.table().toString(), true);
  }

  private static Optional<Yaml.Entry> config(DbtNode node, int line) {
    Yaml config =
        node.config.of(node.kind == Kind.SEED ? ConfigShape.SEED : ConfigShape.MODEL, line);
    if (node.kind == Kind.SNAPSHOT) {
      config = DbtSnapshot.config(node, line);
    }
    return YamlValues.entries(config).isEmpty()
        ? Optional.empty()
        : Optional.of(new Yaml.Entry("config", line, config));
  }

  private Yaml described(Yaml item, DbtNode node, Path file) {
    List<Yaml.Entry> entries = new ArrayList<>();
    for (Yaml.Entry entry : YamlValues.entries(item)) {
      if (entry.value().isNull() || UNREAD.contains(entry.key())) {
        continue;
      }
      switch (entry.key()) {
        case "name" -> entries.add(with(entry, name(node, entry.line())));
        case "config", "relation", "meta" -> {}
        case "columns" ->
            entries.add(
                with(entry, each(entry.value(), column -> column(column, node.table(), file))));
        case "tests", "data_tests" ->
            addTests(entry, tests(entry.value(), node.table(), Optional.empty(), file), entries);
        default -> entries.add(with(entry, reader.rendered(entry.value(), file, names)));
      }
    }
    config(node, item.line()).ifPresent(entries::add);
    return new Yaml.Mapping(item.line(), entries);
  }

  private static Yaml.Entry with(Yaml.Entry entry, Yaml value) {
    return new Yaml.Entry(entry.key(), entry.line(), value);
  }

  private static Yaml each(Yaml list, UnaryOperator<Yaml> change) {
    return new Yaml.Sequence(
        list.line(), YamlValues.items(Optional.of(list)).stream().map(change).toList());
  }

  private static void addTests(Yaml.Entry entry, Yaml.Sequence ours, List<Yaml.Entry> entries) {
    if (!ours.items().isEmpty()) {
      entries.add(with(entry, ours));
    }
  }

  private Yaml column(Yaml column, TableName table, Path file) {
    Optional<String> name = YamlValues.text(column, "name");
    List<Yaml.Entry> entries = new ArrayList<>();
    for (Yaml.Entry entry : YamlValues.entries(column)) {
      if (entry.value().isNull() || UNREAD.contains(entry.key())) {
        continue;
      }
      if (entry.key().equals("tests") || entry.key().equals("data_tests")) {
        addTests(entry, tests(entry.value(), table, name, file), entries);
      } else {
        entries.add(with(entry, reader.rendered(entry.value(), file, names)));
      }
    }
    return new Yaml.Mapping(column.line(), entries);
  }

  /** The tests that are ours; those of macros, and those that are switched off, are left out. */
  private Yaml.Sequence tests(Yaml list, TableName table, Optional<String> column, Path file) {
    List<Yaml> ours = new ArrayList<>();
    for (Yaml item : YamlValues.items(Optional.of(list))) {
      Yaml rendered = reader.rendered(item, file, names);
      Optional<Yaml.Entry> only = YamlValues.entries(rendered).stream().findFirst();
      String kind = only.map(Yaml.Entry::key).orElseGet(() -> ((Yaml.Scalar) rendered).text());
      Yaml arguments =
          only.map(Yaml.Entry::value)
              .filter(it -> !it.isNull())
              .orElseGet(() -> new Yaml.Mapping(item.line(), List.of()));
      if (DbtTests.isDisabled(arguments)) {
        continue;
      }
      boolean known =
          (column.isPresent() ? DataTestShape.OF_COLUMN : DataTestShape.OF_MODEL).containsKey(kind);
      if (known && !reader.hasTest(kind)) {
        Yaml own = DbtTests.without(arguments, "enabled");
        ours.add(
            new Yaml.Mapping(
                item.line(), List.of(new Yaml.Entry(kind, item.line(), referring(own, file)))));
      } else {
        tests.add(new WrittenTest(table, column, kind, arguments, file, item.line()));
      }
    }
    return new Yaml.Sequence(list.line(), ours);
  }

  /** The values of {@code to} and {@code input} are expressions, also without braces. */
  private Yaml referring(Yaml node, Path file) {
    if (!(node instanceof Yaml.Mapping mapping)) {
      return node;
    }
    List<Yaml.Entry> entries = new ArrayList<>();
    for (Yaml.Entry entry : mapping.entries()) {
      boolean refers = Set.of("to", "input", "model").contains(entry.key());
      Yaml value = entry.value();
      if (refers && value instanceof Yaml.Scalar scalar) {
        entries.add(with(entry, table(scalar, file)));
      } else {
        entries.add(with(entry, referring(value, file)));
      }
    }
    return new Yaml.Mapping(mapping.line(), entries);
  }

  private Yaml table(Yaml.Scalar written, Path file) {
    String text = DbtReader.unwrapped(written.text());
    if (text.startsWith("ref") || text.startsWith("source")) {
      return reader.rendered(
          new Yaml.Scalar(written.line(), "{{ " + text + " }}", true), file, names);
    }
    return tables.node(text).<Yaml>map(node -> name(node, written.line())).orElse(written);
  }

  private List<Yaml> unitTests(List<Yaml> items, Path file) {
    List<Yaml> tests = new ArrayList<>();
    for (Yaml item : items) {
      List<Yaml.Entry> entries = new ArrayList<>();
      for (Yaml.Entry entry : YamlValues.entries(item)) {
        switch (entry.key()) {
          case "model" -> entries.add(with(entry, referringModel(entry.value(), file)));
          case "given" -> entries.add(with(entry, each(entry.value(), it -> referring(it, file))));
          case "tags" -> {}
          default -> entries.add(entry);
        }
      }
      tests.add(new Yaml.Mapping(item.line(), entries));
    }
    return tests;
  }

  private Yaml referringModel(Yaml value, Path file) {
    return value instanceof Yaml.Scalar scalar ? table(scalar, file) : value;
  }

  /** What is tested of a source is tested of the seed or the model that it is. */
  private void readSource(Yaml source, Path file) {
    Optional<String> name = YamlValues.text(source, "name");
    for (Yaml item : YamlValues.items(YamlValues.find(source, "tables"))) {
      Optional<TableName> table =
          name.flatMap(it -> YamlValues.text(item, "name").flatMap(own -> tables.sourced(it, own)));
      if (table.isEmpty() || table.get().layer().equals("bronze")) {
        table.ifPresent(stream -> refuseTests(item, stream, file));
        continue;
      }
      addTests(item, table.get(), Optional.empty(), file);
      for (Yaml column : YamlValues.items(YamlValues.find(item, "columns"))) {
        addTests(column, table.get(), YamlValues.text(column, "name"), file);
      }
    }
  }

  /** Rows of a stream are tested one by one, by its contract. */
  private void refuseTests(Yaml item, TableName stream, Path file) {
    List<Yaml> tested = new ArrayList<>(List.of(item));
    tested.addAll(YamlValues.items(YamlValues.find(item, "columns")));
    for (Yaml of : tested) {
      YamlValues.find(of, "data_tests", "tests")
          .ifPresent(
              tests ->
                  files
                      .flaws(file)
                      .add(
                          tests.line(),
                          "a source that is a stream has tests: " + stream,
                          "write what must hold in streams/%s.yaml, or test a model that reads it"
                              .formatted(stream.name())));
    }
  }

  private void addTests(Yaml of, TableName table, Optional<String> column, Path file) {
    for (Yaml test : YamlValues.items(YamlValues.find(of, "data_tests", "tests"))) {
      Yaml.Sequence one = new Yaml.Sequence(test.line(), List.of(test));
      for (Yaml item : tests(one, table, column, file).items()) {
        Yaml.Entry only = YamlValues.entries(item).get(0);
        tests.add(new WrittenTest(table, column, only.key(), only.value(), file, item.line()));
      }
    }
  }
}
