package io.millrace.event;

import io.millrace.core.Row;
import java.math.BigDecimal;

/**
 * A decoded event as tables store it: its own values, protected, then when it was received, its
 * topic partition and offset, and at last what not all tables have: when its session began in
 * bronze, or the reason it was set aside for among repeated and late events. Reused.
 */
public final class StoredRow implements Row {

  private static final int RECEIVED = 0;
  private static final int TOPIC_PARTITION = 1;
  private static final int TOPIC_OFFSET = 2;
  private static final int LAST = 3;

  /** Of an event that belongs to no session. */
  public static final long NO_SESSION = Long.MIN_VALUE;

  private static final byte[] NO_REASON = new byte[0];

  private final EventRow event;
  private final Protection protection;
  private long received;
  private int partition;
  private long offset;
  private byte[] reason = NO_REASON;
  private long session = NO_SESSION;

  public StoredRow(EventRow event, Protection protection) {
    this.event = event;
    this.protection = protection;
  }

  /**
   * Stands for the event that was decoded last, whose personal values it replaces by what tables
   * hold. Once for each event.
   *
   * @param receivedMicros microseconds since 1970
   */
  public StoredRow at(long receivedMicros, int topicPartition, long topicOffset) {
    protection.apply(event, topicPartition, topicOffset);
    this.received = receivedMicros;
    this.partition = topicPartition;
    this.offset = topicOffset;
    this.reason = NO_REASON;
    this.session = NO_SESSION;
    return this;
  }

  /**
   * Why it was set aside.
   *
   * @param why UTF-8
   */
  public StoredRow because(byte[] why) {
    this.reason = why;
    return this;
  }

  /**
   * Which session it belongs to.
   *
   * @param startedMicros when the session began that the event belongs to, in microseconds since
   *     1970, or {@link #NO_SESSION}
   */
  public StoredRow inSession(long startedMicros) {
    this.session = startedMicros;
    return this;
  }

  @Override
  public int size() {
    return event.size() + LAST + 1;
  }

  @Override
  public boolean isNull(int position) {
    int own = position - event.size();
    return own < 0
        ? event.isNull(position)
        : own == LAST && session == NO_SESSION && reason.length == 0;
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
      case LAST -> session;
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
