package io.millrace.project;

import io.millrace.core.NearMatch;
import io.millrace.project.StreamContract.Evolution;
import io.millrace.project.StreamContract.Layout;
import io.millrace.project.yaml.Form;
import io.millrace.project.yaml.Forms;
import io.millrace.project.yaml.Key;
import io.millrace.project.yaml.Named;
import io.millrace.project.yaml.Placed;
import io.millrace.project.yaml.Shape;
import io.millrace.project.yaml.Values;
import io.millrace.project.yaml.Word;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The keys of a file under {@code streams/}. */
final class ContractShape {

  /** An event id as it is written: one field that holds it, or the fields it is derived from. */
  sealed interface WrittenEventId {
    record Declared(Placed<String> field) implements WrittenEventId {}

    record Derived(List<Placed<String>> fields) implements WrittenEventId {}
  }

  private static final Pattern LAYOUT =
      Pattern.compile("day\\( *([^() ,]+) *\\)|bucket\\( *([^() ,]+) *, *([1-9][0-9]{0,3}) *\\)");

  private static final Form<Placed<String>> FIELD_NAME =
      new Word<>("a field's name", "name a field", Optional::of, Map.of("type", "string"), "field")
          .placed();

  static final Key<List<Placed<String>>> DERIVED_FROM =
      Key.required(
          "derived_from",
          Forms.listOf(FIELD_NAME),
          "The fields whose values together make an event itself.");

  static final Shape DERIVED = new Shape(DERIVED_FROM);

  private static final Form<WrittenEventId> WRITTEN_EVENT_ID =
      Forms.shortOrLong(
          FIELD_NAME.map(WrittenEventId.Declared::new),
          DERIVED.then(
              (values, node, flaws) -> values.find(DERIVED_FROM).map(WrittenEventId.Derived::new)));

  private static final Form<Layout> WRITTEN_LAYOUT =
      new Word<>(
          "a partition",
          "write day(event_time) or bucket(user_id, 16)",
          ContractShape::layout,
          Forms.pattern("^(day\\([^() ,]+\\)|bucket\\([^() ,]+, ?[1-9][0-9]{0,3}\\))$"),
          "`day(field)` or `bucket(field, count)`");

  static final Form<Character> CHARACTER =
      new Word<>(
          "a single character",
          "write one in quotes, such as ';' or \"\\t\"",
          text -> Optional.of(text).filter(it -> it.length() == 1).map(it -> it.charAt(0)),
          Forms.pattern("^.$"),
          "one character");

  private static final Form<String> TIMESTAMP_PATTERN =
      new Word<>(
          "a timestamp pattern",
          "write one of Java's DateTimeFormatter, such as yyyy-MM-dd HH:mm:ss",
          ContractShape::pattern,
          Map.of("type", "string"),
          "pattern of Java's `DateTimeFormatter`");

  static final Form<ZoneId> ZONE =
      new Word<>("a zone", "write one", Optional::of, Map.of("type", "string"), "zone")
          .then(
              (text, node, flaws) -> {
                try {
                  return Optional.of(ZoneId.of(text));
                } catch (DateTimeException e) {
                  flaws.add(
                      node.line(),
                      "zone '" + text + "' is not known",
                      NearMatch.among(ZoneId.getAvailableZoneIds(), text)
                          .map(near -> "did you mean '" + near + "'?")
                          .orElse("write one such as UTC or Europe/London"));
                  return Optional.empty();
                }
              });

  static final Key<Character> DELIMITER =
      Key.withDefault("delimiter", CHARACTER, ",", "What stands between two values.");
  static final Key<List<Named<String>>> COLUMNS =
      Key.optional(
          "columns",
          Forms.named(FIELD_NAME.map(Placed::value)),
          "Header to field, for each column that is read; without it, headers are field names.");
  static final Key<String> PATTERN =
      Key.optional(
          "timestamp_pattern",
          TIMESTAMP_PATTERN,
          "How timestamps are written; without it, RFC 3339.");
  static final Key<ZoneId> ZONE_KEY =
      Key.withDefault("zone", ZONE, "UTC", "The zone of timestamps that say none.");

  static final Shape CSV = new Shape(DELIMITER, COLUMNS, PATTERN, ZONE_KEY);

  static final Key<String> DESCRIPTION =
      Key.optional("description", Forms.text(), "What happens in this stream, in a sentence.");
  static final Key<String> OWNER =
      Key.optional("owner", Forms.text(), "Who answers for the stream.");
  static final Key<Placed<String>> KEY =
      Key.required("key", FIELD_NAME, "The field within whose values order is kept.");
  static final Key<WrittenEventId> EVENT_ID =
      Key.required(
          "event_id",
          WRITTEN_EVENT_ID,
          "The field that makes an event itself; repeats are dropped by it.");
  static final Key<Placed<String>> EVENT_TIME =
      Key.required("event_time", FIELD_NAME, "The timestamp field that says when it happened.");
  static final Key<Duration> LATENESS =
      Key.withDefault(
          "lateness",
          Forms.time("0s", "3650d"),
          "10m",
          "An event received later than this after its event time is late.");
  static final Key<Duration> REPEAT_WINDOW =
      Key.withDefault(
          "repeat_window", Forms.time("1s", "1d"), "10m", "How long an event id is remembered.");
  static final Key<Integer> TOPIC_PARTITIONS =
      Key.withDefault(
          "topic_partitions", Forms.whole(1, 1024), "4", "Partitions the topic is made with.");
  static final Key<Placed<Layout>> PARTITION =
      Key.optional(
          "partition",
          WRITTEN_LAYOUT.placed(),
          "How the bronze table is partitioned; without it, by day of the event time.");
  static final Key<Evolution> EVOLUTION =
      Key.withDefault(
          "evolution",
          Forms.choice("evolution", Evolution.values()),
          "backward",
          "Which changes of the contract are accepted.");
  static final Key<Integer> MAX_REJECTED_PERCENT =
      Key.withDefault(
          "max_rejected_percent",
          Forms.whole(0, 100),
          "20",
          "If more of the last ten minutes' events are rejected, models wait for a person.");
  static final Key<List<Named<Field>>> FIELDS =
      Key.required("fields", FieldShape.FIELDS.form(), "The fields, in the order of the table.");
  static final Key<Placed<String>> LIVE =
      Key.optional(
          "live",
          FIELD_NAME,
          "The field by whose values the newest row is kept at hand; without it, none is.");
  static final Key<Duration> SESSION_GAP =
      Key.optional(
          "session_gap",
          Forms.time("1s", "1d"),
          "A key that is silent for longer begins another session; without it, none are kept.");
  static final Key<Values> CSV_KEY = Key.optional("csv", CSV, "How CSV files become events.");

  static final Shape CONTRACT =
      new Shape(
              DESCRIPTION,
              OWNER,
              KEY,
              EVENT_ID,
              EVENT_TIME,
              LATENESS,
              REPEAT_WINDOW,
              TOPIC_PARTITIONS,
              PARTITION,
              EVOLUTION,
              MAX_REJECTED_PERCENT,
              LIVE,
              SESSION_GAP,
              FIELDS,
              CSV_KEY)
          .refusing(Map.of("version", "take it out; accepted changes are counted for you"));

  private ContractShape() {}

  private static Optional<Layout> layout(String text) {
    Matcher matcher = LAYOUT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        matcher.group(1) != null
            ? new Layout.Day(matcher.group(1))
            : new Layout.Bucket(matcher.group(2), Integer.parseInt(matcher.group(3))));
  }

  private static Optional<String> pattern(String text) {
    try {
      return Optional.of(DateTimeFormatter.ofPattern(text)).map(formatter -> text);
    } catch (IllegalArgumentException | ClassCastException e) {
      // The JDK throws the latter for padding between numbers, such as yyyy-pHH.
      return Optional.empty();
    }
  }
}
