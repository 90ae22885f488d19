package io.millrace.engine;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Values as JSON. Numbers keep every digit; what JSON has no number for (NaN, infinity) and what it
 * has no type for (times, ids) is a string, and bytes are base64.
 */
final class JsonFormat {

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .build();

  private JsonFormat() {}

  static long write(Rows rows, Writer out) throws IOException {
    out.write("[");
    long count = 0;
    while (rows.next()) {
      out.write(count++ == 0 ? "\n" : ",\n");
      try (JsonGenerator json = JSON.createGenerator(out)) {
        json.writeStartObject();
        for (int i = 0; i < rows.columns().size(); i++) {
          json.writeFieldName(rows.columns().get(i).name());
          value(json, rows.value(i));
        }
        json.writeEndObject();
      }
    }
    out.write(count == 0 ? "]\n" : "\n]\n");
    out.flush();
    return count;
  }

  /** A value in one line of text: a string as it is, structs and lists as JSON. */
  static String text(Object value) {
    if (value instanceof Map || value instanceof List) {
      StringWriter text = new StringWriter();
      try (JsonGenerator json = JSON.createGenerator(text)) {
        value(json, value);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return text.toString();
    }
    if (value instanceof byte[] bytes) {
      return Base64.getEncoder().encodeToString(bytes);
    }
    return value instanceof BigDecimal decimal ? decimal.toPlainString() : String.valueOf(value);
  }

  private static void value(JsonGenerator json, Object value) throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else if (value instanceof BigDecimal number) {
      json.writeNumber(number);
    } else if (value instanceof BigInteger number) {
      json.writeNumber(number);
    } else if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      if (Double.isFinite(number)) {
        json.writeNumber(value.toString());
      } else {
        json.writeString(value.toString());
      }
    } else if (value instanceof Number number) {
      json.writeNumber(number.longValue());
    } else if (value instanceof Map<?, ?> struct) {
      json.writeStartObject();
      for (Map.Entry<?, ?> field : struct.entrySet()) {
        json.writeFieldName(String.valueOf(field.getKey()));
        value(json, field.getValue());
      }
      json.writeEndObject();
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      for (Object element : list) {
        value(json, element);
      }
      json.writeEndArray();
    } else {
      json.writeString(text(value));
    }
  }
}
