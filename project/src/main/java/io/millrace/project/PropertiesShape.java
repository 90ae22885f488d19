package io.millrace.project;

import io.millrace.project.DataTestShape.WrittenTest;
import io.millrace.project.Model.Pii;
import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.Form;
import io.millrace.project.yaml.Forms;
import io.millrace.project.yaml.Key;
import io.millrace.project.yaml.Placed;
import io.millrace.project.yaml.Shape;
import io.millrace.project.yaml.Values;
import io.millrace.project.yaml.Word;
import io.millrace.project.yaml.Yaml;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** The keys of dbt's properties files, often called {@code schema.yml}. */
final class PropertiesShape {

  /** How the rows of a unit test are written. */
  enum Format {
    DICT,
    CSV,
    SQL
  }

  private static final Form<Placed<String>> TABLE =
      new Word<>("a name", "write it after the key", Optional::of, Map.of("type", "string"), "name")
          .placed();

  static final Key<String> DESCRIPTION =
      Key.optional(
          "description",
          Forms.prose(),
          "What it is, in a sentence; without it, the comment at the top of the SQL.");

  static final Key<String> COLUMN_NAME =
      Key.required("name", ConfigShape.COLUMN, "The column's name.");
  static final Key<String> COLUMN_DESCRIPTION =
      Key.optional("description", Forms.prose(), "What the column means.");
  static final Key<List<WrittenTest>> COLUMN_TESTS =
      Key.optional(
          "data_tests", DataTestShape.COLUMN_TESTS, "What must hold of the column's values.");
  static final Key<List<WrittenTest>> COLUMN_TESTS_BEFORE =
      Key.optional("tests", DataTestShape.COLUMN_TESTS, "The older word for `data_tests`.");
  private static final Form<Pii> PII = Forms.choice("word", Pii.values());

  static final Key<List<Pii>> COLUMN_META =
      Key.optional(
          "meta",
          Forms.anything()
              .then((value, node, flaws) -> pii(node, flaws))
              .described(
                  new TreeMap<>(
                      Map.of("type", "object", "properties", Map.of("pii", PII.schema()))),
                  "mapping"),
          "Whatever you like. `pii` says whether the values tell who somebody is, if that is not to follow from what they are made of: `pseudonym`, `clear`, or `none`.");
  static final Key<List<Pii>> COLUMN_CONFIG =
      Key.optional(
          "config",
          Forms.anything()
              .then((value, node, flaws) -> inside(node, "meta", flaws, PropertiesShape::pii))
              .described(Map.of("type", "object"), "mapping"),
          "Where newer versions of dbt have `meta`.");

  static final Shape COLUMN =
      new Shape(
              COLUMN_NAME,
              COLUMN_DESCRIPTION,
              COLUMN_TESTS,
              COLUMN_TESTS_BEFORE,
              COLUMN_META,
              COLUMN_CONFIG)
          .leaving("data_type", "tags", "quote", "docs", "policy_tags")
          .refusing(Map.of("constraints", "write data_tests of what must hold"));

  static final Key<Placed<String>> MODEL_NAME =
      Key.required("name", TABLE, "The model's name, such as `daily_sales` or `gold.daily_sales`.");
  static final Key<Values> CONFIG =
      Key.optional("config", ConfigShape.MODEL, "How the model is built.");
  static final Key<List<Placed<Values>>> COLUMNS =
      Key.optional(
          "columns",
          Forms.listOf(COLUMN.placed()).described(Map.of("$ref", "#/$defs/columns"), "list"),
          "What is to be said of its columns; not all need be named.");
  static final Key<List<WrittenTest>> TESTS =
      Key.optional(
          "data_tests", DataTestShape.MODEL_TESTS, "What must hold of the table as a whole.");
  static final Key<List<WrittenTest>> TESTS_BEFORE =
      Key.optional("tests", DataTestShape.MODEL_TESTS, "The older word for `data_tests`.");

  static final Shape MODEL =
      new Shape(MODEL_NAME, DESCRIPTION, CONFIG, COLUMNS, TESTS, TESTS_BEFORE, ConfigShape.META)
          .leaving("docs", "group", "access", "latest_version", "deprecation_date", "time_spine")
          .refusing(
              Map.of(
                  "versions", "make each version a model of its own",
                  "constraints", "write data_tests of what must hold",
                  "tags", "write it under config"));

  static final Key<Placed<String>> SEED_NAME =
      Key.required("name", TABLE, "The seed's name, such as `countries` or `silver.countries`.");
  static final Key<Values> SEED_CONFIG =
      Key.optional("config", ConfigShape.SEED, "How the file is read.");

  static final Shape SEED =
      new Shape(SEED_NAME, DESCRIPTION, SEED_CONFIG, COLUMNS, TESTS, TESTS_BEFORE, ConfigShape.META)
          .leaving("docs", "group")
          .refusing(Map.of("tags", "write it under config"));

  static final Key<Format> FORMAT =
      Key.withDefault(
          "format", Forms.choice("format", Format.values()), "dict", "How the rows are written.");
  static final Key<Yaml> ROWS =
      Key.optional(
          "rows",
          Forms.anything().described(Map.of("type", List.of("array", "string")), "rows"),
          "The rows: a list of mappings, or the text of CSV or SQL.");
  static final Key<Placed<String>> FIXTURE =
      Key.optional(
          "fixture",
          Forms.matching(
                  "^[a-z][a-z0-9_]{0,119}(\\.csv|\\.sql)?$",
                  "a file of tests/fixtures",
                  "write its name without folders",
                  "file of `tests/fixtures`")
              .placed(),
          "The file that has the rows, in place of `rows`.");
  static final Key<Placed<String>> INPUT =
      Key.required(
          "input",
          TABLE.described(
              Map.of("type", "string"), "`ref('name')`, `source('layer', 'name')`, `layer.name`"),
          "A table the model reads.");

  static final Shape GIVEN = new Shape(INPUT, ROWS, FORMAT, FIXTURE);
  static final Shape EXPECT = new Shape(ROWS, FORMAT, FIXTURE);

  static final Key<String> UNIT_TEST_NAME =
      Key.required("name", DataTestShape.TEST_NAME, "The test's name.");
  static final Key<Placed<String>> UNIT_TEST_MODEL =
      Key.required("model", TABLE, "The model that is tested.");
  static final Key<String> UNIT_TEST_DESCRIPTION =
      Key.optional("description", Forms.prose(), "What it shows, in a sentence.");
  static final Key<List<Values>> GIVENS =
      Key.optional(
          "given",
          Forms.listOf(GIVEN),
          "Rows of the tables the model reads; one that is not named is empty.");
  static final Key<Values> EXPECTED =
      Key.required("expect", EXPECT, "The rows that come out, in any order.");

  static final Shape UNIT_TEST =
      new Shape(UNIT_TEST_NAME, UNIT_TEST_MODEL, UNIT_TEST_DESCRIPTION, GIVENS, EXPECTED)
          .leaving("config")
          .refusing(
              Map.of(
                  "overrides", "give the rows that lead there",
                  "versions", "make each version a model of its own"));

  static final Key<Integer> VERSION =
      Key.optional(
          "version",
          Forms.whole(2, 2).described(Map.of("const", 2), "`2`"),
          "dbt's version of the format.");
  static final Key<List<Placed<Values>>> MODELS =
      Key.optional("models", Forms.listOf(MODEL.placed()), "What is to be said of models.");
  static final Key<List<Placed<Values>>> SEEDS =
      Key.optional("seeds", Forms.listOf(SEED.placed()), "What is to be said of seeds.");
  static final Key<List<Placed<Values>>> UNIT_TESTS =
      Key.optional(
          "unit_tests",
          Forms.listOf(UNIT_TEST.placed()),
          "Rows in, rows out: what models make of given rows.");

  static final Shape PROPERTIES =
      new Shape(VERSION, MODELS, SEEDS, UNIT_TESTS)
          .leaving("exposures", "groups")
          .refusing(
              Map.of(
                  "sources", "take it out; the contracts in streams/ declare what comes in",
                  "snapshots", "take it out; dbt's snapshots are not supported",
                  "data_tests", "write singular tests as files in tests/",
                  "macros", "take it out; models are plain SQL",
                  "analyses", "take it out",
                  "metrics", "take it out; make a model of it",
                  "semantic_models", "take it out",
                  "saved_queries", "take it out"));

  private PropertiesShape() {}

  /** What the forms refer to, for a schema. */
  static Map<String, Object> definitions() {
    Map<String, Object> definitions = new LinkedHashMap<>();
    definitions.put("columns", Forms.listOf(COLUMN).schema());
    definitions.putAll(DataTestShape.definitions());
    return definitions;
  }

  /** What {@code pii} says, if it is there. */
  private static Optional<List<Pii>> pii(Yaml meta, Flaws flaws) {
    return inside(meta, "pii", flaws, (node, into) -> PII.read(node, into).map(List::of));
  }

  private static Optional<List<Pii>> inside(
      Yaml node, String key, Flaws flaws, BiFunction<Yaml, Flaws, Optional<List<Pii>>> read) {
    if (node instanceof Yaml.Mapping mapping) {
      for (Yaml.Entry entry : mapping.entries()) {
        if (entry.key().equals(key)) {
          return read.apply(entry.value(), flaws);
        }
      }
    }
    return Optional.of(List.of());
  }
}
