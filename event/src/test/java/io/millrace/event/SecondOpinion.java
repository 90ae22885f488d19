package io.millrace.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.millrace.core.Row;
import io.millrace.project.Field;
import io.millrace.project.StreamContract;
import io.millrace.project.StreamContract.EventId;
import io.millrace.project.Type;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rules of verdicts said a second time, the plain way: Jackson reads the JSON, BigDecimal the
 * numbers, java.time the times. It shares no code with the decoder, and is as slow as it likes.
 */
final class SecondOpinion {

  private static final JsonFactory JACKSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNestingDepth(10_000)
                  .build())
          .build();

  private static final Pattern DATE = Pattern.compile("(\\d{4})-(\\d{2})-(\\d{2})");
  private static final Pattern TIMESTAMP =
      Pattern.compile(
          "(\\d{4}-\\d{2}-\\d{2})[Tt ](\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?)([Zz]|[+-]\\d{2}:\\d{2})");
  private static final Pattern UUID_FORM =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant END = Instant.parse("9999-12-31T23:59:59Z").plusSeconds(1);

  private static final Set<Reason> MALFORMED =
      EnumSet.of(
          Reason.EMPTY,
          Reason.BAD_ENCODING,
          Reason.BAD_JSON,
          Reason.TOO_DEEP,
          Reason.DUPLICATE_FIELD);

  private static final int MARGIN = 24;

  private final StreamContract contract;
  private int elements;

  SecondOpinion(StreamContract contract) {
    this.contract = contract;
  }

  /** The value of a number that a BigDecimal may not be able to hold, as it is written. */
  private record Digits(String text) {}

  /** A value that breaks the contract. */
  private static final class Breach extends RuntimeException {
    Breach() {
      super("", null, false, false);
    }
  }

  /** The JSON of an event: maps, lists, strings, numbers, booleans, null; empty if it has none. */
  private static Optional<Object> json(byte[] event) {
    try {
      // Jackson's own reader of UTF-8 is laxer than the one of the JDK.
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(event)).toString();
      try (JsonParser parser = JACKSON.createParser(text)) {
        if (parser.nextToken() == null) {
          return Optional.empty();
        }
        Object tree = tree(parser, 0);
        return parser.nextToken() == null ? Optional.of(tree) : Optional.empty();
      }
    } catch (CharacterCodingException | JsonProcessingException | Breach e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final Object NULL = new Object();

  /**
   * Fails unless the decoder says the same of an event, and reads the same values. The event stands
   * between bytes that are none of it.
   */
  void requireAgreement(EventDecoder decoder, byte[] event, long receivedMicros) {
    byte[] within = new byte[event.length + 2 * MARGIN];
    Arrays.fill(within, (byte) '"');
    System.arraycopy(event, 0, within, MARGIN, event.length);
    Verdict verdict = decoder.decode(within, MARGIN, event.length, receivedMicros);
    Optional<List<Object>> values = accept(event, receivedMicros);
    Supplier<String> what = () -> new String(event, UTF_8) + "\n" + verdict;
    assertThat(verdict == Verdict.ACCEPTED).as(what).isEqualTo(values.isPresent());
    if (verdict instanceof Verdict.Rejected rejected) {
      assertThat(MALFORMED.contains(rejected.reason())).as(what).isEqualTo(json(event).isEmpty());
      assertThat(rejected.offset()).as(what).isBetween(0, event.length);
      assertThat(rejected.detail()).as(what).isNotBlank().hasSizeLessThanOrEqualTo(200);
    } else {
      assertThat(same(decoder.row(), contract.fields(), values.orElseThrow())).as(what).isTrue();
    }
  }

  private static Object tree(JsonParser parser, int depth) throws IOException {
    if (parser.currentToken() == null) {
      throw new Breach();
    }
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        requireRoom(depth);
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = whole(parser.currentName());
          parser.nextToken();
          members.put(name, tree(parser, depth + 1));
        }
        return members;
      }
      case START_ARRAY -> {
        requireRoom(depth);
        List<Object> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(tree(parser, depth + 1));
        }
        return items;
      }
      case VALUE_STRING -> {
        return whole(parser.getText());
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        return new Digits(parser.getText());
      }
      case VALUE_TRUE, VALUE_FALSE -> {
        return parser.getBooleanValue();
      }
      case VALUE_NULL -> {
        return NULL;
      }
      default -> throw new Breach();
    }
  }

  private static void requireRoom(int depth) {
    if (depth == EventDecoder.MAX_DEPTH) {
      throw new Breach();
    }
  }

  /** The text itself, unless it has half a character. */
  private static String whole(String text) {
    if (!UTF_8.newEncoder().canEncode(text)) {
      throw new Breach();
    }
    return text;
  }

  /** The values of an event that keeps the contract, in the order of its fields; else empty. */
  private Optional<List<Object>> accept(byte[] event, long receivedMicros) {
    elements = 0;
    try {
      Object tree = json(event).filter(Map.class::isInstance).orElseThrow(Breach::new);
      List<Object> values = struct(contract.fields(), (Map<?, ?>) tree);
      require(values, contract.eventTime());
      if (contract.eventId() instanceof EventId.Declared declared) {
        require(values, declared.field());
      }
      long time = (long) values.get(contract.position(contract.eventTime()));
      long ahead = Duration.ofMinutes(5).toMillis() * 1_000;
      if (receivedMicros != EventDecoder.AT_EVENT_TIME && time - ahead > receivedMicros) {
        return Optional.empty();
      }
      return Optional.of(values);
    } catch (Breach e) {
      return Optional.empty();
    }
  }

  private void require(List<Object> values, String field) {
    if (values.get(contract.position(field)) == NULL) {
      throw new Breach();
    }
  }

  private List<Object> struct(List<Field> fields, Map<?, ?> members) {
    List<Object> values = new ArrayList<>();
    for (Field field : fields) {
      Object json = members.containsKey(field.name()) ? members.get(field.name()) : NULL;
      if (json == NULL && field.required()) {
        throw new Breach();
      }
      values.add(json == NULL ? NULL : value(field, field.type(), json));
    }
    return values;
  }

  private Object value(Field field, Type type, Object json) {
    if (type instanceof Type.Struct struct) {
      return struct(struct.fields(), as(Map.class, json));
    }
    if (type instanceof Type.ListOf list) {
      List<Object> values = new ArrayList<>();
      for (Object item : as(List.class, json)) {
        require(++elements <= EventDecoder.MAX_ELEMENTS);
        values.add(item == NULL ? NULL : value(field, list.element(), item));
      }
      return values;
    }
    if (type instanceof Type.Decimal decimal) {
      BigDecimal value = exact(as(Digits.class, json), decimal.precision(), decimal.scale());
      return within(field, value).setScale(decimal.scale());
    }
    return scalar(field, (Type.Scalar) type, json);
  }

  private static Object scalar(Field field, Type.Scalar type, Object json) {
    return switch (type) {
      case STRING -> text(field, as(String.class, json));
      case BOOLEAN -> as(Boolean.class, json) ? 1L : 0L;
      case INT -> whole(field, json, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case LONG -> whole(field, json, Long.MIN_VALUE, Long.MAX_VALUE);
      case DOUBLE -> floating(field, as(Digits.class, json));
      case DATE -> date(as(String.class, json)).toEpochDay();
      case TIMESTAMP -> timestamp(as(String.class, json));
      case UUID -> {
        require(UUID_FORM.matcher(as(String.class, json)).matches());
        yield UUID.fromString((String) json);
      }
      case BINARY -> throw new IllegalArgumentException("no event has one");
    };
  }

  private static String text(Field field, String text) {
    require(text.getBytes(UTF_8).length <= field.maxLength());
    require(field.oneOf().isEmpty() || field.oneOf().contains(text));
    return text;
  }

  private static long whole(Field field, Object json, long least, long most) {
    BigDecimal value = exact(as(Digits.class, json), 19, 0);
    require(value.compareTo(BigDecimal.valueOf(least)) >= 0);
    require(value.compareTo(BigDecimal.valueOf(most)) <= 0);
    return within(field, value).longValueExact();
  }

  private static double floating(Field field, Digits number) {
    double value = Double.parseDouble(number.text());
    require(!Double.isInfinite(value));
    require(field.min().map(min -> value >= min.doubleValue()).orElse(true));
    require(field.max().map(max -> value <= max.doubleValue()).orElse(true));
    return value;
  }

  /** The number, if it has no more digits than these; never made longer than it is written. */
  private static BigDecimal exact(Digits number, int precision, int scale) {
    BigDecimal value;
    try {
      value = new BigDecimal(number.text()).stripTrailingZeros();
    } catch (NumberFormatException e) {
      // The exponent is beyond 32 bits.
      String digits = number.text().toLowerCase(Locale.ROOT).split("e", 2)[0];
      require(new BigDecimal(digits).signum() == 0);
      value = BigDecimal.ZERO;
    }
    if (value.signum() == 0) {
      return BigDecimal.ZERO;
    }
    require(value.scale() <= scale);
    require((long) value.precision() - value.scale() <= precision - scale);
    return value;
  }

  private static BigDecimal within(Field field, BigDecimal value) {
    require(field.min().map(min -> value.compareTo(min) >= 0).orElse(true));
    require(field.max().map(max -> value.compareTo(max) <= 0).orElse(true));
    return value;
  }

  private static LocalDate date(String text) {
    Matcher date = DATE.matcher(text);
    require(date.matches() && !date.group(1).equals("0000"));
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw new Breach();
    }
  }

  private static long timestamp(String text) {
    Matcher form = TIMESTAMP.matcher(text);
    require(form.matches());
    try {
      // java.time knows offsets up to 18 hours; RFC 3339 up to 23:59.
      LocalDateTime local = LocalDateTime.parse(date(form.group(1)) + "T" + form.group(2));
      Instant instant = local.toInstant(ZoneOffset.UTC).minus(offset(form.group(3)));
      require(!instant.isBefore(FIRST) && instant.isBefore(END));
      return instant.getEpochSecond() * 1_000_000
          + instant.get(ChronoField.MICRO_OF_SECOND); // cut, not rounded
    } catch (DateTimeException e) {
      throw new Breach();
    }
  }

  private static Duration offset(String zone) {
    if (zone.equalsIgnoreCase("z")) {
      return Duration.ZERO;
    }
    int hours = Integer.parseInt(zone.substring(1, 3));
    int minutes = Integer.parseInt(zone.substring(4));
    require(hours < 24 && minutes < 60);
    Duration offset = Duration.ofHours(hours).plusMinutes(minutes);
    return zone.startsWith("-") ? offset.negated() : offset;
  }

  private static <T> T as(Class<T> kind, Object json) {
    require(kind.isInstance(json));
    return kind.cast(json);
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new Breach();
    }
  }

  /** Whether a row that the decoder read has these values. */
  private static boolean same(Row row, List<Field> fields, List<Object> values) {
    for (int position = 0; position < fields.size(); position++) {
      if (!same(row, position, fields.get(position).type(), values.get(position))) {
        return false;
      }
    }
    return true;
  }

  private static boolean same(Row row, int position, Type type, Object value) {
    if (row.isNull(position) || value == NULL) {
      return row.isNull(position) == (value == NULL);
    }
    if (type instanceof Type.Struct struct) {
      return same(row.rowAt(position), struct.fields(), cast(value));
    }
    if (type instanceof Type.ListOf list) {
      Row items = row.rowAt(position);
      List<Object> expected = cast(value);
      boolean same = items.size() == expected.size();
      for (int i = 0; same && i < expected.size(); i++) {
        same = same(items, i, list.element(), expected.get(i));
      }
      return same;
    }
    return value.equals(stored(row, position, type));
  }

  @SuppressWarnings("unchecked") // made above
  private static List<Object> cast(Object value) {
    return (List<Object>) value;
  }

  private static Object stored(Row row, int position, Type type) {
    if (type instanceof Type.Decimal) {
      return row.decimalAt(position);
    }
    return switch ((Type.Scalar) type) {
      case STRING -> EventDecoderTest.text(row, position);
      case DOUBLE -> row.doubleAt(position);
      case UUID, BINARY -> {
        ByteBuffer bytes = ByteBuffer.wrap(row.bytesAt(position), row.offsetAt(position), 16);
        yield new UUID(bytes.getLong(), bytes.getLong());
      }
      case BOOLEAN, INT, LONG, DATE, TIMESTAMP -> row.longAt(position);
    };
  }
}
