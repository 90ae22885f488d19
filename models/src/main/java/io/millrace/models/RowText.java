package io.millrace.models;

import io.millrace.engine.Rows;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A row as a person reads it in a sentence: {@code {day=2026-01-31, revenue=12.50}}. */
final class RowText {

  private static final int MAX_LENGTH = 300;

  private RowText() {}

  static String of(Rows rows) {
    return of(rows, Set.of());
  }

  /**
   * A row without some of its values.
   *
   * @param hidden columns, in lower case
   */
  static String of(Rows rows, Set<String> hidden) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < rows.columns().size(); i++) {
      String name = rows.columns().get(i).name();
      Object value = hidden.contains(name.toLowerCase(Locale.ROOT)) ? "…" : rows.value(i);
      row.put(name, value instanceof BigDecimal decimal ? decimal.toPlainString() : value);
    }
    String text = row.toString();
    return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
  }
}
