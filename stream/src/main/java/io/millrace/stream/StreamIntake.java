package io.millrace.stream;

import io.millrace.core.Meters;
import io.millrace.core.Row;
import io.millrace.core.TableName;
import io.millrace.core.ValueRow;
import io.millrace.event.EventDecoder;
import io.millrace.event.EventHeaders;
import io.millrace.event.EventIdentity;
import io.millrace.event.LiveRows;
import io.millrace.event.Protection;
import io.millrace.event.StoredRow;
import io.millrace.event.Verdict;
import io.millrace.lake.Commits.NewRows;
import io.millrace.lake.Erasures.Erasure;
import io.millrace.lake.Lake;
import io.millrace.lake.Schemas;
import io.millrace.project.StreamContract;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** One stream in one thread: decides what becomes of an event, and writes it where it belongs. */
final class StreamIntake implements Closeable {

  private static final byte[] NOTHING = new byte[0];

  private final StreamContract contract;

  /** Of a stream whose events tell who somebody is. */
  private final Optional<PersonalData> personal;

  private final EventDecoder decoder;
  private final long latenessMicros;
  private final Map<Outcome, TableIntake> tables = new EnumMap<>(Outcome.class);
  private final Map<Outcome, byte[]> reasons = new EnumMap<>(Outcome.class);
  private final Map<Outcome, LongAdder> counters = new EnumMap<>(Outcome.class);
  private final StoredRow row;

  /** Where the value is whose sessions are kept, and its hash: that of what tables hold of it. */
  private final int keyPosition;

  private final EventIdentity key;

  /** Told of accepted rows, if the stream keeps live values. */
  private final Consumer<Row> live;

  private Verdict verdict = Verdict.ACCEPTED;
  private long received;

  StreamIntake(
      StreamContract contract,
      int maxEventBytes,
      Lake lake,
      Meters meters,
      Optional<PersonalData> personal,
      Optional<LiveSink> live) {
    this.contract = contract;
    this.live = live.map(it -> telling(contract, it)).orElse(row -> {});
    this.personal = personal;
    this.decoder = new EventDecoder(contract, maxEventBytes);
    this.row =
        new StoredRow(
            decoder.row(), personal.map(PersonalData::protection).orElse(Protection.NONE));
    this.keyPosition = contract.position(contract.key());
    this.key = EventIdentity.derived(contract.fields(), keyPosition);
    this.latenessMicros = contract.lateness().toNanos() / 1000;
    for (Outcome outcome : Outcome.values()) {
      reasons.put(outcome, ValueRow.utf8(outcome.toString()));
      TableName table = outcome.table(contract);
      tables.put(outcome, new TableIntake(lake, table, Schemas.tables(contract).get(table)));
      counters.put(
          outcome,
          meters.counter(
              "millrace_stream_events_total",
              "Records that the stream job has decided about.",
              "stream",
              contract.name(),
              "verdict",
              outcome.toString()));
    }
  }

  private static Consumer<Row> telling(StreamContract contract, LiveSink sink) {
    if (contract.live().isEmpty()) {
      return row -> {};
    }
    LiveRows rows = new LiveRows(contract, Schemas.bronze(contract));
    return row -> sink.tell(contract, rows.of(row));
  }

  StreamContract contract() {
    return contract;
  }

  /** From the next record on goes by these erasures. */
  void goBy(List<Erasure> erasures) {
    personal.ifPresent(it -> it.goBy(erasures));
  }

  /** Decides; the decoder holds the values until the next event. */
  Outcome decide(ConsumerRecord<byte[], byte[]> record, RepeatWindow window) {
    long at = receivedMicros(record);
    if (!record.topic().equals(contract.topic())) {
      received = at;
      return Outcome.REJECTED; // at the door
    }
    byte[] value = value(record);
    if (!keepsContract(value, 0, value.length, at)) {
      return Outcome.REJECTED;
    }
    return outcome(window.isFirst(decoder.idHigh(), decoder.idLow(), record.timestamp()));
  }

  /**
   * Decides by the contract alone; the decoder holds the values until the next event.
   *
   * @param at when it was received, or {@link EventDecoder#AT_EVENT_TIME}
   */
  boolean keepsContract(byte[] json, int offset, int length, long at) {
    verdict = decoder.decode(json, offset, length, at);
    received = verdict == Verdict.ACCEPTED ? decoder.receivedMicros() : at;
    return verdict == Verdict.ACCEPTED;
  }

  /** Of the event that was decided last, which keeps the contract. */
  Outcome outcome(boolean isFirst) {
    if (!isFirst) {
      return Outcome.REPEATED;
    }
    return received - decoder.eventTimeMicros() > latenessMicros ? Outcome.LATE : Outcome.ACCEPTED;
  }

  /** The id of the event that was decided last, which keeps the contract. */
  long idHigh() {
    return decoder.idHigh();
  }

  long idLow() {
    return decoder.idLow();
  }

  /** Why the event that was decided last does not keep the contract. */
  Verdict.Rejected breach() {
    return (Verdict.Rejected) verdict;
  }

  /**
   * The row of the record that was decided last, if it belongs to no session; it lasts until the
   * next is decided.
   */
  Row row(Outcome outcome, ConsumerRecord<byte[], byte[]> record) {
    return row(outcome, record, StoredRow.NO_SESSION);
  }

  /**
   * The row of the record that was decided last; it lasts until the next is decided.
   *
   * @param session that it belonged to, if it was accepted before
   */
  Row row(Outcome outcome, ConsumerRecord<byte[], byte[]> record, long session) {
    if (outcome == Outcome.REJECTED) {
      return rejected(record);
    }
    StoredRow kept = kept(outcome, record.partition(), record.offset());
    return outcome == Outcome.ACCEPTED ? kept.inSession(session) : kept;
  }

  private StoredRow kept(Outcome outcome, int partition, long offset) {
    StoredRow kept = row.at(received, partition, offset);
    return outcome == Outcome.ACCEPTED ? kept : kept.because(reasons.get(outcome));
  }

  /** Writes the record that was decided last, and keeps its session where sessions are kept. */
  void write(
      Outcome outcome, ConsumerRecord<byte[], byte[]> record, Optional<SessionWindow> sessions) {
    Row written = row(outcome, record);
    if (outcome == Outcome.ACCEPTED && sessions.isPresent()) {
      row.inSession(session(record, sessions.get()));
    }
    write(outcome, written);
  }

  /** Has the record that was decided last count for its session as it did when it was written. */
  void remember(Outcome outcome, ConsumerRecord<byte[], byte[]> record, SessionWindow sessions) {
    if (outcome == Outcome.ACCEPTED) {
      Row unused = row(outcome, record);
      long unusedStart = session(record, sessions);
    }
  }

  /** Of the record whose row was made last. */
  private long session(ConsumerRecord<byte[], byte[]> record, SessionWindow sessions) {
    if (row.isNull(keyPosition)) {
      return StoredRow.NO_SESSION;
    }
    key.find(decoder.row());
    return sessions.startOf(key.high(), key.low(), decoder.eventTimeMicros(), record.timestamp());
  }

  /** Writes the event that was decided last, which keeps the contract. */
  void write(Outcome outcome, int partition, long offset) {
    write(outcome, kept(outcome, partition, offset));
  }

  /** Writes the event that was decided last, which does not keep the contract. */
  void writeRejected(byte[] payload, long receivedMicros, int partition, long offset) {
    received = receivedMicros;
    write(Outcome.REJECTED, rejected(payload, partition, offset));
  }

  /** The row of the event that was decided last, which does not keep the contract. */
  Row rejected(byte[] payload, int partition, long offset) {
    return rejected(
        why(breach()), payload, contract.version(), contract.topic(), partition, offset);
  }

  private void write(Outcome outcome, Row row) {
    tables.get(outcome).write(row);
    if (outcome == Outcome.ACCEPTED) {
      live.accept(row);
    }
    counters.get(outcome).increment();
  }

  private Row rejected(ConsumerRecord<byte[], byte[]> record) {
    boolean here = record.topic().equals(contract.topic()) && verdict instanceof Verdict.Rejected;
    Object[] why =
        here
            ? why(breach())
            : new Object[] {
              text(record, EventHeaders.REASON),
              text(record, EventHeaders.FIELD),
              text(record, EventHeaders.DETAIL)
            };
    return rejected(
        why,
        value(record),
        contractVersion(record),
        record.topic(),
        record.partition(),
        record.offset());
  }

  private static Object[] why(Verdict.Rejected breach) {
    return new Object[] {
      ValueRow.utf8(breach.reason().toString()),
      ValueRow.utf8(breach.field()),
      ValueRow.utf8(breach.detail())
    };
  }

  private Row rejected(
      Object[] why, byte[] payload, long version, String topic, long partition, long offset) {
    byte[] kept = payload;
    if (personal.isPresent()) {
      why[2] = personal.get().detail((byte[]) why[1], (byte[]) why[2]);
      kept = personal.get().sealed(payload, received);
    }
    return ValueRow.of(
        why[0], why[1], why[2], kept, received, version, ValueRow.utf8(topic), partition, offset);
  }

  private static byte[] value(ConsumerRecord<byte[], byte[]> record) {
    return record.value() == null ? NOTHING : record.value();
  }

  /** Others may write the topic as well, and what is no UTF-8 would not be read as written. */
  private static byte[] text(ConsumerRecord<byte[], byte[]> record, String header) {
    return header(record, header)
        .map(found -> ValueRow.utf8(new String(found.value(), StandardCharsets.UTF_8)))
        .orElse(NOTHING);
  }

  private long contractVersion(ConsumerRecord<byte[], byte[]> record) {
    return header(record, EventHeaders.CONTRACT_VERSION)
        .filter(header -> header.value().length == Integer.BYTES)
        .map(header -> (long) ByteBuffer.wrap(header.value()).getInt())
        .orElse((long) contract.version());
  }

  /** Others may write the topic as well: without the header, when the broker took it. */
  private static long receivedMicros(ConsumerRecord<byte[], byte[]> record) {
    Header header = record.headers().lastHeader(EventHeaders.RECEIVED);
    return header != null && header.value() != null && header.value().length == Long.BYTES
        ? ByteBuffer.wrap(header.value()).getLong()
        : record.timestamp() * 1000;
  }

  private static Optional<Header> header(ConsumerRecord<byte[], byte[]> record, String name) {
    return Optional.ofNullable(record.headers().lastHeader(name))
        .filter(header -> header.value() != null);
  }

  /** What was written since this was last asked, a part for each table that got rows. */
  List<NewRows> takeRows() {
    List<NewRows> parts = new ArrayList<>();
    for (TableIntake table : tables.values()) {
      table.take().ifPresent(parts::add);
    }
    return parts;
  }

  @Override
  public void close() {
    tables.values().forEach(TableIntake::close);
  }
}
