package io.millrace.event;

import io.millrace.core.Row;
import io.millrace.project.Field;
import io.millrace.project.Type;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * Rows as JSON, each column a member in its order. What is null is left out, so that a column which
 * is added later makes no difference to rows from before. Numbers are numbers of JSON with all of
 * their digits, times are ISO 8601 in UTC, binary values are Base64.
 */
public final class RowJson {

  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private final List<Field> columns;

  public RowJson(List<Field> columns) {
    this.columns = List.copyOf(columns);
  }

  public String of(Row row) {
    StringBuilder json = new StringBuilder(32 * columns.size());
    object(columns, row, json);
    return json.toString();
  }

  private static void object(List<Field> fields, Row row, StringBuilder json) {
    json.append('{');
    boolean first = true;
    for (int i = 0; i < fields.size(); i++) {
      if (!row.isNull(i)) {
        if (!first) {
          json.append(',');
        }
        first = false;
        text(fields.get(i).name(), json);
        json.append(':');
        value(fields.get(i).type(), row, i, json);
      }
    }
    json.append('}');
  }

  private static void list(Type element, Row elements, StringBuilder json) {
    json.append('[');
    for (int i = 0; i < elements.size(); i++) {
      if (i > 0) {
        json.append(',');
      }
      if (elements.isNull(i)) {
        json.append("null");
      } else {
        value(element, elements, i, json);
      }
    }
    json.append(']');
  }

  private static void value(Type type, Row row, int at, StringBuilder json) {
    if (type instanceof Type.Struct struct) {
      object(struct.fields(), row.rowAt(at), json);
    } else if (type instanceof Type.ListOf list) {
      list(list.element(), row.rowAt(at), json);
    } else if (type instanceof Type.Decimal decimal) {
      BigDecimal value =
          decimal.precision() <= Row.LONG_DECIMAL_DIGITS
              ? BigDecimal.valueOf(row.longAt(at), decimal.scale())
              : row.decimalAt(at);
      json.append(value.toPlainString());
    } else {
      switch ((Type.Scalar) type) {
        case BOOLEAN -> json.append(row.longAt(at) != 0);
        case INT, LONG -> json.append(row.longAt(at));
        case DOUBLE -> json.append(row.doubleAt(at));
        case DATE -> quoted(LocalDate.ofEpochDay(row.longAt(at)), json);
        case TIMESTAMP -> quoted(Instant.EPOCH.plus(row.longAt(at), ChronoUnit.MICROS), json);
        case UUID -> {
          ByteBuffer bytes = bytes(row, at);
          quoted(new UUID(bytes.getLong(), bytes.getLong()), json);
        }
        case BINARY -> {
          byte[] coded = Base64.getEncoder().encode(bytes(row, at).slice()).array();
          quoted(new String(coded, StandardCharsets.ISO_8859_1), json);
        }
        case STRING -> text(StandardCharsets.UTF_8.decode(bytes(row, at)), json);
      }
    }
  }

  private static ByteBuffer bytes(Row row, int at) {
    return ByteBuffer.wrap(row.bytesAt(at), row.offsetAt(at), row.lengthAt(at));
  }

  private static void quoted(Object value, StringBuilder json) {
    json.append('"').append(value).append('"');
  }

  private static void text(CharSequence text, StringBuilder json) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> json.append('\\').append(c);
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> {
          if (c < ' ') {
            json.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
          } else {
            json.append(c);
          }
        }
      }
    }
    json.append('"');
  }
}
