package io.millrace.stream;

import io.millrace.lake.LedgerEntry.Range;

/** How many events came to what. */
final class OutcomeCounts {

  private long accepted;
  private long rejected;
  private long repeated;
  private long late;

  void add(Outcome outcome) {
    switch (outcome) {
      case ACCEPTED -> accepted++;
      case REJECTED -> rejected++;
      case REPEATED -> repeated++;
      case LATE -> late++;
    }
  }

  void add(OutcomeCounts other) {
    accepted += other.accepted;
    rejected += other.rejected;
    repeated += other.repeated;
    late += other.late;
  }

  /** Offsets {@code [from, to)} of a partition that held these events; the others held none. */
  Range range(String topic, int partition, long from, long to) {
    long absent = to - from - accepted - rejected - repeated - late;
    return new Range(topic, partition, from, to, accepted, rejected, repeated, late, absent);
  }
}
