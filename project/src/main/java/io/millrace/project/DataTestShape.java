package io.millrace.project;

import io.millrace.project.DataTest.Severity;
import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.Form;
import io.millrace.project.yaml.Forms;
import io.millrace.project.yaml.Key;
import io.millrace.project.yaml.Placed;
import io.millrace.project.yaml.Shape;
import io.millrace.project.yaml.Values;
import io.millrace.project.yaml.Word;
import io.millrace.project.yaml.Yaml;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tests under {@code data_tests} of a column, or of a model as a whole. */
final class DataTestShape {

  /** A test as it is written. */
  record WrittenTest(String kind, Values values, int line) {}

  static final Form<String> TEST_NAME =
      Forms.matching(
          "^[A-Za-z0-9][A-Za-z0-9_. -]{0,199}$",
          "a name of a test",
          "write letters, digits, '_', '.', '-' and spaces, at most 200",
          "name");

  static final Key<String> NAME =
      Key.optional("name", TEST_NAME, "The test's name; without it, made of what it tests.");
  static final Key<Severity> SEVERITY =
      Key.withDefault(
          "severity",
          Forms.choice("severity", Severity.values()),
          "error",
          "Whether a failure keeps what was built from readers, or is only told.");
  static final Key<Placed<String>> WHERE =
      Key.optional("where", Forms.text().placed(), "The rows it looks at, as a condition in SQL.");

  static final Key<List<String>> ACCEPTED =
      Key.required(
          "values",
          Forms.listOf(
              new Word<>(
                  "a value",
                  "write one",
                  Optional::of,
                  Map.of("type", List.of("string", "number", "boolean")),
                  "value")),
          "The only values allowed.");
  static final Key<Boolean> QUOTE =
      Key.withDefault("quote", Forms.flag(), "true", "Whether the values are texts.");
  static final Key<Placed<String>> TO =
      Key.required(
          "to",
          new Word<>(
                  "a table",
                  Tables.HOW,
                  Optional::of,
                  Map.of("type", "string"),
                  "`ref('name')` or `layer.name`")
              .placed(),
          "The table in which every value must be.");
  static final Key<String> FIELD =
      Key.required("field", ConfigShape.COLUMN, "The column of that table.");
  static final Key<Integer> MIN =
      Key.optional("min", Forms.whole(0, Integer.MAX_VALUE), "The fewest rows allowed.");
  static final Key<Integer> MAX =
      Key.optional("max", Forms.whole(0, Integer.MAX_VALUE), "The most rows allowed.");
  static final Key<Duration> MAX_AGE =
      Key.required("max_age", Forms.time("1s", "3650d"), "The newest value is no older than this.");
  static final Key<String> COLUMN =
      Key.optional(
          "column", ConfigShape.COLUMN, "The column it looks at; without it, `event_time`.");
  static final Key<List<String>> COLUMNS =
      Key.required(
          "columns", Forms.listOf(ConfigShape.COLUMN), "Columns whose values together are unique.");
  static final Key<List<String>> DETERMINED =
      Key.required(
          "columns",
          Forms.listOf(ConfigShape.COLUMN),
          "Columns that have one value for each value of this one, as a month has one year.");
  static final Key<List<String>> COMBINATION =
      Key.required(
          "combination_of_columns",
          Forms.listOf(ConfigShape.COLUMN),
          "Columns whose values together are unique.");

  static final String UNIQUE = "unique";
  static final String NOT_NULL = "not_null";
  static final String ACCEPTED_VALUES = "accepted_values";
  static final String RELATIONSHIPS = "relationships";
  static final String DETERMINES = "determines";
  static final String ROW_COUNT = "row_count";
  static final String FRESHNESS = "freshness";
  static final String COMBINATION_TEST = "unique_combination_of_columns";
  static final String UTILS = "dbt_utils.";

  /** Keys of dbt that mean nothing to us. */
  static final List<String> UNUSED =
      List.of(
          "description",
          "tags",
          "meta",
          "limit",
          "store_failures",
          "store_failures_as",
          "alias",
          "schema",
          "database",
          "group");

  static final Map<String, Shape> OF_COLUMN = ofColumn();
  static final Map<String, Shape> OF_MODEL = ofModel();

  static final Form<List<WrittenTest>> COLUMN_TESTS =
      tests(OF_COLUMN, OF_MODEL, "write it under the data_tests of the model", "column_test");
  static final Form<List<WrittenTest>> MODEL_TESTS =
      tests(OF_MODEL, OF_COLUMN, "write it under the data_tests of a column", "model_test");

  private DataTestShape() {}

  private static Map<String, Shape> ofColumn() {
    Map<String, Shape> kinds = new LinkedHashMap<>();
    kinds.put(UNIQUE, with());
    kinds.put(NOT_NULL, with());
    kinds.put(ACCEPTED_VALUES, with(ACCEPTED, QUOTE));
    kinds.put(RELATIONSHIPS, with(TO, FIELD));
    kinds.put(DETERMINES, with(DETERMINED));
    kinds.put(FRESHNESS, with(MAX_AGE));
    return kinds;
  }

  private static Map<String, Shape> ofModel() {
    Map<String, Shape> kinds = new LinkedHashMap<>();
    kinds.put(UNIQUE, with(COLUMNS));
    kinds.put(ROW_COUNT, with(MIN, MAX));
    kinds.put(FRESHNESS, with(MAX_AGE, COLUMN));
    kinds.put(COMBINATION_TEST, with(COMBINATION));
    kinds.put(UTILS + COMBINATION_TEST, with(COMBINATION));
    return kinds;
  }

  private static Shape with(Key<?>... own) {
    List<Key<?>> keys = new ArrayList<>(List.of(own));
    keys.addAll(List.of(SEVERITY, WHERE, NAME));
    return new Shape(keys.toArray(Key<?>[]::new))
        .leaving(UNUSED.toArray(String[]::new))
        .refusing(
            Map.of(
                "warn_if", "write severity: warn, or a test in tests/ that says what is wrong",
                "error_if", "write a test in tests/ that says what is wrong",
                "fail_calc", "write a test in tests/ that says what is wrong",
                "enabled", "take the test out to disable it"));
  }

  private static Form<List<WrittenTest>> tests(
      Map<String, Shape> kinds, Map<String, Shape> others, String elsewhere, String definition) {
    return Forms.listOf(
        new TestForm(kinds, others, elsewhere)
            .described(Map.of("$ref", "#/$defs/" + definition), "test"));
  }

  /** What the forms refer to, for a schema. */
  static Map<String, Object> definitions() {
    Map<String, Object> definitions = new LinkedHashMap<>();
    definitions.put("column_test", new TestForm(OF_COLUMN, OF_MODEL, "").schema());
    definitions.put("model_test", new TestForm(OF_MODEL, OF_COLUMN, "").schema());
    return definitions;
  }

  /** Written short, as its name, or long, as a mapping of its name to its arguments. */
  private record TestForm(Map<String, Shape> kinds, Map<String, Shape> others, String elsewhere)
      implements Form<WrittenTest> {

    @Override
    public Optional<WrittenTest> read(Yaml node, Flaws flaws) {
      if (node instanceof Yaml.Scalar scalar) {
        return read(scalar.text(), node.line(), none(node), flaws);
      }
      if (node instanceof Yaml.Mapping mapping && mapping.entries().size() == 1) {
        Yaml.Entry entry = mapping.entries().get(0);
        Yaml arguments = entry.value().isNull() ? none(node) : entry.value();
        return read(entry.key(), entry.line(), arguments, flaws);
      }
      flaws.add(
          node.line(),
          node.kind() + " stands where a test is expected",
          "write its name, and its arguments indented below the name");
      return Optional.empty();
    }

    private static Yaml none(Yaml node) {
      return new Yaml.Mapping(node.line(), List.of());
    }

    private Optional<WrittenTest> read(String kind, int line, Yaml arguments, Flaws flaws) {
      Shape shape = kinds.get(kind);
      if (shape != null) {
        return shape
            .orWithin("arguments", "config")
            .read(arguments, flaws)
            .map(values -> new WrittenTest(kind, values, line));
      }
      if (others.containsKey(kind)) {
        flaws.add(line, "test '" + kind + "' has no place here", elsewhere);
      } else {
        flaws.unknown(line, "test", kind, kinds.keySet());
      }
      return Optional.empty();
    }

    @Override
    public Map<String, Object> schema() {
      Map<String, Object> properties = new LinkedHashMap<>();
      kinds.forEach(
          (kind, shape) -> properties.put(kind, shape.orWithin("arguments", "config").schema()));
      List<String> names =
          kinds.entrySet().stream()
              .filter(kind -> kind.getValue().keys().stream().noneMatch(TestForm::isRequired))
              .map(Map.Entry::getKey)
              .toList();
      Map<String, Object> mapping = new LinkedHashMap<>();
      mapping.put("type", "object");
      mapping.put("properties", properties);
      mapping.put("minProperties", 1);
      mapping.put("maxProperties", 1);
      mapping.put("additionalProperties", false);
      return Map.of("anyOf", List.of(Map.of("enum", names), mapping));
    }

    private static boolean isRequired(Key<?> key) {
      return key.presence() == Key.Presence.REQUIRED;
    }

    @Override
    public String words() {
      return "test";
    }
  }
}
