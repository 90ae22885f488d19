package io.millrace.project;

import io.millrace.core.TableName;
import io.millrace.project.DataTestShape.WrittenTest;
import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.Key;
import io.millrace.project.yaml.Placed;
import io.millrace.project.yaml.Values;
import io.millrace.project.yaml.Yaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads dbt's properties files: what they say of models, seeds and their tests. */
final class PropertiesReader {

  /**
   * What is said of a model or a seed.
   *
   * @param config empty if it has flaws
   */
  record Described(
      Path file,
      Optional<String> description,
      Optional<String> owner,
      Optional<ModelConfig> config,
      List<Model.Column> columns) {}

  /** A unit test as it is written, to be read when it is known what models read. */
  record WrittenUnitTest(Path file, Placed<Values> values) {}

  private final ProjectFiles files;
  private final Tables tables;
  private final SqlChecker sql;
  private final SortedMap<TableName, Described> described = new TreeMap<>();
  private final Map<TableName, String> places = new HashMap<>();
  private final List<DataTest> tests = new ArrayList<>();
  private final List<WrittenUnitTest> unitTests = new ArrayList<>();

  PropertiesReader(ProjectFiles files, Tables tables, SqlChecker sql) {
    this.files = files;
    this.tables = tables;
    this.sql = sql;
  }

  void read() {
    files
        .properties()
        .forEach(file -> files.yaml(file).ifPresent(document -> read(file, document)));
  }

  SortedMap<TableName, Described> described() {
    return described;
  }

  List<DataTest> tests() {
    return tests;
  }

  List<WrittenUnitTest> unitTests() {
    return unitTests;
  }

  private void read(Path file, Yaml document) {
    Flaws flaws = files.flaws(file);
    if (document.isNull()) {
      flaws.add(0, "the file is empty", "describe models, seeds or unit_tests, or delete it");
      return;
    }
    PropertiesShape.PROPERTIES
        .read(document, flaws)
        .ifPresent(
            values -> {
              values
                  .find(PropertiesShape.MODELS)
                  .orElse(List.of())
                  .forEach(model -> new Entry(file, model, flaws).readModel());
              values
                  .find(PropertiesShape.SEEDS)
                  .orElse(List.of())
                  .forEach(seed -> new Entry(file, seed, flaws).readSeed());
              values
                  .find(PropertiesShape.UNIT_TESTS)
                  .orElse(List.of())
                  .forEach(test -> unitTests.add(new WrittenUnitTest(file, test)));
            });
  }

  /** One item of {@code models} or {@code seeds}. */
  private final class Entry {

    private final Path file;
    private final Values values;
    private final Flaws flaws;

    Entry(Path file, Placed<Values> written, Flaws flaws) {
      this.file = file;
      this.values = written.value();
      this.flaws = flaws;
    }

    void readModel() {
      Optional<ModelConfig> config =
          values.has(PropertiesShape.CONFIG)
              ? values
                  .find(PropertiesShape.CONFIG)
                  .flatMap(written -> ModelConfig.ofModel(written, tables, flaws))
              : Optional.of(ModelConfig.NONE);
      table(PropertiesShape.MODEL_NAME, "model", "seeds")
          .ifPresent(table -> read(table, config, values.find(PropertiesShape.CONFIG)));
    }

    void readSeed() {
      Optional<ModelConfig> config =
          values.has(PropertiesShape.SEED_CONFIG)
              ? values.find(PropertiesShape.SEED_CONFIG).flatMap(ModelConfig::ofSeed)
              : Optional.of(ModelConfig.SEED);
      table(PropertiesShape.SEED_NAME, "seed", "models")
          .ifPresent(table -> read(table, config, values.find(PropertiesShape.SEED_CONFIG)));
    }

    private Optional<TableName> table(Key<Placed<String>> key, String noun, String other) {
      Optional<Placed<String>> name = values.find(key);
      Optional<TableName> table = name.flatMap(written -> tables.built(written, noun, flaws));
      if (table.isEmpty()) {
        return table;
      }
      int line = name.orElseThrow().line();
      if (files.seeds().containsKey(table.get()) != noun.equals("seed")) {
        flaws.add(line, "'" + table.get() + "' is no " + noun, "write it under " + other);
        return Optional.empty();
      }
      String place = places.putIfAbsent(table.get(), file + ":" + line);
      if (place != null) {
        flaws.add(
            line,
            "%s '%s' was described before, in %s".formatted(noun, table.get(), place),
            "keep one of them");
        return Optional.empty();
      }
      return table;
    }

    private void read(TableName table, Optional<ModelConfig> config, Optional<Values> written) {
      DataTestReader reader =
          new DataTestReader(
              table,
              written.flatMap(it -> it.find(ConfigShape.EVENT_TIME)),
              file,
              tables,
              sql,
              flaws);
      for (Key<List<WrittenTest>> key :
          List.of(PropertiesShape.TESTS, PropertiesShape.TESTS_BEFORE)) {
        values
            .find(key)
            .orElse(List.of())
            .forEach(test -> reader.ofTable(test).ifPresent(tests::add));
      }
      List<Model.Column> columns = columns(reader);
      described.put(
          table,
          new Described(
              file,
              values.find(PropertiesShape.DESCRIPTION).filter(text -> !text.isBlank()),
              config.flatMap(ModelConfig::owner).or(() -> ConfigShape.owner(values)),
              config,
              columns));
    }

    private List<Model.Column> columns(DataTestReader reader) {
      Map<String, Integer> lines = new HashMap<>();
      List<Model.Column> columns = new ArrayList<>();
      for (Placed<Values> column : values.find(PropertiesShape.COLUMNS).orElse(List.of())) {
        Optional<String> name = column.value().find(PropertiesShape.COLUMN_NAME);
        if (name.isEmpty()) {
          continue;
        }
        Integer first = lines.putIfAbsent(name.get(), column.line());
        if (first != null) {
          flaws.add(
              column.line(),
              "column '" + name.get() + "' was described before, on line " + first,
              "keep one of them");
        }
        columns.add(
            new Model.Column(
                name.get(),
                column.value().find(PropertiesShape.COLUMN_DESCRIPTION).orElse("").strip(),
                Stream.of(PropertiesShape.COLUMN_META, PropertiesShape.COLUMN_CONFIG)
                    .flatMap(key -> column.value().find(key).stream())
                    .flatMap(List::stream)
                    .findFirst()));
        for (Key<List<WrittenTest>> key :
            List.of(PropertiesShape.COLUMN_TESTS, PropertiesShape.COLUMN_TESTS_BEFORE)) {
          column
              .value()
              .find(key)
              .orElse(List.of())
              .forEach(test -> reader.ofColumn(name.get(), test).ifPresent(tests::add));
        }
      }
      return columns;
    }
  }
}
