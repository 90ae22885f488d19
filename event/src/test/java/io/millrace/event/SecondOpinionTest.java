package io.millrace.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.core.Row;
import io.millrace.project.Field;
import io.millrace.project.Type;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The decoder against Jackson and java.time, on seeded random events and broken ones. */
class SecondOpinionTest {

  private static final Set<Reason> MALFORMED =
      EnumSet.of(
          Reason.EMPTY,
          Reason.BAD_ENCODING,
          Reason.BAD_JSON,
          Reason.TOO_DEEP,
          Reason.DUPLICATE_FIELD);

  private static final JsonMapper JACKSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final JsonMapper EXACT =
      JACKSON.rebuild().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final List<Field> fields = Clicks.contract().fields();
  private final EventDecoder decoder = new EventDecoder(Clicks.contract(), 1 << 20);

  @Test
  void readsWhatTheyRead() throws Exception {
    RandomEvents events = new RandomEvents(1);
    for (int i = 0; i < 5_000; i++) {
      String event = events.object(fields);
      byte[] bytes = event.getBytes(UTF_8);
      assertThat(decoder.decode(bytes, 0, bytes.length, EventDecoder.AT_EVENT_TIME))
          .as(event)
          .isEqualTo(Verdict.ACCEPTED);
      JsonNode expected = EXACT.readTree(event);
      for (int position = 0; position < fields.size(); position++) {
        Field field = fields.get(position);
        same(decoder.row(), position, field.type(), expected.path(field.name()), event);
      }
    }
  }

  private static void same(Row row, int position, Type type, JsonNode expected, String event) {
    boolean isNull = expected.isNull() || expected.isMissingNode();
    assertThat(row.isNull(position)).as(event).isEqualTo(isNull);
    if (isNull) {
      return;
    }
    if (type instanceof Type.Struct struct) {
      for (int i = 0; i < struct.fields().size(); i++) {
        Field field = struct.fields().get(i);
        same(row.rowAt(position), i, field.type(), expected.path(field.name()), event);
      }
    } else if (type instanceof Type.ListOf list) {
      assertThat(row.rowAt(position).size()).as(event).isEqualTo(expected.size());
      for (int i = 0; i < expected.size(); i++) {
        same(row.rowAt(position), i, list.element(), expected.get(i), event);
      }
    } else {
      assertThat(value(row, position, type)).as(event).isEqualTo(value(expected, type));
    }
  }

  private static Object value(Row row, int position, Type type) {
    if (type instanceof Type.Decimal) {
      return row.decimalAt(position);
    }
    return switch ((Type.Scalar) type) {
      case STRING -> EventDecoderTest.text(row, position);
      case DOUBLE -> row.doubleAt(position);
      case UUID, BINARY -> {
        ByteBuffer bytes = ByteBuffer.wrap(row.bytesAt(position), row.offsetAt(position), 16);
        yield new UUID(bytes.getLong(), bytes.getLong()).toString();
      }
      case BOOLEAN, INT, LONG, DATE, TIMESTAMP -> row.longAt(position);
    };
  }

  private static Object value(JsonNode node, Type type) {
    if (type instanceof Type.Decimal decimal) {
      return node.decimalValue().setScale(decimal.scale());
    }
    return switch ((Type.Scalar) type) {
      case STRING, UUID, BINARY -> node.textValue();
      case DOUBLE -> Double.parseDouble(node.decimalValue().toString());
      case BOOLEAN -> node.booleanValue() ? 1L : 0L;
      case INT, LONG -> node.decimalValue().longValueExact();
      case DATE -> LocalDate.parse(node.textValue()).toEpochDay();
      case TIMESTAMP ->
          ChronoUnit.MICROS.between(
              Instant.EPOCH, OffsetDateTime.parse(node.textValue()).toInstant());
    };
  }

  @Test
  void callsMalformedWhatTheyDo() {
    RandomEvents events = new RandomEvents(2);
    int malformed = 0;
    for (int i = 0; i < 40_000; i++) {
      byte[] bytes = broken(events, events.object(fields).getBytes(UTF_8));
      Verdict verdict = decoder.decode(bytes, 0, bytes.length, EventDecoder.AT_EVENT_TIME);
      boolean isMalformed =
          verdict instanceof Verdict.Rejected rejected && MALFORMED.contains(rejected.reason());
      assertThat(isMalformed)
          .as(() -> new String(bytes, UTF_8) + "\n" + verdict)
          .isEqualTo(isMalformedToOthers(bytes));
      if (verdict instanceof Verdict.Rejected rejected) {
        assertThat(rejected.offset()).isBetween(0, bytes.length);
        assertThat(rejected.detail()).isNotBlank().hasSizeLessThanOrEqualTo(200);
      }
      malformed += isMalformed ? 1 : 0;
    }
    assertThat(malformed).isBetween(10_000, 35_000);
  }

  /** Changes, takes out, doubles or cuts off some bytes. */
  private static byte[] broken(RandomEvents events, byte[] event) {
    byte[] bytes = event;
    for (int change = events.random.nextInt(3); change >= 0 && bytes.length > 0; change--) {
      int at = events.random.nextInt(bytes.length);
      int to = Math.min(bytes.length, at + 1 + events.random.nextInt(6));
      String structure = "{}[]:,\"\\ 0-.eEtrufalsn\t\n";
      switch (events.random.nextInt(6)) {
        case 0 -> bytes[at] = (byte) events.random.nextInt(256);
        case 1, 2 -> bytes[at] = (byte) structure.charAt(events.random.nextInt(structure.length()));
        case 3 -> bytes = joined(bytes, at, bytes, to);
        case 4 -> bytes = joined(bytes, to, bytes, at);
        default -> bytes = Arrays.copyOf(bytes, events.random.nextInt(8) == 0 ? at : bytes.length);
      }
    }
    return bytes;
  }

  /** The first bytes of one up to {@code end}, then those of the other from {@code from}. */
  private static byte[] joined(byte[] one, int end, byte[] other, int from) {
    byte[] joined = Arrays.copyOf(one, end + other.length - from);
    System.arraycopy(other, from, joined, end, other.length - from);
    return joined;
  }

  private static boolean isMalformedToOthers(byte[] bytes) {
    try {
      // Jackson's own reader of UTF-8 is laxer than the one of the JDK.
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      JsonNode tree = JACKSON.readTree(text);
      return tree.isMissingNode()
          || hasHalfCharacters(tree)
          || depth(tree) > EventDecoder.MAX_DEPTH;
    } catch (CharacterCodingException | JsonProcessingException e) {
      return true;
    }
  }

  private static boolean hasHalfCharacters(JsonNode node) {
    if (node.isTextual()) {
      return !UTF_8.newEncoder().canEncode(node.textValue());
    }
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      if (!UTF_8.newEncoder().canEncode(member.getKey())) {
        return true;
      }
    }
    for (JsonNode child : node) {
      if (hasHalfCharacters(child)) {
        return true;
      }
    }
    return false;
  }

  private static int depth(JsonNode node) {
    int deepest = 0;
    for (JsonNode child : node) {
      deepest = Math.max(deepest, depth(child));
    }
    return node.isContainerNode() ? 1 + deepest : 0;
  }
}
