package io.millrace.event;

import io.millrace.core.Row;
import java.math.BigDecimal;

/**
 * A decoded event as tables store it: its own values, protected, then when it was received, its
 * topic partition and offset, and at last the reason it was set aside for, which only the tables of
 * repeated and late events have. Reused.
 */
public final class StoredRow implements Row {

  private static final int RECEIVED = 0;
  private static final int TOPIC_PARTITION = 1;
  private static final int TOPIC_OFFSET = 2;
  private static final int REASON = 3;

  private final EventRow event;
  private final Protection protection;
  private long received;
  private int partition;
  private long offset;
  private byte[] reason = new byte[0];

  public StoredRow(EventRow event, Protection protection) {
    this.event = event;
    this.protection = protection;
  }

  /**
   * Stands for the event that was decoded last, whose personal values it replaces by what tables
   * hold. Once for each event.
   *
   * @param receivedMicros microseconds since 1970
   * @param reason UTF-8
   */
  public StoredRow at(long receivedMicros, int topicPartition, long topicOffset, byte[] reason) {
    protection.apply(event, topicPartition, topicOffset);
    this.received = receivedMicros;
    this.partition = topicPartition;
    this.offset = topicOffset;
    this.reason = reason;
    return this;
  }

  @Override
  public int size() {
    return event.size() + REASON + 1;
  }

  @Override
  public boolean isNull(int position) {
    return position < event.size() && event.isNull(position);
  }

  @Override
  public long longAt(int position) {
    int own = position - event.size();
    if (own < 0) {
      return event.longAt(position);
    }
    return switch (own) {
      case RECEIVED -> received;
      case TOPIC_PARTITION -> partition;
      case TOPIC_OFFSET -> offset;
      default -> throw new IndexOutOfBoundsException(position);
    };
  }

  @Override
  public byte[] bytesAt(int position) {
    return position < event.size() ? event.bytesAt(position) : reason;
  }

  @Override
  public int offsetAt(int position) {
    return position < event.size() ? event.offsetAt(position) : 0;
  }

  @Override
  public int lengthAt(int position) {
    return position < event.size() ? event.lengthAt(position) : reason.length;
  }

  @Override
  public double doubleAt(int position) {
    return event.doubleAt(position);
  }

  @Override
  public BigDecimal decimalAt(int position) {
    return event.decimalAt(position);
  }

  @Override
  public Row rowAt(int position) {
    return event.rowAt(position);
  }
}
