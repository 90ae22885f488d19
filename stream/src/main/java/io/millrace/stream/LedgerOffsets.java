package io.millrace.stream;

import io.millrace.core.DataDirectory;
import io.millrace.lake.Ledger;
import io.millrace.project.Project;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/**
 * Starts each partition where the ledger ends, and one that the ledger does not know at its
 * beginning. The connector's own initializer of given offsets calls a method that Kafka 4 no longer
 * has.
 */
final class LedgerOffsets implements OffsetsInitializer {

  private final HashMap<TopicPartition, Long> ends = new HashMap<>();

  LedgerOffsets(Project project, DataDirectory data) {
    try (Ledger ledger = Ledger.open(data.metadata())) {
      for (String stream : project.streams().keySet()) {
        ledger
            .ends(stream)
            .forEach((key, end) -> ends.put(new TopicPartition(key.topic(), key.partition()), end));
      }
    }
  }

  @Override
  public Map<TopicPartition, Long> getPartitionOffsets(
      Collection<TopicPartition> partitions, PartitionOffsetsRetriever retriever) {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (TopicPartition partition : partitions) {
      offsets.put(partition, ends.getOrDefault(partition, KafkaPartitionSplit.EARLIEST_OFFSET));
    }
    return offsets;
  }

  @Override
  @SuppressWarnings("deprecation") // the connector asks for Kafka's older enum
  public OffsetResetStrategy getAutoOffsetResetStrategy() {
    return OffsetResetStrategy.EARLIEST;
  }
}
