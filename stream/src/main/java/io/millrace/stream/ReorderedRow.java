package io.millrace.stream;

import io.millrace.core.Row;
import io.millrace.project.Field;
import java.math.BigDecimal;
import java.util.List;

/** Another row with its values at other positions, and maybe one more. Reused. */
final class ReorderedRow implements Row {

  private static final int ABSENT = -1;
  private static final int GIVEN = -2;

  private final int[] positions;
  private final byte[] given;
  private Row row;

  private ReorderedRow(int[] positions, byte[] given) {
    this.positions = positions;
    this.given = given;
  }

  /**
   * Rows of other columns, by their names.
   *
   * @param name of a column that is a text in all rows
   */
  static ReorderedRow of(List<Field> from, List<Field> to, String name, byte[] text) {
    List<String> names = from.stream().map(Field::name).toList();
    return new ReorderedRow(
        to.stream()
            .mapToInt(column -> column.name().equals(name) ? GIVEN : names.indexOf(column.name()))
            .toArray(),
        text);
  }

  ReorderedRow of(Row other) {
    row = other;
    return this;
  }

  @Override
  public int size() {
    return positions.length;
  }

  @Override
  public boolean isNull(int position) {
    int at = positions[position];
    return at == ABSENT || (at != GIVEN && row.isNull(at));
  }

  @Override
  public long longAt(int position) {
    return row.longAt(positions[position]);
  }

  @Override
  public double doubleAt(int position) {
    return row.doubleAt(positions[position]);
  }

  @Override
  public BigDecimal decimalAt(int position) {
    return row.decimalAt(positions[position]);
  }

  @Override
  public byte[] bytesAt(int position) {
    return positions[position] == GIVEN ? given : row.bytesAt(positions[position]);
  }

  @Override
  public int offsetAt(int position) {
    return positions[position] == GIVEN ? 0 : row.offsetAt(positions[position]);
  }

  @Override
  public int lengthAt(int position) {
    return positions[position] == GIVEN ? given.length : row.lengthAt(positions[position]);
  }

  @Override
  public Row rowAt(int position) {
    return row.rowAt(positions[position]);
  }
}
