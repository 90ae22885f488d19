package io.millrace.stream;

import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.LedgerEntry.Range;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One topic partition on its way in: where it stands, what became of its offsets, its repeats and
 * sessions.
 */
final class PartitionIntake {

  private final TopicPartition key;
  private final StreamIntake stream;
  private final RepeatWindow window;

  /** Of a stream that keeps sessions. */
  private final Optional<SessionWindow> sessions;

  /** The first offset that was not taken; what no record holds below a taken one is absent. */
  private long next;

  /** The first offset taken since the last checkpoint, or -1. */
  private long from = -1;

  private OutcomeCounts counts = new OutcomeCounts();

  PartitionIntake(
      TopicPartition key,
      StreamIntake stream,
      RepeatWindow window,
      Optional<SessionWindow> sessions,
      long next) {
    this.key = key;
    this.stream = stream;
    this.window = window;
    this.sessions = sessions;
    this.next = next;
  }

  boolean isOf(ConsumerRecord<byte[], byte[]> record) {
    return record.partition() == key.partition() && record.topic().equals(key.topic());
  }

  /**
   * Takes a record. One below the position is in the lake already, which happens when an older
   * checkpoint than the last is restored: only its id and its session are remembered.
   */
  void take(ConsumerRecord<byte[], byte[]> record) {
    Outcome outcome = stream.decide(record, window);
    if (record.offset() < next) {
      sessions.ifPresent(it -> stream.remember(outcome, record, it));
      return;
    }
    if (from < 0) {
      from = next;
    }
    next = record.offset() + 1;
    counts.add(outcome);
    stream.write(outcome, record, sessions);
  }

  /** The offsets taken since this was last asked, if there were any. */
  Optional<Range> takeRange() {
    if (from < 0) {
      return Optional.empty();
    }
    Range range = counts.range(key.topic(), key.partition(), from, next);
    from = -1;
    counts = new OutcomeCounts();
    return Optional.of(range);
  }

  long next() {
    return next;
  }

  StreamIntake stream() {
    return stream;
  }

  RepeatWindow window() {
    return window;
  }

  Optional<SessionWindow> sessions() {
    return sessions;
  }
}
