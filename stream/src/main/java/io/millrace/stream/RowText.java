package io.millrace.stream;

import io.millrace.core.Row;
import io.millrace.project.Field;
import io.millrace.project.Type;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The values of a row as a person reads them, for the few that are shown. */
final class RowText {

  private static final int MAX_LENGTH = 60;

  private RowText() {}

  /** By column; what is null is left out. */
  static Map<String, String> of(List<Field> columns, Row row) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      if (!row.isNull(i)) {
        values.put(columns.get(i).name(), value(columns.get(i).type(), row, i));
      }
    }
    return values;
  }

  /** {@code amount was 1.50, is 1.05}, for each column that differs. */
  static String difference(Map<String, String> was, Map<String, String> is) {
    return Stream.concat(was.keySet().stream(), is.keySet().stream())
        .distinct()
        .filter(column -> !was.getOrDefault(column, "").equals(is.getOrDefault(column, "")))
        .map(
            column ->
                "%s was %s, is %s"
                    .formatted(
                        column, was.getOrDefault(column, "null"), is.getOrDefault(column, "null")))
        .collect(Collectors.joining("; "));
  }

  private static String value(Type type, Row row, int at) {
    if (type instanceof Type.Struct struct) {
      return of(struct.fields(), row.rowAt(at)).toString();
    }
    if (type instanceof Type.ListOf list) {
      Row elements = row.rowAt(at);
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < elements.size(); i++) {
        texts.add(elements.isNull(i) ? "null" : value(list.element(), elements, i));
      }
      return texts.toString();
    }
    if (type instanceof Type.Decimal decimal) {
      return decimal.precision() <= Row.LONG_DECIMAL_DIGITS
          ? BigDecimal.valueOf(row.longAt(at), decimal.scale()).toPlainString()
          : row.decimalAt(at).toPlainString();
    }
    return switch ((Type.Scalar) type) {
      case BOOLEAN -> Boolean.toString(row.longAt(at) != 0);
      case INT, LONG -> Long.toString(row.longAt(at));
      case DOUBLE -> Double.toString(row.doubleAt(at));
      case DATE -> LocalDate.ofEpochDay(row.longAt(at)).toString();
      case TIMESTAMP -> Instant.EPOCH.plus(row.longAt(at), ChronoUnit.MICROS).toString();
      case UUID -> uuid(row, at);
      case STRING, BINARY -> text(row, at);
    };
  }

  private static String uuid(Row row, int at) {
    ByteBuffer bytes = ByteBuffer.wrap(row.bytesAt(at), row.offsetAt(at), row.lengthAt(at));
    return new UUID(bytes.getLong(), bytes.getLong()).toString();
  }

  private static String text(Row row, int at) {
    String text =
        new String(row.bytesAt(at), row.offsetAt(at), row.lengthAt(at), StandardCharsets.UTF_8);
    return text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "..." : text;
  }
}
