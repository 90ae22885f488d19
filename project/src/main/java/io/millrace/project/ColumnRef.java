package io.millrace.project;

import io.millrace.core.MillraceException;
import io.millrace.core.TableName;
import java.util.Comparator;
import java.util.Locale;

/**
 * A column of a table or view: {@code gold.daily_sales.revenue}.
 *
 * @param column in lower case, or {@link #ROWS}
 */
public record ColumnRef(TableName table, String column) implements Comparable<ColumnRef> {

  /** In place of a column: which rows there are, whatever is in them. */
  public static final String ROWS = "*";

  private static final Comparator<ColumnRef> ORDER =
      Comparator.comparing(ColumnRef::table).thenComparing(ColumnRef::column);

  public ColumnRef {
    column = column.toLowerCase(Locale.ROOT);
  }

  /** The rows of a table. */
  public static ColumnRef rows(TableName table) {
    return new ColumnRef(table, ROWS);
  }

  /** Reads {@code layer.table.column}. */
  public static ColumnRef parse(String text) {
    String[] parts = text.split("\\.", 3);
    if (parts.length < 3 || parts[2].isEmpty()) {
      throw MillraceException.caller(
          "Cannot read column name '%s': write it as layer.table.column, such as gold.daily_sales.revenue"
              .formatted(text));
    }
    return new ColumnRef(new TableName(parts[0], parts[1]), parts[2]);
  }

  public boolean isRows() {
    return column.equals(ROWS);
  }

  @Override
  public int compareTo(ColumnRef other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return table + "." + column;
  }
}
