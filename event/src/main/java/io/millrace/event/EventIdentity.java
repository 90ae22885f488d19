package io.millrace.event;

import io.millrace.project.Field;
import io.millrace.project.Type;
import java.util.Arrays;
import java.util.List;
import net.openhft.hashing.LongTupleHashFunction;

/**
 * Finds the 128 bits by which repeats of an event are known: a uuid's own, or a hash (XXH3, 128
 * bits, seed 0) of a string's bytes or, for a derived id, of the values of several fields.
 *
 * <p>Values are hashed as typed, not as written: {@code 2}, {@code 2.0} and {@code 2e0} are one
 * int. Each begins with a byte, 0 for null and 1 otherwise; numbers take 8 bytes and decimals 16,
 * so that widening a field's type changes no id; strings, lists and their like give their length
 * first. A derived id is kept with the data: this encoding can never change.
 */
public final class EventIdentity {

  private static final LongTupleHashFunction HASH = LongTupleHashFunction.xx128();

  private final long[] hash = new long[2];
  private final int declared;
  private final Type[] types;
  private final int[] positions;
  private byte[] encoded = new byte[256];
  private int length;
  private long high;
  private long low;

  private EventIdentity(int declared, Type[] types, int[] positions) {
    this.declared = declared;
    this.types = types;
    this.positions = positions;
  }

  /** The id is the uuid or string at this position. */
  static EventIdentity declared(int position, Type type) {
    return new EventIdentity(position, new Type[] {type}, new int[0]);
  }

  /** The id is derived from the values at these positions. */
  public static EventIdentity derived(List<Field> fields, int... positions) {
    Type[] types =
        Arrays.stream(positions).mapToObj(p -> fields.get(p).type()).toArray(Type[]::new);
    return new EventIdentity(-1, types, positions);
  }

  boolean isDerived() {
    return declared < 0;
  }

  public void find(EventRow row) {
    if (isDerived()) {
      length = 0;
      for (int i = 0; i < positions.length; i++) {
        encode(row, positions[i], types[i]);
      }
      hash(encoded, 0, length);
      return;
    }
    byte[] bytes = row.bytesAt(declared);
    int offset = row.offsetAt(declared);
    if (types[0] == Type.Scalar.UUID) {
      high = (long) EventRow.BIG_ENDIAN.get(bytes, offset);
      low = (long) EventRow.BIG_ENDIAN.get(bytes, offset + Long.BYTES);
    } else {
      hash(bytes, offset, row.lengthAt(declared));
    }
  }

  private void hash(byte[] bytes, int offset, int size) {
    HASH.hashBytes(bytes, offset, size, hash);
    high = hash[1];
    low = hash[0];
  }

  public long high() {
    return high;
  }

  public long low() {
    return low;
  }

  private void encode(EventRow row, int position, Type type) {
    boolean isNull = row.isNull(position);
    room(1)[length++] = (byte) (isNull ? 0 : 1);
    if (isNull) {
      return;
    }
    if (type instanceof Type.Struct struct) {
      for (int i = 0; i < struct.fields().size(); i++) {
        encode(row.rowAt(position), i, struct.fields().get(i).type());
      }
    } else if (type instanceof Type.ListOf list) {
      EventRow elements = row.rowAt(position);
      encode(elements.size());
      for (int i = 0; i < elements.size(); i++) {
        encode(elements, i, list.element());
      }
    } else if (type instanceof Type.Decimal) {
      encode(row.highs[position]);
      encode(row.longs[position]);
    } else {
      encodeScalar(row, position, (Type.Scalar) type);
    }
  }

  private void encodeScalar(EventRow row, int position, Type.Scalar type) {
    switch (type) {
      case STRING, UUID, BINARY -> {
        int size = row.lengthAt(position);
        encode(size);
        System.arraycopy(row.bytesAt(position), row.offsetAt(position), room(size), length, size);
        length += size;
      }
      case BOOLEAN, INT, LONG, DOUBLE, DATE, TIMESTAMP -> encode(row.longs[position]);
    }
  }

  private void encode(long value) {
    EventRow.BIG_ENDIAN.set(room(Long.BYTES), length, value);
    length += Long.BYTES;
  }

  private byte[] room(int more) {
    if (encoded.length - length < more) {
      encoded = Arrays.copyOf(encoded, 2 * (length + more));
    }
    return encoded;
  }
}
