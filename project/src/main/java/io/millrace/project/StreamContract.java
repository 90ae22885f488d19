package io.millrace.project;

import io.millrace.core.TableName;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What events of a stream look like and how they are treated: one file under {@code streams/}.
 *
 * @param name the stream's name; {@code clicks@2} has the topic {@code clicks.v2} and the table
 *     {@code bronze.clicks_v2}
 * @param version counts the accepted changes of the contract, from 1
 * @param key the field whose value orders events: same key, same partition
 * @param eventId what makes an event itself; a second one with the same id is a repeat
 * @param eventTime the timestamp field that says when it happened
 * @param lateness an event received later than this after its event time is late
 * @param repeatWindow how long an event id is remembered, by the time the broker took the event
 * @param topicPartitions how many partitions the topic is made with
 * @param layout how the bronze table is partitioned
 * @param maxRejectedPercent above this, what the stream brings is held back from models
 * @param fields the fields in the order of the file, which is the order of the table
 * @param csv how CSV files are read, if they can be
 * @param live the field by whose values the newest row is kept at hand, if that is wanted
 * @param sessionGap a key that is silent for longer begins another session, if sessions are kept
 */
public record StreamContract(
    String name,
    String description,
    String owner,
    int version,
    String key,
    EventId eventId,
    String eventTime,
    Duration lateness,
    Duration repeatWindow,
    int topicPartitions,
    Layout layout,
    Evolution evolution,
    int maxRejectedPercent,
    List<Field> fields,
    Optional<Csv> csv,
    Optional<String> live,
    Optional<Duration> sessionGap) {

  /** Column of a derived event id, and the names Millrace adds to every bronze table. */
  public static final String EVENT_ID = "event_id";

  public static final String RECEIVED = "received";
  public static final String TOPIC_PARTITION = "topic_partition";
  public static final String TOPIC_OFFSET = "topic_offset";

  /** The bronze column of a stream that keeps sessions: when that of the event began. */
  public static final String SESSION_STARTED = "session_started";

  /** The column of quarantine tables that says why a row is there. */
  public static final String REASON = "reason";

  private static final List<String> REJECTED =
      List.of(
          REASON,
          "field",
          "detail",
          "payload",
          RECEIVED,
          "contract_version",
          "topic",
          TOPIC_PARTITION,
          TOPIC_OFFSET);

  public StreamContract {
    fields = List.copyOf(fields);
  }

  /** What makes an event itself. */
  public sealed interface EventId {
    /** A required field of type uuid or string holds it. */
    record Declared(String field) implements EventId {}

    /**
     * The source has no id: a 128-bit hash of these fields is the id, kept as the uuid column
     * {@code event_id}.
     */
    record Derived(List<String> fields) implements EventId {
      public Derived {
        fields = List.copyOf(fields);
      }
    }
  }

  /** How a bronze table is partitioned. */
  public sealed interface Layout {
    /** By range: one partition for each UTC day of a timestamp or date field. */
    record Day(String field) implements Layout {}

    /** By hash: Iceberg's bucket transform of a field into {@code count} partitions. */
    record Bucket(String field, int count) implements Layout {}
  }

  /** Which changes of a contract are accepted; Avro's terms. */
  public enum Evolution {
    BACKWARD,
    FORWARD,
    FULL
  }

  /**
   * How a CSV file becomes events.
   *
   * @param delimiter one character
   * @param columns header name to field name; columns that are not named are not read
   * @param timestampPattern a {@link java.time.format.DateTimeFormatter} pattern; without one, RFC
   *     3339
   * @param zone the zone of timestamps whose pattern has none
   */
  public record Csv(
      char delimiter, Map<String, String> columns, Optional<String> timestampPattern, ZoneId zone) {
    public Csv {
      columns = Map.copyOf(columns);
    }
  }

  /** The position of a field in {@link #fields}. */
  public int position(String field) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equals(field)) {
        return i;
      }
    }
    throw new IllegalArgumentException(name + " has no field " + field);
  }

  public Field field(String field) {
    return fields.get(position(field));
  }

  /** The field that a path names, {@code item.price} or {@code items[2].price}, if there is one. */
  public Optional<Field> find(String path) {
    Type type = new Type.Struct(fields);
    Optional<Field> found = Optional.empty();
    for (String name : path.replaceAll("\\[[0-9]+]", "").split("\\.", -1)) {
      while (type instanceof Type.ListOf list) {
        type = list.element();
      }
      if (!(type instanceof Type.Struct struct)) {
        return Optional.empty();
      }
      found = struct.fields().stream().filter(field -> field.isCalled(name)).findFirst();
      if (found.isEmpty()) {
        return found;
      }
      type = found.get().type();
    }
    return found;
  }

  /** Whether events tell who somebody is. */
  public boolean isPersonal() {
    return fields.stream().anyMatch(Field::isPersonal);
  }

  /** What a contract is called that cannot follow this one: {@code clicks@2} beside clicks. */
  public String next() {
    int at = name.indexOf('@');
    return at < 0
        ? name + "@2"
        : name.substring(0, at + 1) + (Integer.parseInt(name.substring(at + 1)) + 1);
  }

  /** The same contract, as one of its accepted versions. */
  public StreamContract withVersion(int accepted) {
    return with(accepted, fields);
  }

  /** The same contract with other fields. */
  public StreamContract withFields(List<Field> others) {
    return with(version, others);
  }

  private StreamContract with(int otherVersion, List<Field> otherFields) {
    return new StreamContract(
        name,
        description,
        owner,
        otherVersion,
        key,
        eventId,
        eventTime,
        lateness,
        repeatWindow,
        topicPartitions,
        layout,
        evolution,
        maxRejectedPercent,
        otherFields,
        csv,
        live,
        sessionGap);
  }

  /** The columns of each table of the stream, in their order. */
  public SortedMap<TableName, List<String>> tables() {
    List<String> accepted = new ArrayList<>(fields.stream().map(Field::name).toList());
    if (eventId instanceof EventId.Derived) {
      accepted.add(EVENT_ID);
    }
    accepted.addAll(List.of(RECEIVED, TOPIC_PARTITION, TOPIC_OFFSET));
    List<String> setAside = new ArrayList<>(accepted);
    setAside.add(REASON);
    if (sessionGap.isPresent()) {
      accepted.add(SESSION_STARTED);
    }
    SortedMap<TableName, List<String>> tables = new TreeMap<>();
    tables.put(bronze(), List.copyOf(accepted));
    tables.put(TableName.repeated(name), List.copyOf(setAside));
    tables.put(TableName.late(name), List.copyOf(setAside));
    tables.put(TableName.rejected(name), REJECTED);
    return tables;
  }

  /** The topic of events as they were accepted; Kafka's names have no {@code @}. */
  public String topic() {
    return name.replace("@", ".v");
  }

  /** The topic of events that were rejected at the door. */
  public String rejectedTopic() {
    return topic() + ".rejected";
  }

  /** The topic of the rows that live values are told of, where a stream keeps them. */
  public String liveTopic() {
    return topic() + ".live";
  }

  public TableName bronze() {
    return TableName.bronze(name);
  }
}
