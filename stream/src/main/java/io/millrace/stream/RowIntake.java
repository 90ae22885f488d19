package io.millrace.stream;

import io.millrace.core.Meters;
import io.millrace.core.MillraceException;
import io.millrace.core.Row;
import io.millrace.core.ValueRow;
import io.millrace.event.EventDecoder;
import io.millrace.event.EventHeaders;
import io.millrace.event.RowJson;
import io.millrace.event.Verdict;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.project.Field;
import io.millrace.project.Personal;
import io.millrace.project.Personal.Treatment;
import io.millrace.project.StreamContract;
import io.millrace.project.StreamContract.EventId;
import io.millrace.project.Type;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Decides again about rows of a stream's tables: about a rejected event by its bytes, about others
 * by their values, written as JSON for the same decoder. For one thread.
 */
final class RowIntake implements Closeable {

  /** What the contract says of a row now. */
  enum Now {
    /** Unless it is a repeat. */
    ACCEPTED,
    /** The same. */
    LATE,
    /** Its row in quarantine is another, or it has none. */
    REJECTED,
    /** And its row is as it was. */
    REJECTED_AS_BEFORE
  }

  private static final byte[] NOTHING = new byte[0];

  private final StreamContract contract;
  private final Optional<PersonalData> personal;
  private final Map<Outcome, RebuiltTable> tables;

  /** Decides about bytes. */
  private final StreamIntake events;

  /** Decides about values as tables have them. */
  private final StreamIntake values;

  /** Finds the ids of values that do not keep the contract any longer. */
  private final EventDecoder ids;

  private final Map<Outcome, Json> json = new EnumMap<>(Outcome.class);
  private final Map<Outcome, Map<Outcome, ReorderedRow>> moves = new EnumMap<>(Outcome.class);
  private final Rejected rejected;
  private long idHigh;
  private long idLow;

  /**
   * @param events decides as the stream does
   */
  RowIntake(
      StreamContract contract,
      Lake lake,
      Map<Outcome, RebuiltTable> tables,
      StreamIntake events,
      Optional<PersonalData> personal) {
    this.contract = contract;
    this.personal = personal;
    this.tables = tables;
    this.events = events;
    // How long an event was that is a row now, nobody knows.
    this.values =
        new StreamIntake(
            contract.withFields(each(contract.fields(), RowIntake::asStored)),
            Integer.MAX_VALUE,
            lake,
            new Meters(),
            Optional.empty(),
            Optional.empty());
    this.ids =
        new EventDecoder(
            contract.withFields(each(contract.fields(), field -> unbound(field, false))),
            Integer.MAX_VALUE);
    this.rejected = new Rejected(tables.get(Outcome.REJECTED).heldColumns());
    for (Outcome outcome : Outcome.values()) {
      if (outcome != Outcome.REJECTED) {
        json.put(outcome, new Json(contract, tables.get(outcome).heldColumns()));
      }
    }
  }

  private static List<Field> each(List<Field> fields, UnaryOperator<Field> change) {
    return fields.stream().map(change).toList();
  }

  /** A pseudonym and what a mask leaves have to keep nothing that was asked of the value. */
  private static Field asStored(Field field) {
    boolean replaced =
        field.personal().map(Personal::treatment).stream().anyMatch(it -> it != Treatment.CLEAR);
    return replaced
        ? unbound(field, field.required())
        : withType(field, within(field.type(), RowIntake::asStored));
  }

  private static Field unbound(Field field, boolean required) {
    Field free =
        new Field(
            field.name(),
            field.type(),
            required,
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Integer.MAX_VALUE,
            field.description(),
            field.aliases(),
            field.deprecated(),
            field.personal());
    return withType(free, within(field.type(), it -> unbound(it, false)));
  }

  private static Type within(Type type, UnaryOperator<Field> change) {
    if (type instanceof Type.Struct struct) {
      return new Type.Struct(each(struct.fields(), change));
    }
    return type instanceof Type.ListOf list
        ? new Type.ListOf(within(list.element(), change))
        : type;
  }

  private static Field withType(Field field, Type type) {
    return new Field(
        field.name(),
        type,
        field.required(),
        field.oneOf(),
        field.min(),
        field.max(),
        field.maxLength(),
        field.description(),
        field.aliases(),
        field.deprecated(),
        field.personal());
  }

  /** An event's own columns of a table, also those that the contract no longer names, as JSON. */
  private static final class Json {
    private final RowJson json;
    private final ReorderedRow own;
    private final int received;

    /** Of values as they came: tables may have others, which another id would be derived from. */
    private final int derivedId;

    Json(StreamContract contract, List<Field> columns) {
      Set<String> added =
          new HashSet<>(
              List.of(
                  StreamContract.RECEIVED,
                  StreamContract.TOPIC_PARTITION,
                  StreamContract.TOPIC_OFFSET,
                  StreamContract.SESSION_STARTED,
                  StreamContract.REASON));
      if (contract.eventId() instanceof EventId.Derived) {
        added.add(StreamContract.EVENT_ID);
      }
      List<Field> of = columns.stream().filter(it -> !added.contains(it.name())).toList();
      json = new RowJson(of);
      own = ReorderedRow.of(columns, of, "", NOTHING);
      List<String> names = columns.stream().map(Field::name).toList();
      received = names.indexOf(StreamContract.RECEIVED);
      derivedId =
          contract.eventId() instanceof EventId.Derived
              ? names.indexOf(StreamContract.EVENT_ID)
              : -1;
    }

    byte[] of(Row row) {
      return json.of(own.of(row)).getBytes(StandardCharsets.UTF_8);
    }

    long received(Row row) {
      return row.longAt(received);
    }

    Optional<ByteBuffer> derivedId(Row row) {
      return derivedId < 0
          ? Optional.empty()
          : Optional.of(
              ByteBuffer.wrap(
                  row.bytesAt(derivedId), row.offsetAt(derivedId), row.lengthAt(derivedId)));
    }
  }

  /** Rows of quarantine as the records that they came from. */
  private final class Rejected {
    private final int topic;
    private final int partition;
    private final int offset;
    private final int received;
    private final int version;
    private final int payload;

    Rejected(List<Field> columns) {
      List<String> names = columns.stream().map(Field::name).toList();
      topic = names.indexOf("topic");
      partition = names.indexOf(StreamContract.TOPIC_PARTITION);
      offset = names.indexOf(StreamContract.TOPIC_OFFSET);
      received = names.indexOf(StreamContract.RECEIVED);
      version = names.indexOf("contract_version");
      payload = names.indexOf("payload");
    }

    boolean isAtTheDoor(Row row) {
      return !topic(row).equals(contract.topic());
    }

    long received(Row row) {
      return row.longAt(received);
    }

    ConsumerRecord<byte[], byte[]> record(Row row) {
      byte[] kept = bytes(row, payload);
      ConsumerRecord<byte[], byte[]> record =
          new ConsumerRecord<>(
              topic(row),
              (int) row.longAt(partition),
              row.longAt(offset),
              null,
              personal.map(it -> it.opened(kept)).orElse(kept));
      record
          .headers()
          .add(
              EventHeaders.RECEIVED,
              ByteBuffer.allocate(Long.BYTES).putLong(received(row)).array());
      if (!row.isNull(version)) {
        record
            .headers()
            .add(
                EventHeaders.CONTRACT_VERSION,
                ByteBuffer.allocate(Integer.BYTES).putInt((int) row.longAt(version)).array());
      }
      return record;
    }

    private String topic(Row row) {
      return new String(bytes(row, topic), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Row row, int at) {
      return row.isNull(at)
          ? NOTHING
          : Arrays.copyOfRange(
              row.bytesAt(at), row.offsetAt(at), row.offsetAt(at) + row.lengthAt(at));
    }
  }

  /**
   * Decides about a row of a table.
   *
   * @param row of all columns of the table
   */
  Now decide(Outcome was, Row row) {
    if (was == Outcome.REJECTED) {
      return decideBytes(row);
    }
    Json of = json.get(was);
    byte[] event = of.of(row);
    boolean keeps = values.keepsContract(event, 0, event.length, of.received(row));
    if (!keeps) {
      findId(was, event, of.received(row));
    }
    Now now = keeps ? kept(values) : Now.REJECTED;
    of.derivedId(row)
        .ifPresent(
            id -> {
              idHigh = id.getLong();
              idLow = id.getLong();
            });
    return now;
  }

  private void findId(Outcome was, byte[] event, long received) {
    Verdict verdict = ids.decode(event, 0, event.length, received);
    if (verdict != Verdict.ACCEPTED) {
      throw MillraceException.us(
          "Cannot read a row of %s as an event: %s".formatted(tables.get(was).name(), verdict));
    }
    idHigh = ids.idHigh();
    idLow = ids.idLow();
  }

  /** What was rejected at the door was answered so, and its offsets are of another topic. */
  private Now decideBytes(Row row) {
    if (rejected.isAtTheDoor(row)) {
      return Now.REJECTED_AS_BEFORE;
    }
    ConsumerRecord<byte[], byte[]> record = rejected.record(row);
    if (events.keepsContract(record.value(), 0, record.value().length, rejected.received(row))) {
      return kept(events);
    }
    RebuiltTable table = tables.get(Outcome.REJECTED);
    return table.fingerprint(events.row(Outcome.REJECTED, record)) == table.heldFingerprint(row)
        ? Now.REJECTED_AS_BEFORE
        : Now.REJECTED;
  }

  private Now kept(StreamIntake intake) {
    idHigh = intake.idHigh();
    idLow = intake.idLow();
    return intake.outcome(true) == Outcome.LATE ? Now.LATE : Now.ACCEPTED;
  }

  /** The id of the event that was decided about last, if it ever kept the contract. */
  long idHigh() {
    return idHigh;
  }

  long idLow() {
    return idLow;
  }

  /** Puts a row where it belongs now, in the place of what is held of it. */
  void put(Row row, TopicPartition key, long offset, Outcome was, Outcome now, HeldRows.Held held) {
    RebuiltTable table = tables.get(now);
    if (was == Outcome.REJECTED) {
      ConsumerRecord<byte[], byte[]> record = rejected.record(row);
      boolean unused =
          events.keepsContract(record.value(), 0, record.value().length, rejected.received(row));
      table.take(key, offset, events.row(now, record), held);
    } else if (now == Outcome.REJECTED) {
      byte[] event = json.get(was).of(row);
      boolean unused = values.keepsContract(event, 0, event.length, json.get(was).received(row));
      table.take(key, offset, values.rejected(event, key.partition(), offset), held);
    } else {
      table.move(key, offset, move(was, now).of(row), held);
    }
  }

  private ReorderedRow move(Outcome was, Outcome now) {
    return moves
        .computeIfAbsent(was, from -> new EnumMap<>(Outcome.class))
        .computeIfAbsent(
            now,
            to ->
                ReorderedRow.of(
                    tables.get(was).heldColumns(),
                    tables.get(now).heldColumns(),
                    StreamContract.REASON,
                    ValueRow.utf8(now.toString())));
  }

  @Override
  public void close() {
    values.close();
  }
}
