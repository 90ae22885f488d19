package io.millrace.boot.faults;

import io.millrace.core.MillraceException;
import io.millrace.event.EventDecoder;
import io.millrace.event.RandomEvents;
import io.millrace.event.Verdict.Rejected;
import io.millrace.project.Field;
import io.millrace.project.Settings;
import io.millrace.project.StreamContract;
import io.millrace.project.StreamContract.EventId;
import io.millrace.project.Type;
import io.millrace.prove.EventIds;
import io.millrace.prove.Promise;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/** Makes events of one stream, none like another, and knows what must become of each. */
final class EventMaker {

  private static final int ATTEMPTS = 100;
  private static final int DISTANT_DAYS = 1_000;
  private static final int ID_LENGTH = 36;

  /** Other times and days of an event lie around the present, as those of real ones do. */
  private static final Duration SPREAD = Duration.ofDays(3);

  /**
   * Empty texts, and those of one letter, are soon in many events. Where models join by them, each
   * of those meets each, so that what a build costs would grow with the square of the load.
   */
  private static final int SHORTEST_TEXT = 8;

  /**
   * An event to send.
   *
   * @param json without line breaks
   */
  record Made(String json, String id, Promise promise) {}

  private final StreamContract contract;
  private final int maxEventBytes;
  private final Random random;
  private final RandomEvents events;
  private final EventDecoder decoder;
  private final Set<UUID> known = new HashSet<>();

  EventMaker(StreamContract contract, Settings settings, long seed, Instant around) {
    this.contract = contract;
    this.maxEventBytes = settings.maxEventBytes();
    this.random = new Random(seed);
    this.events = new RandomEvents(seed, around, SPREAD, SHORTEST_TEXT);
    this.decoder = new EventDecoder(contract, settings.maxEventBytes());
  }

  /** An event that happens now. */
  Made fresh(Instant now) {
    return accepted(now, now, Promise.KEPT);
  }

  /** A moment so far back that whatever happened then is late. */
  Instant longAgo(Instant now) {
    return now.minus(contract.lateness())
        .minus(Duration.ofHours(1 + random.nextInt(24 * DISTANT_DAYS)));
  }

  /** An event that happened at such a moment. */
  Made late(Instant then, Instant now) {
    return accepted(then, now, Promise.LATE);
  }

  /** An event that says it will happen. */
  Made ahead(Instant now) {
    Instant then =
        now.plus(EventDecoder.MAX_AHEAD)
            .plus(Duration.ofHours(1 + random.nextInt(24 * DISTANT_DAYS)));
    return rejected(object(then), now);
  }

  /** An event that breaks its contract, in one of several ways. */
  Made malformed(Instant now) {
    String event = object(now);
    return rejected(
        switch (random.nextInt(4)) {
          case 0 -> event.substring(1).strip();
          case 1 -> event + "}";
          case 2 -> "[" + event + "]";
          default -> event.substring(0, event.length() - 1) + ",";
        },
        now);
  }

  /** An event that is larger than the largest that is accepted. */
  Made oversized(Instant now) {
    String event = object(now);
    String more = ",\"padding\":\"" + "x".repeat(maxEventBytes) + "\"}";
    return rejected(event.substring(0, event.lastIndexOf('}')) + more, now);
  }

  /**
   * The field that makes an event itself, or helps to, and takes any text of an id's length.
   *
   * @throws MillraceException if the contract has none
   */
  static Field carrier(StreamContract contract) {
    List<String> names =
        contract.eventId() instanceof EventId.Derived derived
            ? derived.fields()
            : List.of(((EventId.Declared) contract.eventId()).field());
    return names.stream()
        .map(contract::field)
        .filter(EventMaker::takesId)
        .findFirst()
        .orElseThrow(
            () ->
                MillraceException.caller(
                    "Cannot number the events of %s: none of %s is a uuid, or a string of any %d characters, without personal data"
                        .formatted(contract.name(), names, ID_LENGTH)));
  }

  private static boolean takesId(Field field) {
    boolean isRoomy =
        field.type() == Type.Scalar.UUID
            || (field.type() == Type.Scalar.STRING
                && field.oneOf().isEmpty()
                && field.maxLength() >= ID_LENGTH);
    // Of personal data tables need not hold what was sent.
    return isRoomy && !field.isPersonal();
  }

  /** An event to be filled in. */
  EventPattern pattern(Instant now) {
    Map<String, String> given =
        Map.of(carrier(contract).name(), EventPattern.ID, contract.eventTime(), EventPattern.TIME);
    EventPattern pattern = new EventPattern(inOneLine(events.object(contract.fields(), given)));
    ByteArrayOutputStream filled = new ByteArrayOutputStream();
    pattern.fill(new UUID(random.nextLong(), random.nextLong()).toString(), timeText(now), filled);
    requireAccepted(filled.toByteArray(), now);
    return pattern;
  }

  static String timeText(Instant time) {
    return time.truncatedTo(ChronoUnit.MICROS).toString();
  }

  private void requireAccepted(byte[] bytes, Instant now) {
    if (decoder.decode(bytes, 0, bytes.length, micros(now)) instanceof Rejected breach) {
      throw MillraceException.us(
          "Cannot make an event of %s: %s: %s: %s"
              .formatted(
                  contract.name(),
                  breach.field(),
                  breach.detail(),
                  new String(bytes, StandardCharsets.UTF_8)));
    }
  }

  private Made accepted(Instant then, Instant now, Promise promise) {
    for (int i = 0; i < ATTEMPTS; i++) {
      UUID declared = new UUID(random.nextLong(), random.nextLong());
      String json = object(then, declared);
      requireAccepted(json.getBytes(StandardCharsets.UTF_8), now);
      if (known.add(new UUID(decoder.idHigh(), decoder.idLow()))) {
        return new Made(json, id(declared), promise);
      }
    }
    throw MillraceException.caller(
        "Cannot try %s: the fields its event id is derived from have too few values to tell events apart"
            .formatted(contract.name()));
  }

  private Made rejected(String json, Instant now) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    if (!(decoder.decode(bytes, 0, bytes.length, micros(now)) instanceof Rejected)) {
      throw MillraceException.us(
          "Cannot break an event of %s: %s".formatted(contract.name(), json));
    }
    return new Made(json, EventIds.ofRejected(bytes), Promise.REJECTED);
  }

  private String object(Instant then) {
    return object(then, new UUID(random.nextLong(), random.nextLong()));
  }

  private String object(Instant then, UUID declared) {
    Map<String, String> given = new HashMap<>();
    given.put(contract.eventTime(), quoted(timeText(then)));
    if (contract.eventId() instanceof EventId.Declared id) {
      given.put(id.field(), quoted(text(id.field(), declared)));
    }
    return inOneLine(events.object(contract.fields(), given));
  }

  private static String inOneLine(String json) {
    // White space between values may be a line break, and text never has one that is not escaped.
    return json.replace('\n', ' ').replace('\r', ' ');
  }

  /** A name with no more bytes than the field takes. */
  private String text(String field, UUID declared) {
    String text = declared.toString();
    return text.substring(0, Math.min(text.length(), contract.field(field).maxLength()));
  }

  private String id(UUID declared) {
    return contract.eventId() instanceof EventId.Declared id
            && contract.field(id.field()).type() == Type.Scalar.STRING
        ? text(id.field(), declared)
        : EventIds.of(decoder.idHigh(), decoder.idLow());
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }
}
