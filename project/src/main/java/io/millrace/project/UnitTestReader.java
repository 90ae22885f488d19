package io.millrace.project;

import io.millrace.core.TableName;
import io.millrace.project.PropertiesReader.WrittenUnitTest;
import io.millrace.project.PropertiesShape.Format;
import io.millrace.project.UnitTest.Given;
import io.millrace.project.UnitTest.Rows;
import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.Placed;
import io.millrace.project.yaml.Values;
import io.millrace.project.yaml.Yaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes unit tests of what properties files say. */
final class UnitTestReader {

  private final ProjectFiles files;
  private final Tables tables;
  private final SqlChecker sql;
  private final Map<TableName, Model> models;

  UnitTestReader(ProjectFiles files, Tables tables, SqlChecker sql, Map<TableName, Model> models) {
    this.files = files;
    this.tables = tables;
    this.sql = sql;
    this.models = models;
  }

  /** The unit test; empty if it has flaws. */
  Optional<UnitTest> read(WrittenUnitTest written) {
    Flaws flaws = files.flaws(written.file());
    Values values = written.values().value();
    int before = flaws.found().size();
    Optional<Placed<String>> name = values.find(PropertiesShape.UNIT_TEST_MODEL);
    Optional<TableName> model = name.flatMap(it -> tables.built(it, "model", flaws));
    if (model.filter(table -> files.seeds().containsKey(table)).isPresent()) {
      flaws.add(name.orElseThrow().line(), "'" + model.get() + "' is a seed", "test a model");
    }
    List<Given> given = new ArrayList<>();
    Set<TableName> inputs = new HashSet<>();
    for (Values input : values.find(PropertiesShape.GIVENS).orElse(List.of())) {
      given(input, model, inputs, flaws).ifPresent(given::add);
    }
    Optional<Rows> expect =
        values.find(PropertiesShape.EXPECTED).flatMap(expected -> rows(expected, "expect", flaws));
    if (flaws.found().size() > before || !values.areSound()) {
      return Optional.empty();
    }
    return values
        .find(PropertiesShape.UNIT_TEST_NAME)
        .flatMap(
            it ->
                expect.flatMap(
                    rows ->
                        model.map(
                            tested ->
                                new UnitTest(
                                    it,
                                    tested,
                                    values
                                        .find(PropertiesShape.UNIT_TEST_DESCRIPTION)
                                        .orElse("")
                                        .strip(),
                                    given,
                                    rows,
                                    written.file(),
                                    written.values().line()))));
  }

  private Optional<Given> given(
      Values values, Optional<TableName> model, Set<TableName> inputs, Flaws flaws) {
    Optional<Placed<String>> input = values.find(PropertiesShape.INPUT);
    Optional<TableName> table = input.flatMap(it -> tables.referred(it, flaws));
    Optional<Rows> rows = rows(values, "given", flaws);
    if (table.isEmpty()) {
      return Optional.empty();
    }
    int line = input.orElseThrow().line();
    if (!inputs.add(table.get())) {
      flaws.add(line, "input '" + table.get() + "' is given twice", "put its rows together");
    }
    Optional<Model> tested = model.map(models::get);
    if (tested.isPresent()
        && sql.reader().isPresent()
        && !tested.get().reads().contains(table.get())) {
      flaws.add(
          line,
          "'%s' does not read '%s'".formatted(tested.get().name(), table.get()),
          "it reads "
              + tested.get().reads().stream()
                  .map(TableName::toString)
                  .collect(Collectors.joining(", ")));
    }
    return rows.map(it -> new Given(table.get(), it));
  }

  private Optional<Rows> rows(Values values, String key, Flaws flaws) {
    if (!values.areSound()) {
      return Optional.empty();
    }
    Format format = values.get(PropertiesShape.FORMAT);
    Optional<Yaml> written = values.find(PropertiesShape.ROWS);
    Optional<Placed<String>> fixture = values.find(PropertiesShape.FIXTURE);
    if (written.isPresent() == fixture.isPresent()) {
      flaws.add(
          values.line(PropertiesShape.ROWS),
          "'" + key + "' has " + (written.isPresent() ? "both rows and a fixture" : "no rows"),
          written.isPresent() ? "keep one of them" : "write rows: [], or the rows there are");
      return Optional.empty();
    }
    if (fixture.isPresent()) {
      return fixture(fixture.get(), format, values.line(PropertiesShape.FIXTURE), flaws);
    }
    Yaml rows = written.orElseThrow();
    return format == Format.DICT ? listed(rows, flaws) : text(rows, format, flaws);
  }

  private Optional<Rows> text(Yaml rows, Format format, Flaws flaws) {
    if (rows instanceof Yaml.Scalar scalar) {
      return text(scalar.text(), format, scalar.line(), flaws);
    }
    String name = format.name().toLowerCase(Locale.ROOT);
    flaws.add(
        rows.line(),
        rows.kind() + " stands where the text of " + name + " is expected",
        "write it as a block: rows: |");
    return Optional.empty();
  }

  private Optional<Rows> text(String text, Format format, int line, Flaws flaws) {
    if (format == Format.CSV) {
      return Optional.of(new Rows.Listed(CsvText.rows(text, line, flaws)));
    }
    Set<TableName> reads = sql.reads(text, line, flaws);
    if (!reads.isEmpty()) {
      flaws.add(
          line,
          "the rows are read from "
              + reads.stream().map(TableName::toString).collect(Collectors.joining(", ")),
          "write them out: SELECT 1 AS id UNION ALL SELECT 2");
      return Optional.empty();
    }
    return Optional.of(new Rows.Select(text));
  }

  private Optional<Rows> fixture(Placed<String> name, Format format, int line, Flaws flaws) {
    if (format == Format.DICT) {
      flaws.add(line, "a fixture is no dict", "write format: csv or format: sql");
      return Optional.empty();
    }
    String extension = "." + format.name().toLowerCase(Locale.ROOT);
    String wanted = name.value().contains(".") ? name.value() : name.value() + extension;
    Path file = files.fixtures().get(wanted);
    if (file == null) {
      flaws.unknown(line, "fixture", wanted, files.fixtures().keySet());
      return Optional.empty();
    }
    if (!wanted.endsWith(extension)) {
      flaws.add(line, "fixture '" + wanted + "' is not written as " + extension, "change format");
      return Optional.empty();
    }
    return files.text(file).flatMap(text -> text(text, format, 1, files.flaws(file)));
  }

  private static Optional<Rows> listed(Yaml rows, Flaws flaws) {
    if (!(rows instanceof Yaml.Sequence sequence)) {
      flaws.add(
          rows.line(),
          rows.kind() + " stands where a list of rows is expected",
          "write - {column: value} lines, or say the format");
      return Optional.empty();
    }
    List<Map<String, Optional<String>>> listed = new ArrayList<>();
    for (Yaml item : sequence.items()) {
      if (item instanceof Yaml.Mapping mapping) {
        Map<String, Optional<String>> row = new LinkedHashMap<>();
        mapping
            .entries()
            .forEach(entry -> row.put(entry.key(), UnitTestReader.value(entry.value())));
        listed.add(row);
      } else {
        flaws.add(
            item.line(),
            item.kind() + " stands where a row is expected",
            "write it as {column: value}");
      }
    }
    return Optional.of(new Rows.Listed(listed));
  }

  private static Optional<String> value(Yaml value) {
    if (value.isNull()) {
      return Optional.empty();
    }
    return Optional.of(value instanceof Yaml.Scalar scalar ? scalar.text() : json(value));
  }

  /** Structs and lists, as the engine reads them of text. */
  private static String json(Yaml value) {
    if (value instanceof Yaml.Mapping mapping) {
      return mapping.entries().stream()
          .map(entry -> quoted(entry.key()) + ": " + json(entry.value()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof Yaml.Sequence sequence) {
      return sequence.items().stream()
          .map(UnitTestReader::json)
          .collect(Collectors.joining(", ", "[", "]"));
    }
    Yaml.Scalar scalar = (Yaml.Scalar) value;
    boolean bare =
        !scalar.quoted()
            && scalar.text().matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?|true|false");
    return scalar.isNull() ? "null" : bare ? scalar.text() : quoted(scalar.text());
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character == '"' || character == '\\') {
        json.append('\\').append(character);
      } else if (character < ' ') {
        json.append("\\u%04x".formatted((int) character));
      } else {
        json.append(character);
      }
    }
    return json.append('"').toString();
  }
}
