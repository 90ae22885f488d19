package io.millrace.event;

import io.millrace.core.Row;
import java.math.BigDecimal;

/**
 * The values of one decoded event: the contract's fields in their order, and {@code event_id} (a
 * uuid) after them where the contract derives it. Owned by its decoder and reused.
 */
public final class EventRow implements Row {

  @Override
  public int size() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isNull(int position) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long longAt(int position) {
    throw new UnsupportedOperationException();
  }

  @Override
  public double doubleAt(int position) {
    throw new UnsupportedOperationException();
  }

  @Override
  public BigDecimal decimalAt(int position) {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte[] bytesAt(int position) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int offsetAt(int position) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int lengthAt(int position) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Row rowAt(int position) {
    throw new UnsupportedOperationException();
  }
}
