package io.millrace.stream;

import io.millrace.core.MillraceException;
import io.millrace.lake.Ledger.TopicPartition;
import org.apache.flink.runtime.execution.SuppressRestartsException;

/**
 * The tables are older than the checkpoint that is restored: somebody has put a copy of them back.
 * To try again is in vain; without the checkpoint the job goes on where the tables end.
 */
final class TablesPutBack extends SuppressRestartsException {

  private static final long serialVersionUID = 1L;

  TablesPutBack(long checkpoint, TopicPartition partition, long end, long expected) {
    super(
        MillraceException.world(
            "Cannot go on from checkpoint %d: the tables end at offset %d of %s/%d, and ended at %d when it was made; they were put back to an earlier state"
                .formatted(checkpoint, end, partition.topic(), partition.partition(), expected)));
  }
}
