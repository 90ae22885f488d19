package io.millrace.models;

import io.millrace.engine.Rows;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;

/** A row as a person reads it in a sentence: {@code {day=2026-01-31, revenue=12.50}}. */
final class RowText {

  private static final int MAX_LENGTH = 300;

  private RowText() {}

  static String of(Rows rows) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < rows.columns().size(); i++) {
      Object value = rows.value(i);
      row.put(
          rows.columns().get(i).name(),
          value instanceof BigDecimal decimal ? decimal.toPlainString() : value);
    }
    String text = row.toString();
    return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
  }
}
