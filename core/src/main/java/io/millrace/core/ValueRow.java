package io.millrace.core;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A row that holds its values as objects: for rows that are few. Numbers, dates, timestamps and
 * short decimals are Long; strings, uuids and binaries byte[]; structs and lists Row; null is null.
 */
public final class ValueRow implements Row {

  private final List<Object> values;

  private ValueRow(List<Object> values) {
    this.values = values;
  }

  public static ValueRow of(Object... values) {
    return new ValueRow(Collections.unmodifiableList(Arrays.asList(values.clone())));
  }

  /** The bytes of a string value. */
  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public int size() {
    return values.size();
  }

  @Override
  public boolean isNull(int position) {
    return values.get(position) == null;
  }

  @Override
  public long longAt(int position) {
    return (Long) values.get(position);
  }

  @Override
  public double doubleAt(int position) {
    return (Double) values.get(position);
  }

  @Override
  public BigDecimal decimalAt(int position) {
    return (BigDecimal) values.get(position);
  }

  @Override
  public byte[] bytesAt(int position) {
    return (byte[]) values.get(position);
  }

  @Override
  public int offsetAt(int position) {
    return 0;
  }

  @Override
  public int lengthAt(int position) {
    return bytesAt(position).length;
  }

  @Override
  public Row rowAt(int position) {
    return (Row) values.get(position);
  }
}
