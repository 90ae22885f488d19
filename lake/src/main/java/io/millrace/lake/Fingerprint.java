package io.millrace.lake;

import io.millrace.core.Row;
import io.millrace.project.Field;
import io.millrace.project.Type;
import java.util.List;
import net.openhft.hashing.LongHashFunction;

/**
 * A 64-bit hash of the values of a row. The fingerprint of a set of rows is the sum of its rows'
 * hashes (mod 2^64): it does not depend on their order, grows row by row, and rows written twice
 * change it. It finds damage, not forgery.
 */
public final class Fingerprint {

  private static final LongHashFunction BYTES = LongHashFunction.xx3();
  private static final long NULL = 0x9E37_79B9_7F4A_7C15L;
  private static final long LIST = 0xD1B5_4A32_D192_ED03L;

  private Fingerprint() {}

  /** The hash of the values that {@code columns} name, which are the row's first positions. */
  public static long of(Row row, List<Field> columns) {
    long hash = 0;
    for (int i = 0; i < columns.size(); i++) {
      hash = mix(hash ^ value(row, i, columns.get(i).type()));
    }
    return hash;
  }

  private static long value(Row row, int position, Type type) {
    if (row.isNull(position)) {
      return NULL;
    }
    if (type instanceof Type.Struct struct) {
      return of(row.rowAt(position), struct.fields());
    }
    if (type instanceof Type.ListOf list) {
      return list(row.rowAt(position), list.element());
    }
    if (type instanceof Type.Decimal decimal) {
      return decimal.precision() <= Row.LONG_DECIMAL_DIGITS
          ? mix(row.longAt(position))
          : BYTES.hashBytes(row.decimalAt(position).unscaledValue().toByteArray());
    }
    return switch ((Type.Scalar) type) {
      case BOOLEAN, INT, LONG, DATE, TIMESTAMP -> mix(row.longAt(position));
      case DOUBLE -> mix(Double.doubleToLongBits(row.doubleAt(position)));
      case STRING, UUID, BINARY ->
          BYTES.hashBytes(row.bytesAt(position), row.offsetAt(position), row.lengthAt(position));
    };
  }

  private static long list(Row list, Type element) {
    long hash = LIST + list.size();
    for (int i = 0; i < list.size(); i++) {
      hash = mix(hash ^ value(list, i, element));
    }
    return hash;
  }

  /** The finalizer of MurmurHash3 (Appleby), which spreads each bit over all of them. */
  private static long mix(long value) {
    long mixed = value * 0xFF51_AFD7_ED55_8CCDL + 0xC4CE_B9FE_1A85_EC53L;
    mixed ^= mixed >>> 33;
    mixed *= 0xC4CE_B9FE_1A85_EC53L;
    return mixed ^ (mixed >>> 29);
  }
}
