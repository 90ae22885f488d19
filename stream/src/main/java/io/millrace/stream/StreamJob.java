package io.millrace.stream;

import io.millrace.core.DataDirectory;
import io.millrace.project.Project;
import io.millrace.project.StreamContract;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The one job of a project: every topic of it is read, and routed to its tables by its name. */
final class StreamJob {

  private StreamJob() {}

  /** Of the job, by which it is found among others. */
  static String name(Project project) {
    return "millrace." + project.name();
  }

  /**
   * Adds the job to an environment. Without a checkpoint to restore it starts where the ledger
   * ends, and so neither loses nor repeats what the lake has.
   */
  static void define(
      StreamExecutionEnvironment environment,
      Project project,
      DataDirectory data,
      Checkpoints checkpoints,
      String kafka) {
    List<String> topics = new ArrayList<>();
    for (StreamContract contract : project.streams().values()) {
      topics.add(contract.topic());
      topics.add(contract.rejectedTopic());
    }
    KafkaSource<ConsumerRecord<byte[], byte[]>> source =
        KafkaSource.<ConsumerRecord<byte[], byte[]>>builder()
            .setBootstrapServers(kafka)
            .setGroupId(name(project))
            .setClientIdPrefix("millrace-stream")
            .setTopics(topics)
            .setStartingOffsets(new LedgerOffsets(project, data, kafka))
            .setDeserializer(new WholeRecord())
            .setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
            .setProperty(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "5000")
            .setProperty(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, "4194304")
            .build();
    environment
        .fromSource(source, WatermarkStrategy.noWatermarks(), "topics")
        .uid("topics")
        .transform(
            "intake",
            PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO,
            new Intake(kafka, project.directory().toString(), data.root().toString(), checkpoints))
        .uid("intake")
        .transform(
            "commits",
            Types.VOID,
            new CommitOperator(data.root().toString(), project.streams().keySet()))
        .uid("commits")
        .setParallelism(1)
        .setMaxParallelism(1);
  }
}
