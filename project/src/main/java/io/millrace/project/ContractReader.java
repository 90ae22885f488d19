package io.millrace.project;

import io.millrace.project.ContractShape.WrittenEventId;
import io.millrace.project.Personal.Treatment;
import io.millrace.project.StreamContract.Csv;
import io.millrace.project.StreamContract.EventId;
import io.millrace.project.StreamContract.Layout;
import io.millrace.project.yaml.Flaws;
import io.millrace.project.yaml.Named;
import io.millrace.project.yaml.Placed;
import io.millrace.project.yaml.Values;
import io.millrace.project.yaml.Yaml;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Reads one contract, and checks what its keys say about each other. */
final class ContractReader {

  static final Set<String> RESERVED =
      Set.of(
          StreamContract.RECEIVED,
          StreamContract.TOPIC_PARTITION,
          StreamContract.TOPIC_OFFSET,
          StreamContract.SESSION_STARTED,
          StreamContract.REASON);

  /** Until it is known how many were accepted. */
  private static final int FIRST_VERSION = 1;

  private final String stream;
  private final Values values;
  private final Flaws flaws;
  private final Map<String, Field> fields = new LinkedHashMap<>();

  /** The names of all fields, also of those that had flaws and so are no fields. */
  private final Set<String> names;

  private ContractReader(String stream, Yaml document, Values values, Flaws flaws) {
    this.stream = stream;
    this.names = names(document);
    this.values = values;
    this.flaws = flaws;
    values
        .find(ContractShape.FIELDS)
        .ifPresent(read -> read.forEach(field -> fields.put(field.name(), field.value())));
  }

  /** The contract; empty if it has flaws. */
  static Optional<StreamContract> read(String stream, Yaml document, Flaws flaws) {
    if (document.isNull()) {
      flaws.add(0, "the file is empty", "describe the stream: key, event_id, event_time, fields");
      return Optional.empty();
    }
    return ContractShape.CONTRACT
        .read(document, flaws)
        .flatMap(values -> new ContractReader(stream, document, values, flaws).contract());
  }

  private static Set<String> names(Yaml document) {
    Set<String> names = new LinkedHashSet<>();
    for (Yaml.Entry entry : ((Yaml.Mapping) document).entries()) {
      if (entry.key().equals(ContractShape.FIELDS.name())
          && entry.value() instanceof Yaml.Mapping mapping) {
        mapping.entries().forEach(field -> names.add(field.key()));
      }
    }
    return names;
  }

  private Optional<StreamContract> contract() {
    values.find(ContractShape.FIELDS).ifPresent(this::checkNames);
    values.find(ContractShape.KEY).ifPresent(this::checkKey);
    values.find(ContractShape.EVENT_ID).ifPresent(this::checkEventId);
    values.find(ContractShape.EVENT_TIME).ifPresent(this::checkEventTime);
    values.find(ContractShape.PARTITION).ifPresent(this::checkLayout);
    values.find(ContractShape.LIVE).ifPresent(this::checkLive);
    values.find(ContractShape.SESSION_GAP).ifPresent(gap -> checkSessions());
    values.find(ContractShape.CSV_KEY).ifPresent(this::checkCsv);
    if (!flaws.isEmpty()) {
      return Optional.empty();
    }
    StreamContract contract = build();
    SafetyChecks.check(contract, values.line(ContractShape.REPEAT_WINDOW), flaws);
    return flaws.isEmpty() ? Optional.of(contract) : Optional.empty();
  }

  private StreamContract build() {
    String eventTime = values.get(ContractShape.EVENT_TIME).value();
    return new StreamContract(
        stream,
        values.find(ContractShape.DESCRIPTION).orElse(""),
        values.find(ContractShape.OWNER).orElse(""),
        FIRST_VERSION,
        values.get(ContractShape.KEY).value(),
        eventId(values.get(ContractShape.EVENT_ID)),
        eventTime,
        values.get(ContractShape.LATENESS),
        values.get(ContractShape.REPEAT_WINDOW),
        values.get(ContractShape.TOPIC_PARTITIONS),
        values.find(ContractShape.PARTITION).map(Placed::value).orElse(new Layout.Day(eventTime)),
        values.get(ContractShape.EVOLUTION),
        values.get(ContractShape.MAX_REJECTED_PERCENT),
        List.copyOf(fields.values()),
        values.find(ContractShape.CSV_KEY).map(this::csv),
        values.find(ContractShape.LIVE).map(Placed::value),
        values.find(ContractShape.SESSION_GAP));
  }

  private static EventId eventId(WrittenEventId written) {
    return written instanceof WrittenEventId.Derived derived
        ? new EventId.Derived(derived.fields().stream().map(Placed::value).toList())
        : new EventId.Declared(((WrittenEventId.Declared) written).field().value());
  }

  private Csv csv(Values written) {
    Map<String, String> columns = new HashMap<>();
    written
        .find(ContractShape.COLUMNS)
        .ifPresentOrElse(
            named -> named.forEach(column -> columns.put(column.name(), column.value())),
            () ->
                fields
                    .values()
                    .forEach(
                        field -> {
                          columns.put(field.name(), field.name());
                          field.aliases().forEach(alias -> columns.put(alias, field.name()));
                        }));
    return new Csv(
        written.get(ContractShape.DELIMITER),
        columns,
        written.find(ContractShape.PATTERN),
        written.get(ContractShape.ZONE_KEY));
  }

  private void checkNames(List<Named<Field>> named) {
    boolean derived =
        values.find(ContractShape.EVENT_ID).orElse(null) instanceof WrittenEventId.Derived;
    for (Named<Field> field : named) {
      if (RESERVED.contains(field.name())) {
        flaws.add(
            field.line(),
            "the name '" + field.name() + "' is reserved for a column that Millrace adds",
            "give the field another name");
      } else if (derived && field.name().equals(StreamContract.EVENT_ID)) {
        flaws.add(
            field.line(),
            "the name 'event_id' is reserved for the derived event id",
            "declare it with 'event_id: event_id', or give the field another name");
      }
      field.value().aliases().stream()
          .filter(
              alias ->
                  RESERVED.contains(alias) || (derived && alias.equals(StreamContract.EVENT_ID)))
          .forEach(
              alias ->
                  flaws.add(
                      field.line(),
                      "alias '" + alias + "' is reserved for a column that Millrace adds",
                      "take it out"));
    }
  }

  private void checkKey(Placed<String> key) {
    check(key, "key", ContractReader::isSingle, "a single value (no struct, no list)");
  }

  private void checkEventId(WrittenEventId written) {
    if (written instanceof WrittenEventId.Declared declared) {
      check(
          declared.field(),
          "event_id",
          field ->
              field.required()
                  && (field.type() == Type.Scalar.STRING || field.type() == Type.Scalar.UUID),
          "a required string or uuid");
      requireUntreated(declared.field());
    } else if (written instanceof WrittenEventId.Derived derived) {
      Set<String> seen = new HashSet<>();
      for (Placed<String> field : derived.fields()) {
        check(
            field, "derived_from", ContractReader::isSingle, "a single value (no struct, no list)");
        if (!seen.add(field.value())) {
          flaws.add(
              field.line(), "derived_from names '" + field.value() + "' twice", "name it once");
        }
      }
    }
  }

  private void requireUntreated(Placed<String> id) {
    Field field = fields.get(id.value());
    if (field != null && field.isPersonal()) {
      flaws.add(
          id.line(),
          "event_id names '%s', which has 'pii': a proof needs the id as it came"
              .formatted(id.value()),
          "name a field that tells nothing of a person, or derive the id");
    }
  }

  private void checkEventTime(Placed<String> eventTime) {
    check(
        eventTime,
        "event_time",
        field -> field.required() && field.type() == Type.Scalar.TIMESTAMP,
        "a required timestamp");
  }

  private void checkLayout(Placed<Layout> layout) {
    if (layout.value() instanceof Layout.Day day) {
      check(
          new Placed<>(day.field(), layout.line()),
          "partition",
          field -> field.type() == Type.Scalar.TIMESTAMP || field.type() == Type.Scalar.DATE,
          "a timestamp or date");
    } else if (layout.value() instanceof Layout.Bucket bucket) {
      Set<Type.Scalar> unfit = EnumSet.of(Type.Scalar.DOUBLE, Type.Scalar.BOOLEAN);
      check(
          new Placed<>(bucket.field(), layout.line()),
          "partition",
          field -> isSingle(field) && !unfit.contains(field.type()),
          "a string, uuid, int, long, decimal, date or timestamp");
    }
  }

  private void checkLive(Placed<String> live) {
    Set<Type.Scalar> fit =
        EnumSet.of(Type.Scalar.STRING, Type.Scalar.UUID, Type.Scalar.INT, Type.Scalar.LONG);
    check(
        live,
        "live",
        field -> field.required() && field.type() instanceof Type.Scalar it && fit.contains(it),
        "a required string, uuid, int or long");
    if (isMasked(fields.get(live.value()))) {
      flaws.add(
          live.line(),
          "live names '%s', whose values are masked: many people would share one row"
              .formatted(live.value()),
          "name another field, or keep pseudonyms with 'pii: pseudonym'");
    }
  }

  private void checkSessions() {
    Optional<Field> key = values.find(ContractShape.KEY).map(it -> fields.get(it.value()));
    if (isMasked(key.orElse(null))) {
      flaws.add(
          values.line(ContractShape.SESSION_GAP),
          "sessions are those of a key, and the values of '%s' are masked: many people would share one"
              .formatted(key.orElseThrow().name()),
          "name another key, or keep pseudonyms with 'pii: pseudonym'");
    }
  }

  private static boolean isMasked(Field field) {
    return field != null
        && field.personal().filter(it -> it.treatment() == Treatment.MASK).isPresent();
  }

  private void checkCsv(Values csv) {
    Map<String, String> headers = new HashMap<>();
    List<Named<String>> columns = csv.find(ContractShape.COLUMNS).orElse(List.of());
    for (Named<String> column : columns) {
      check(
          new Placed<>(column.value(), column.line()),
          "csv column",
          ContractReader::isSingle,
          "a single value (no struct, no list)");
      String other = headers.putIfAbsent(column.value(), column.name());
      if (other != null) {
        flaws.add(
            column.line(),
            "columns '%s' and '%s' both fill '%s'".formatted(other, column.name(), column.value()),
            "keep one of them");
      }
    }
    if (!columns.isEmpty()) {
      fields.values().stream()
          .filter(field -> field.required() && !headers.containsKey(field.name()))
          .forEach(
              field ->
                  flaws.add(
                      csv.line(ContractShape.COLUMNS),
                      "no column fills the required field '" + field.name() + "'",
                      "add one, or every row would be rejected"));
    }
  }

  private static boolean isSingle(Field field) {
    return field.type() instanceof Type.Scalar || field.type() instanceof Type.Decimal;
  }

  /** Says so if a name is not that of a field, or the field is not fit for its role. */
  private void check(Placed<String> name, String role, Predicate<Field> fits, String needed) {
    // Without any fields every name would be unknown; what is wrong then has been said.
    if (names.isEmpty()) {
      return;
    }
    Field field = fields.get(name.value());
    if (!names.contains(name.value())) {
      flaws.unknown(name.line(), "field", name.value(), names);
    } else if (field != null && !fits.test(field)) {
      flaws.add(
          name.line(),
          "%s names '%s', which is not %s".formatted(role, name.value(), needed),
          "name another field, or change this one");
    }
  }
}
