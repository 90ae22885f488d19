package io.millrace.stream;

import io.millrace.core.Row;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;

/** An event's values with those that every bronze row has after them; reused. */
final class BronzeRow implements Row {

  private static final Map<Outcome, byte[]> REASONS = new EnumMap<>(Outcome.class);

  static {
    for (Outcome outcome : Outcome.values()) {
      REASONS.put(outcome, io.millrace.core.ValueRow.utf8(outcome.toString()));
    }
  }

  private static final int RECEIVED = 0;
  private static final int TOPIC_PARTITION = 1;
  private static final int TOPIC_OFFSET = 2;
  private static final int REASON = 3;

  private final Row event;
  private long received;
  private int partition;
  private long offset;
  private byte[] reason = REASONS.get(Outcome.ACCEPTED);

  BronzeRow(Row event) {
    this.event = event;
  }

  BronzeRow at(long receivedMicros, int topicPartition, long topicOffset, Outcome outcome) {
    this.received = receivedMicros;
    this.partition = topicPartition;
    this.offset = topicOffset;
    this.reason = REASONS.get(outcome);
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
