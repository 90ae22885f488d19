package io.millrace.event;

import io.millrace.core.Row;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The values of one decoded event: the contract's fields in their order, and {@code event_id} (a
 * uuid) after them where the contract derives it. Owned by its decoder and reused.
 *
 * <p>Beyond what {@link Row} promises, {@link #bytesAt} reads any single value, fit for a record's
 * key: decimals as 16 big-endian bytes of their unscaled value, and booleans, numbers, dates and
 * timestamps as 8, which is what Kafka's serializers of long and double write.
 */
public final class EventRow implements Row {

  static final byte ABSENT = 0;
  static final byte NULL = 1;
  static final byte NUMBER = 2;
  static final byte DECIMAL = 3;
  static final byte NESTED = 4;
  static final byte IN_EVENT = 5;
  static final byte IN_SCRATCH = 6;

  static final VarHandle BIG_ENDIAN =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final int DECIMAL_BYTES = 2 * Long.BYTES;

  private final EventBytes event;
  private final int[] scales;
  private int size;

  /** What each position holds; all the other slots mean something only by it. */
  byte[] states;

  /** A number, or an offset and, in the lower half, a length. */
  long[] longs;

  /** The upper 64 bits of a decimal; where the text of a timestamp began. */
  long[] highs;

  EventRow[] rows;

  /** Where this object or list was closed. */
  int closedAt;

  private byte[] numberBytes = {};

  /**
   * @param scales of decimals, for each position, or one for all
   */
  EventRow(EventBytes event, int size, int[] scales) {
    this.event = event;
    this.scales = scales;
    this.size = size;
    event.slots += size;
    states = new byte[size];
    longs = new long[size];
    highs = new long[size];
    rows = new EventRow[size];
  }

  /** Makes every position absent. */
  void clear() {
    Arrays.fill(states, ABSENT);
  }

  /** Makes this a list of so many elements; those it has keep their values. */
  void resize(int elements) {
    size = elements;
    if (elements > states.length) {
      int capacity = Math.max(8, 2 * elements);
      event.slots += capacity - states.length;
      states = Arrays.copyOf(states, capacity);
      longs = Arrays.copyOf(longs, capacity);
      highs = Arrays.copyOf(highs, capacity);
      rows = Arrays.copyOf(rows, capacity);
    }
  }

  /** Lets go of the rows inside this one, which are made anew when there are values for them. */
  void forget() {
    Arrays.fill(rows, null);
    event.slots = states.length;
  }

  void setNumber(int position, long value) {
    longs[position] = value;
    states[position] = NUMBER;
  }

  void setDecimal(int position, long high, long low) {
    highs[position] = high;
    longs[position] = low;
    states[position] = DECIMAL;
  }

  void setBytes(int position, byte state, int offset, int length) {
    longs[position] = ((long) offset << 32) | length;
    states[position] = state;
  }

  /** Puts other bytes in place of a value. */
  void replace(int position, byte[] value, int length) {
    setBytes(position, IN_SCRATCH, event.keep(value, length), length);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public boolean isNull(int position) {
    return states[position] <= NULL;
  }

  @Override
  public long longAt(int position) {
    return longs[position];
  }

  @Override
  public double doubleAt(int position) {
    return Double.longBitsToDouble(longs[position]);
  }

  @Override
  public BigDecimal decimalAt(int position) {
    int scale = scales[scales.length == 1 ? 0 : position];
    long low = longs[position];
    if (highs[position] == low >> 63) {
      return BigDecimal.valueOf(low, scale);
    }
    byte[] bytes = new byte[DECIMAL_BYTES];
    BIG_ENDIAN.set(bytes, 0, highs[position]);
    BIG_ENDIAN.set(bytes, Long.BYTES, low);
    return new BigDecimal(new BigInteger(bytes), scale);
  }

  @Override
  public byte[] bytesAt(int position) {
    return switch (states[position]) {
      case IN_EVENT -> event.bytes;
      case IN_SCRATCH -> event.scratch;
      default -> {
        if (numberBytes.length < DECIMAL_BYTES * states.length) {
          numberBytes = new byte[DECIMAL_BYTES * states.length];
        }
        int at = offsetAt(position);
        if (states[position] == DECIMAL) {
          BIG_ENDIAN.set(numberBytes, at, highs[position]);
          at += Long.BYTES;
        }
        BIG_ENDIAN.set(numberBytes, at, longs[position]);
        yield numberBytes;
      }
    };
  }

  @Override
  public int offsetAt(int position) {
    return states[position] >= IN_EVENT ? (int) (longs[position] >>> 32) : DECIMAL_BYTES * position;
  }

  @Override
  public int lengthAt(int position) {
    if (states[position] >= IN_EVENT) {
      return (int) longs[position];
    }
    return states[position] == DECIMAL ? DECIMAL_BYTES : Long.BYTES;
  }

  @Override
  public EventRow rowAt(int position) {
    return rows[position];
  }
}
