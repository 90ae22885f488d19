package io.millrace.event;

import io.millrace.project.Field;
import io.millrace.project.StreamContract;
import io.millrace.project.StreamContract.EventId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Decides whether an event keeps its contract, and reads its values, in one pass over its bytes.
 * Not safe for use by several threads; one decoder serves any number of events.
 */
public final class EventDecoder {

  /*
   * Why it looks as it does. Every event passes here twice, at the collector and in the stream, so
   * what this costs bounds the whole product.
   *
   * One pass. A tokenizer that a binder drives would touch each byte, then each token, then each
   * value. Here the contract drives: each field has a reader that knows which bytes it may meet,
   * checks them as JSON and as its type at once, and stores the value where it belongs. Positions
   * are passed and returned instead of kept in a field, so that they stay in registers; a negative
   * one is the only error path, and ends the pass without an exception.
   *
   * Nothing is made. Values go to primitive slots; a string is an offset and a length in the
   * event's own bytes, and only one with escapes is written out, into a buffer that is never
   * shorter than the event, so no write needs a check. Rows of structs and elements are made the
   * first time they are needed and kept.
   *
   * Names are guessed. After each field the one that came next last time is compared first, with
   * its quotes; only a wrong guess costs a hash and a probe. Strings are scanned eight bytes to a
   * step, since an event is mostly strings.
   *
   * Two kinds of failure. What is not JSON ends the pass. A breach of the contract is noted, the
   * first one only, and the pass goes on, because a caller who sends broken JSON should hear that
   * and not that some field is too long. Required fields can only be missed at the end of an
   * object; each object raises one flag, and only if it is up are the rows searched for the first.
   *
   * Left out: a general parser below this (names and texts become objects, duplicate names need a
   * set); an index of the structure made first with vector instructions (that API is an incubator
   * on Java 17); doubles of more than 15 digits without the JDK's parser, which makes objects. A
   * profile in which Double.parseDouble shows would reopen the last.
   */

  /** How deep objects and arrays may nest. */
  public static final int MAX_DEPTH = 32;

  /** How many elements the lists of one event may have in all. */
  public static final int MAX_ELEMENTS = 10_000;

  /** How far the event's time may lie after the time it was received: clocks differ. */
  public static final Duration MAX_AHEAD = Duration.ofMinutes(5);

  /** In place of the time received: history, taken as received when it happened. */
  public static final long AT_EVENT_TIME = Long.MIN_VALUE;

  /**
   * Rows inside rows are kept, each as large as it ever was. Events can make each of them large in
   * turn.
   */
  static final int MAX_KEPT_SLOTS = 1 << 16;

  private static final long MAX_AHEAD_MICROS = MAX_AHEAD.toNanos() / 1_000;

  private final int maxEventBytes;
  private final int timePosition;
  private final int keyPosition;
  private final int idPosition;
  private final EventBytes event = new EventBytes();
  private final JsonScanner json = new JsonScanner(event);
  private final StructReader fields;
  private final EventIdentity identity;
  private final EventRow row;
  private long receivedMicros;

  /**
   * @param maxEventBytes the largest event that is accepted
   */
  public EventDecoder(StreamContract contract, int maxEventBytes) {
    this.maxEventBytes = maxEventBytes;
    timePosition = contract.position(contract.eventTime());
    keyPosition = contract.position(contract.key());
    identity = identity(contract);
    fields = new StructReader(contract.fields(), requiredFields(contract), event, json);
    row = fields.newRow(identity.isDerived() ? 1 : 0);
    idPosition = contract.fields().size();
  }

  private static EventIdentity identity(StreamContract contract) {
    if (contract.eventId() instanceof EventId.Declared declared) {
      return EventIdentity.declared(
          contract.position(declared.field()), contract.field(declared.field()).type());
    }
    List<String> names = ((EventId.Derived) contract.eventId()).fields();
    return EventIdentity.derived(
        contract.fields(), names.stream().mapToInt(contract::position).toArray());
  }

  /** Without its time and its declared id no event can be placed, whatever else is required. */
  private static Set<String> requiredFields(StreamContract contract) {
    Set<String> required = new HashSet<>(Set.of(contract.eventTime()));
    contract.fields().stream().filter(Field::required).map(Field::name).forEach(required::add);
    if (contract.eventId() instanceof EventId.Declared declared) {
      required.add(declared.field());
    }
    return required;
  }

  /**
   * Decides about the event in {@code json[offset, offset+length)}.
   *
   * @param receivedMicros when it was received, microseconds since 1970; or {@link #AT_EVENT_TIME}
   */
  public Verdict decode(byte[] json, int offset, int length, long receivedMicros) {
    Objects.checkFromIndexSize(offset, length, json.length);
    if (length > maxEventBytes) {
      String detail = length + " bytes are more than the limit of " + maxEventBytes;
      return new Verdict.Rejected(Reason.TOO_LARGE, "", detail, maxEventBytes);
    }
    if (event.slots > MAX_KEPT_SLOTS) {
      row.forget();
    }
    event.begin(json, offset, length);
    this.json.begin();
    int at = event.skipSpace(offset);
    if (at == event.end) {
      return new Verdict.Rejected(Reason.EMPTY, "", "No bytes, or white space only", length);
    }
    if (readEvent(at) && event.verdict() == Verdict.ACCEPTED) {
      settle(receivedMicros);
    }
    return event.verdict();
  }

  /** False if the event is not one JSON value. */
  private boolean readEvent(int at) {
    boolean isObject = event.byteAt(at) == '{';
    int end = isObject ? fields.readObject(at, row) : json.skip(at);
    if (end < 0) {
      return false;
    }
    int rest = event.skipSpace(end);
    if (rest < event.end) {
      event.unexpected(rest, "nothing after the event");
      return false;
    }
    if (!isObject) {
      String found = Sentences.excerpt(event.bytes, at, end);
      event.breach(Reason.NOT_AN_OBJECT, "", at, found + " is not an object");
    }
    return true;
  }

  /** What can be said only when all values are known. */
  private void settle(long received) {
    if (event.lacksRequired && fields.noteMissing(row, "")) {
      return;
    }
    long time = row.longAt(timePosition);
    receivedMicros = received == AT_EVENT_TIME ? time : received;
    if (time - MAX_AHEAD_MICROS > receivedMicros) {
      String detail =
          "%s is more than %d minutes after it was received, at %s"
              .formatted(instant(time), MAX_AHEAD.toMinutes(), instant(receivedMicros));
      String name = fields.name(timePosition);
      event.breach(Reason.IN_THE_FUTURE, name, (int) row.highs[timePosition], detail);
      return;
    }
    identity.find(row);
    if (identity.isDerived()) {
      int target = event.scratchEnd;
      EventRow.BIG_ENDIAN.set(event.scratch, target, identity.high());
      EventRow.BIG_ENDIAN.set(event.scratch, target + Long.BYTES, identity.low());
      event.scratchEnd += 2 * Long.BYTES;
      row.setBytes(idPosition, EventRow.IN_SCRATCH, target, 2 * Long.BYTES);
    }
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /** The values of the last event that was accepted; they may point into its bytes. */
  public EventRow row() {
    return row;
  }

  /** The time of the last accepted event, microseconds since 1970. */
  public long eventTimeMicros() {
    return row.longAt(timePosition);
  }

  /** When the last accepted event was received, with {@link #AT_EVENT_TIME} resolved. */
  public long receivedMicros() {
    return receivedMicros;
  }

  /** The upper 64 bits of the last accepted event's 128-bit id; see {@link #idLow}. */
  public long idHigh() {
    return identity.high();
  }

  /** The lower 64 bits: of the uuid itself, or of a 128-bit hash of another id. */
  public long idLow() {
    return identity.low();
  }

  /** Where the key's bytes are, to be read as {@code row().bytesAt(keyPosition())} and so on. */
  public int keyPosition() {
    return keyPosition;
  }
}
