package io.millrace.engine;

import java.sql.Array;
import java.sql.Blob;
import java.sql.Date;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBStruct;
import org.duckdb.JsonNode;

/** DuckDB's values as the plain ones of {@link Rows}. */
final class PlainValues {

  private PlainValues() {}

  static Object of(Object value) throws SQLException {
    if (value instanceof OffsetDateTime time) {
      return time.toInstant();
    } else if (value instanceof Timestamp time) {
      return time.toLocalDateTime();
    } else if (value instanceof Date date) {
      return date.toLocalDate();
    } else if (value instanceof Time time) {
      return time.toLocalTime();
    } else if (value instanceof JsonNode json) {
      return json.toString();
    } else if (value instanceof Blob blob) {
      return blob.getBytes(1, Math.toIntExact(blob.length()));
    } else if (value instanceof DuckDBStruct struct) {
      return map(struct.getMap());
    } else if (value instanceof Map<?, ?> map) {
      return map(map);
    } else if (value instanceof Array array) {
      return list((Object[]) array.getArray());
    }
    return value;
  }

  private static Map<Object, Object> map(Map<?, ?> values) throws SQLException {
    Map<Object, Object> plain = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : values.entrySet()) {
      plain.put(of(entry.getKey()), of(entry.getValue()));
    }
    return plain;
  }

  private static List<Object> list(Object[] values) throws SQLException {
    List<Object> plain = new ArrayList<>(values.length);
    for (Object value : values) {
      plain.add(of(value));
    }
    return plain;
  }
}
