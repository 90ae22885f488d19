package io.millrace.lake;

import io.millrace.core.Row;
import io.millrace.project.Field;
import io.millrace.project.Type;
import java.math.BigInteger;
import java.util.List;
import net.openhft.hashing.LongHashFunction;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;

/**
 * A 64-bit hash of the values of a row. The fingerprint of a set of rows is the sum of its rows'
 * hashes (mod 2^64): it does not depend on their order, grows row by row, and rows written twice
 * change it. It finds damage, not forgery.
 *
 * <p>A value counts under the name that its column was made with, and nulls do not count, so a
 * column that a contract gains later, renames or widens leaves the fingerprints of older rows as
 * they were.
 */
public final class Fingerprint {

  private static final LongHashFunction BYTES = LongHashFunction.xx3();
  private static final int LONG_BITS = 63;

  private final Column[] columns;

  private Fingerprint(Column[] columns) {
    this.columns = columns;
  }

  /** For rows of a table whose first positions hold these of its columns. */
  public static Fingerprint over(Table table, List<Field> columns) {
    return over(firstNamed(table.schema().asStruct(), columns, FieldNames.of(table)));
  }

  private static List<Field> firstNamed(
      Types.StructType struct, List<Field> columns, FieldNames names) {
    return columns.stream()
        .map(
            column -> {
              Types.NestedField field = struct.field(column.name());
              return field == null
                  ? column
                  : Field.optional(
                      names.first(field), firstNamed(field.type(), column.type(), names));
            })
        .toList();
  }

  private static Type firstNamed(org.apache.iceberg.types.Type held, Type type, FieldNames names) {
    if (type instanceof Type.Struct struct && held.isStructType()) {
      return new Type.Struct(firstNamed(held.asStructType(), struct.fields(), names));
    }
    return type instanceof Type.ListOf list && held.isListType()
        ? new Type.ListOf(firstNamed(held.asListType().elementType(), list.element(), names))
        : type;
  }

  /** For rows whose first positions hold these columns, which never had other names. */
  public static Fingerprint over(List<Field> columns) {
    return new Fingerprint(columns.stream().map(Column::of).toArray(Column[]::new));
  }

  /** The hash of one row. */
  public long of(Row row) {
    long hash = 0;
    for (int i = 0; i < columns.length; i++) {
      if (!row.isNull(i)) {
        hash += mix(columns[i].seed ^ columns[i].value(row, i));
      }
    }
    return mix(hash);
  }

  private static final class Column {
    private final long seed;
    private final Type type;
    private final Fingerprint struct;
    private final Column element;

    private Column(long seed, Type type, Fingerprint struct, Column element) {
      this.seed = seed;
      this.type = type;
      this.struct = struct;
      this.element = element;
    }

    static Column of(Field field) {
      return of(BYTES.hashChars(field.name()), field.type());
    }

    private static Column of(long seed, Type type) {
      Fingerprint struct =
          type instanceof Type.Struct fields ? over(fields.fields()) : over(List.of());
      Column element = type instanceof Type.ListOf list ? of(seed, list.element()) : null;
      return new Column(seed, type, struct, element);
    }

    long value(Row row, int position) {
      if (type instanceof Type.Scalar scalar) {
        return scalar(scalar, row, position);
      }
      if (type instanceof Type.Decimal decimal) {
        return decimal.precision() <= Row.LONG_DECIMAL_DIGITS
            ? mix(row.longAt(position))
            : unscaled(row.decimalAt(position).unscaledValue());
      }
      return element == null ? struct.of(row.rowAt(position)) : list(row.rowAt(position));
    }

    private static long scalar(Type.Scalar type, Row row, int position) {
      return switch (type) {
        case BOOLEAN, INT, LONG, DATE, TIMESTAMP -> mix(row.longAt(position));
        case DOUBLE -> mix(Double.doubleToLongBits(row.doubleAt(position)));
        case STRING, UUID, BINARY ->
            BYTES.hashBytes(row.bytesAt(position), row.offsetAt(position), row.lengthAt(position));
      };
    }

    /** The same for a number whether its column holds few digits or many. */
    private static long unscaled(BigInteger value) {
      return value.bitLength() <= LONG_BITS
          ? mix(value.longValue())
          : BYTES.hashBytes(value.toByteArray());
    }

    private long list(Row list) {
      long hash = mix(list.size());
      for (int i = 0; i < list.size(); i++) {
        hash = mix(hash ^ (list.isNull(i) ? seed : element.value(list, i)));
      }
      return hash;
    }
  }

  /** Spreads each bit over all of them, after the finalizer of MurmurHash3 (Appleby). */
  private static long mix(long value) {
    long mixed = value * 0xFF51_AFD7_ED55_8CCDL + 0xC4CE_B9FE_1A85_EC53L;
    mixed ^= mixed >>> 33;
    mixed *= 0xC4CE_B9FE_1A85_EC53L;
    return mixed ^ (mixed >>> 29);
  }
}
