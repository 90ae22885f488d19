package io.millrace.core;

import java.math.BigDecimal;

/**
 * One row of typed values, read by position. It is a view that its owner may reuse for the next
 * row: whoever keeps a value copies it. A struct is a row of its fields; a list is a row whose
 * positions all have the element's type.
 *
 * <p>How each type is read:
 *
 * <ul>
 *   <li>boolean: {@link #longAt}, 0 or 1
 *   <li>int, long: {@link #longAt}
 *   <li>double: {@link #doubleAt}
 *   <li>decimal(p,s) with p up to 18: {@link #longAt}, the unscaled value; beyond, {@link
 *       #decimalAt}
 *   <li>date: {@link #longAt}, days since 1970-01-01
 *   <li>timestamp: {@link #longAt}, microseconds since 1970-01-01T00:00:00Z
 *   <li>string: {@link #bytesAt}, UTF-8, from {@link #offsetAt} for {@link #lengthAt} bytes
 *   <li>uuid, binary: the same three; a uuid is 16 bytes, big-endian
 *   <li>struct, list: {@link #rowAt}
 * </ul>
 */
public interface Row {

  /** Decimals of at most this many digits are read as a long. */
  int LONG_DECIMAL_DIGITS = 18;

  /** The number of positions. */
  int size();

  boolean isNull(int position);

  long longAt(int position);

  double doubleAt(int position);

  BigDecimal decimalAt(int position);

  byte[] bytesAt(int position);

  int offsetAt(int position);

  int lengthAt(int position);

  Row rowAt(int position);
}
