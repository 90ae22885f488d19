package io.millrace.project;

import io.millrace.project.Batches.Size;
import io.millrace.project.Dimension.HardDeletes;
import io.millrace.project.yaml.Form;
import io.millrace.project.yaml.Forms;
import io.millrace.project.yaml.Key;
import io.millrace.project.yaml.Named;
import io.millrace.project.yaml.Placed;
import io.millrace.project.yaml.Shape;
import io.millrace.project.yaml.Values;
import io.millrace.project.yaml.Word;
import io.millrace.project.yaml.Yaml;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys under {@code config} of a model or a seed: dbt's, and ours beside them. */
final class ConfigShape {

  /** What {@code materialized} says. */
  enum Materialized {
    VIEW,
    TABLE,
    INCREMENTAL,
    MATERIALIZED_VIEW,
    SNAPSHOT,
    SCD1,
    SCD3
  }

  /** What {@code strategy} says. */
  enum Versions {
    TIMESTAMP,
    CHECK
  }

  /** What {@code incremental_strategy} says. */
  enum Strategy {
    APPEND,
    MERGE,
    DELETE_INSERT,
    MICROBATCH
  }

  static final String ON_CHANGE = "on_change";
  static final String MANUAL = "manual";

  private static final String CRON = "[0-9A-Za-z*/,?#-]+( +[0-9A-Za-z*/,?#-]+){4}";

  static final Form<String> COLUMN =
      Forms.matching(
          "^[A-Za-z_][A-Za-z0-9_]{0,119}$",
          "a column",
          "write its name: letters, digits and '_'",
          "column");

  private static final Form<LocalDate> DAY =
      new Word<>(
          "a day",
          "write it as 2026-01-31",
          ConfigShape::day,
          Forms.pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}(T00:00:00Z?)?$"),
          "day, such as `2026-01-31`");

  static final Key<Materialized> MATERIALIZED =
      Key.withDefault(
          "materialized",
          Forms.choice("materialization", Materialized.values()),
          "view",
          "How the model becomes something that can be read.");
  static final Key<Strategy> STRATEGY =
      Key.optional(
          "incremental_strategy",
          Forms.choice("strategy", strategies()),
          "How an incremental model takes in what is new; without it, `merge` if there is a `unique_key`, or else `append`.");
  static final Key<List<String>> UNIQUE_KEY =
      Key.optional(
          "unique_key",
          Forms.oneOrMore(COLUMN),
          "Columns that name a row, for `merge` and `delete+insert`; what a history is of, for `snapshot`, `scd1` and `scd3`; of a materialized view those it groups by, if they are not to be found out.");
  static final Key<String> EVENT_TIME =
      Key.optional(
          "event_time",
          COLUMN,
          "The column, a date or a timestamp, that says when a row happened; for `microbatch`, of which interval it is.");
  static final Key<Size> BATCH_SIZE =
      Key.optional(
          "batch_size",
          Forms.choice("batch size", Size.values()),
          "The intervals that `microbatch` builds by.");
  static final Key<LocalDate> BEGIN =
      Key.optional("begin", DAY, "Nothing before this day is built by `microbatch`.");
  static final Key<Placed<ZoneId>> TIME_ZONE =
      Key.withDefault(
          "time_zone",
          ContractShape.ZONE.placed(),
          "UTC",
          "Whose days and months, and whose clock the schedule reads.");
  static final Key<List<Named<InputMode>>> INPUTS =
      Key.optional(
          "inputs",
          Forms.named(Forms.choice("input mode", InputMode.values())),
          "What the model sees of tables it reads, where that is not the default.");

  static final Key<Versions> VERSIONS =
      Key.optional(
          "strategy",
          Forms.choice("strategy of a snapshot", Versions.values()),
          "When a `snapshot` begins another version: with each other `updated_at`, or when one of `check_cols` has become another.");
  static final Key<String> UPDATED_AT =
      Key.optional(
          "updated_at",
          COLUMN,
          "Of `snapshot`, `scd1` and `scd3`, the column that says since when a row is so.");
  static final Key<List<String>> CHECK_COLS =
      Key.optional(
          "check_cols",
          Forms.oneOrMore(COLUMN),
          "Columns that are compared with `strategy: check`; `all` for all but those that the config names for something else.");
  static final Key<HardDeletes> HARD_DELETES =
      Key.withDefault(
          "hard_deletes",
          Forms.choice("way to treat deleted keys", HardDeletes.values()),
          "ignore",
          "What becomes of a key that was deleted: nothing; its last version ends; or that is followed by one with `is_deleted`.");
  static final Key<String> TAKEN_AT =
      Key.optional(
          "taken_at",
          COLUMN,
          "The column that says which full snapshot a row is of: a key that one of them lacks was deleted by then. Without it, rows are changes.");
  static final Key<String> DELETED =
      Key.optional(
          "deleted",
          COLUMN,
          "Of changes, the column that is true in a row that says that its key was deleted.");
  static final Key<String> RECORDED_AT =
      Key.optional(
          "recorded_at",
          COLUMN,
          "The column that says since when a change is known, such as `received`: what was known before is kept, as `recorded_from` and `recorded_to` say.");
  static final Key<String> INFERRED =
      Key.optional(
          "inferred",
          COLUMN,
          "The column that is true in a row that only mentions its key, as a fact does whose dimension is late: what is said of the key first is so since it was first mentioned.");
  static final Key<String> SURROGATE_KEY =
      Key.optional(
          "surrogate_key",
          COLUMN,
          "What to call a column with a number for each version: a function of the key and of `valid_from`, so that a rebuild gives the same.");
  static final Key<List<String>> PREVIOUS =
      Key.optional(
          "previous",
          Forms.oneOrMore(COLUMN),
          "Columns of which `scd3` keeps the value before, as `previous_<column>`.");

  static final Key<String> SCHEDULE =
      Key.withDefault(
          "schedule",
          Forms.matching(
              "^(" + ON_CHANGE + "|" + MANUAL + "|" + CRON + ")$",
              "a schedule",
              "write on_change, manual, or cron's five fields, such as '0 5 * * *'",
              "`on_change`, `manual`, or cron's five fields"),
          ON_CHANGE,
          "When due work is done by itself.");
  static final Key<Duration> EVERY =
      Key.withDefault(
          "every", Forms.time("1s", "1d"), "30s", "With `on_change`, at most this often.");
  static final Key<Boolean> CATCH_UP =
      Key.withDefault(
          "catch_up",
          Forms.flag(),
          "true",
          "With cron, whether what was due while nothing ran is done, or only the newest interval.");
  static final Key<Integer> RETRIES =
      Key.withDefault(
          "retries",
          Forms.whole(0, 100),
          "3",
          "Attempts after the first, when what failed may work later.");
  static final Key<Duration> RETRY_DELAY =
      Key.withDefault(
          "retry_delay",
          Forms.time("1s", "1d"),
          "10s",
          "Before the first of them; each further one waits twice as long.");
  static final Key<Boolean> DEPENDS_ON_PAST =
      Key.withDefault(
          "depends_on_past",
          Forms.flag(),
          "false",
          "With `microbatch`, whether an interval waits until the one before it is done.");

  static final Key<List<String>> TAGS =
      Key.optional(
          "tags",
          Forms.oneOrMore(
              Forms.matching(
                  "^[A-Za-z0-9_.-]{1,120}$",
                  "a tag",
                  "write letters, digits, '_', '.' and '-'",
                  "tag")),
          "Words to select models by.");
  static final Key<String> OWNER =
      Key.optional(
          "owner",
          Forms.text(),
          "Who answers for it; without it `meta.owner`, or the line `Owner:` of the comment at the top of the SQL.");
  static final Key<Yaml> META =
      Key.optional("meta", Forms.anything(), "Whatever you like; `owner` is read.");

  static final Shape MODEL =
      new Shape(
              MATERIALIZED,
              STRATEGY,
              UNIQUE_KEY,
              EVENT_TIME,
              BATCH_SIZE,
              BEGIN,
              TIME_ZONE,
              INPUTS,
              VERSIONS,
              UPDATED_AT,
              CHECK_COLS,
              HARD_DELETES,
              TAKEN_AT,
              DELETED,
              RECORDED_AT,
              PREVIOUS,
              INFERRED,
              SURROGATE_KEY,
              SCHEDULE,
              EVERY,
              CATCH_UP,
              RETRIES,
              RETRY_DELAY,
              DEPENDS_ON_PAST,
              TAGS,
              OWNER,
              META)
          .leaving(
              "docs",
              "group",
              "access",
              "persist_docs",
              "lookback",
              "concurrent_batches",
              "partition_by",
              "cluster_by",
              "quoting")
          .refusing(refused());

  static final Key<Character> DELIMITER =
      Key.withDefault("delimiter", ContractShape.CHARACTER, ",", "What stands between two values.");
  static final Key<List<Named<String>>> COLUMN_TYPES =
      Key.optional(
          "column_types",
          Forms.named(
              Forms.matching(
                  "^[A-Za-z][A-Za-z0-9_ ]{0,60}(\\([0-9]{1,3}(, ?[0-9]{1,3})?\\))?(\\[\\])?$",
                  "a type of SQL",
                  "write one such as VARCHAR, BIGINT or \"DECIMAL(12,2)\"",
                  "type of SQL")),
          "Types of columns that are not to be guessed.");

  static final Shape SEED =
      new Shape(DELIMITER, COLUMN_TYPES, EVENT_TIME, TAGS, OWNER, META)
          .leaving("docs", "group", "persist_docs", "quote_columns", "quoting")
          .refusing(refused());

  private ConfigShape() {}

  private static Map<String, String> refused() {
    Map<String, String> remedies = new LinkedHashMap<>();
    remedies.put("enabled", "move the file out of the folder to disable it");
    remedies.put("schema", "move the file to the folder of another layer");
    remedies.put("alias", "rename the file");
    remedies.put("database", "take it out; there is one lake");
    remedies.put("contract", "take it out; write data_tests of what must hold");
    remedies.put("pre_hook", "take it out; a model is one SELECT");
    remedies.put("post_hook", "take it out; a model is one SELECT");
    remedies.put("sql_header", "take it out; a model is one SELECT");
    remedies.put("grants", "take it out");
    remedies.put("on_schema_change", "take it out; a changed model is built again");
    remedies.put("full_refresh", "take it out; ask for it with the command");
    remedies.put("incremental_predicates", "take it out");
    remedies.put("merge_update_columns", "take it out; merge replaces whole rows");
    remedies.put("merge_exclude_columns", "take it out; merge replaces whole rows");
    remedies.put("invalidate_hard_deletes", "write hard_deletes: invalidate");
    remedies.put("snapshot_meta_column_names", "take it out; see docs/guide/history.md for names");
    remedies.put("dbt_valid_to_current", "take it out; valid_to of a current row is null");
    remedies.put("target_schema", "move the file to the folder of another layer");
    return remedies;
  }

  /** The owner that {@code meta} names, wherever it stands. */
  static Optional<String> owner(Values values) {
    if (values.find(META).orElse(null) instanceof Yaml.Mapping meta) {
      return meta.entries().stream()
          .filter(entry -> entry.key().equals("owner"))
          .map(Yaml.Entry::value)
          .filter(value -> value instanceof Yaml.Scalar && !value.isNull())
          .map(value -> ((Yaml.Scalar) value).text())
          .findFirst();
    }
    return Optional.empty();
  }

  private static Map<String, Strategy> strategies() {
    Map<String, Strategy> words = new LinkedHashMap<>();
    words.put("append", Strategy.APPEND);
    words.put("merge", Strategy.MERGE);
    words.put("delete+insert", Strategy.DELETE_INSERT);
    words.put("microbatch", Strategy.MICROBATCH);
    return words;
  }

  private static Optional<LocalDate> day(String text) {
    try {
      return Optional.of(LocalDate.parse(text.replaceFirst("T00:00:00Z?$", "")));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
