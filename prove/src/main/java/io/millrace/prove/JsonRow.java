package io.millrace.prove;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.core.Row;
import io.millrace.core.ValueRow;
import io.millrace.project.Field;
import io.millrace.project.Type;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads rows back from the JSON that live values hold. */
final class JsonRow {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final List<Field> columns;

  JsonRow(List<Field> columns) {
    this.columns = List.copyOf(columns);
  }

  /** The row; empty if the text is none of these columns. */
  Optional<Row> read(String json) {
    try {
      return Optional.of(row(MAPPER.readTree(json), columns));
    } catch (JsonProcessingException
        | UncheckedIOException
        | DateTimeException
        | ArithmeticException
        | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The text by which a value of a key is known. */
  String text(Row row, int position) {
    return switch ((Type.Scalar) columns.get(position).type()) {
      case INT, LONG -> Long.toString(row.longAt(position));
      case UUID -> {
        ByteBuffer bytes =
            ByteBuffer.wrap(row.bytesAt(position), row.offsetAt(position), row.lengthAt(position));
        yield new UUID(bytes.getLong(), bytes.getLong()).toString();
      }
      case STRING, BOOLEAN, DOUBLE, DATE, TIMESTAMP, BINARY ->
          new String(
              row.bytesAt(position),
              row.offsetAt(position),
              row.lengthAt(position),
              StandardCharsets.UTF_8);
    };
  }

  private static Row row(JsonNode object, List<Field> fields) {
    List<Object> values = new ArrayList<>();
    fields.forEach(field -> values.add(value(object.path(field.name()), field.type())));
    return ValueRow.of(values.toArray());
  }

  private static Object value(JsonNode value, Type type) {
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (type instanceof Type.Struct struct) {
      return row(value, struct.fields());
    }
    if (type instanceof Type.ListOf list) {
      List<Object> elements = new ArrayList<>();
      value.forEach(element -> elements.add(value(element, list.element())));
      return ValueRow.of(elements.toArray());
    }
    if (type instanceof Type.Decimal decimal) {
      BigDecimal exact = value.decimalValue().setScale(decimal.scale());
      return decimal.precision() <= Row.LONG_DECIMAL_DIGITS
          ? (Object) exact.unscaledValue().longValueExact()
          : exact;
    }
    return switch ((Type.Scalar) type) {
      case STRING -> ValueRow.utf8(text(value));
      case BOOLEAN -> value.booleanValue() ? 1L : 0L;
      case INT, LONG -> value.longValue();
      case DOUBLE -> value.doubleValue();
      case DATE -> LocalDate.parse(text(value)).toEpochDay();
      case TIMESTAMP -> micros(Instant.parse(text(value)));
      case UUID -> bytes(UUID.fromString(text(value)));
      case BINARY -> binary(value);
    };
  }

  private static String text(JsonNode value) {
    if (!value.isTextual()) {
      throw new IllegalArgumentException("no text: " + value.getNodeType());
    }
    return value.textValue();
  }

  private static long micros(Instant time) {
    return Math.addExact(
        Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1_000);
  }

  private static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(2 * Long.BYTES)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  private static byte[] binary(JsonNode value) {
    try {
      return value.binaryValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
