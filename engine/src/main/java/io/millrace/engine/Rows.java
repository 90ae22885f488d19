package io.millrace.engine;

import io.millrace.core.MillraceException;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of a result, read once from first to last. For one thread.
 *
 * <p>Values are null, Boolean, a Number (BigDecimal for decimals), String, LocalDate, LocalTime,
 * LocalDateTime, Instant for timestamps with a zone, UUID, byte[], a Map of a struct's fields, or a
 * List.
 */
public interface Rows extends AutoCloseable {

  /**
   * A column of a result.
   *
   * @param type as DuckDB spells it: {@code DECIMAL(12,2)}
   */
  record Column(String name, String type) {}

  List<Column> columns();

  /**
   * Moves to the next row, the first time to the first; false when there is none.
   *
   * @throws MillraceException if the query fails or its time is over
   */
  boolean next();

  /** A value of the current row, by position from 0. */
  Object value(int column);

  /** The values of the current row. */
  default List<Object> values() {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < columns().size(); i++) {
      values.add(value(i));
    }
    return values;
  }

  /** Ends the query if it still runs. */
  @Override
  void close();
}
