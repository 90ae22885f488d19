package io.millrace.project;

import java.time.Duration;
import java.util.Optional;

/**
 * The settings of {@code millrace.yaml}, with defaults that suit a laptop.
 *
 * @param kafka bootstrap servers of an external Kafka; without, a broker is embedded
 * @param flink who runs the stream job
 * @param warehouse where the files of tables are, {@code s3://bucket/prefix}; without, in the data
 *     directory
 * @param warehouseEndpoint of its S3 API, and that of the checkpoints; without, that of AWS
 * @param checkpoints where a Flink cluster keeps the job's, {@code s3://bucket/prefix}; without, in
 *     the data directory
 * @param durability what the embedded broker has done with an event it acknowledges
 * @param commitInterval how often the stream commits what came in to the lake
 * @param streamParallelism subtasks of the stream job
 * @param streamMemoryBytes heap of the stream process
 * @param queryMemoryBytes memory limit of one SQL query
 * @param queryTimeout time limit of one SQL query
 * @param maxBodyBytes the largest request body the collector reads, after decompression
 * @param maxEventBytes the largest single event
 * @param maxEventsPerSecond events per second and write key before the collector answers 429
 * @param minFreeDiskBytes below this much free disk the collector answers 503
 * @param topicRetention how long topics keep events
 * @param personalRetention how long topics keep events with personal data, if that is shorter
 * @param snapshotRetention how long old snapshots of a table can be read
 * @param hourlySnapshots how long the last snapshot of each hour can be read
 * @param buildMemoryBytes memory limit of one build of a model
 * @param buildParallelism builds that run at once
 * @param upkeepCpuPercent how much of one core upkeep may use
 * @param upkeepBytes how many bytes one round of upkeep rewrites
 */
public record Settings(
    Optional<String> kafka,
    Flink flink,
    Optional<String> warehouse,
    Optional<String> warehouseEndpoint,
    Optional<String> checkpoints,
    Durability durability,
    Duration commitInterval,
    int streamParallelism,
    long streamMemoryBytes,
    long queryMemoryBytes,
    Duration queryTimeout,
    int maxBodyBytes,
    int maxEventBytes,
    int maxEventsPerSecond,
    long minFreeDiskBytes,
    Duration topicRetention,
    Duration personalRetention,
    Duration snapshotRetention,
    Duration hourlySnapshots,
    long buildMemoryBytes,
    int buildParallelism,
    int upkeepCpuPercent,
    long upkeepBytes) {

  /** How long Kafka may take to confirm an event; who gets no answer by then sends it again. */
  public static final Duration CONFIRMATION = Duration.ofSeconds(20);

  /** How long the topics of a stream keep its events. */
  public Duration retention(StreamContract stream) {
    return stream.isPersonal() && personalRetention.compareTo(topicRetention) < 0
        ? personalRetention
        : topicRetention;
  }

  /**
   * The largest row that live values are told of. It is an event with the names of its columns, and
   * with pseudonyms, which are longer than what they stand for.
   */
  public int maxLiveRowBytes() {
    return 8 * maxEventBytes + (64 << 10);
  }

  /** What an empty {@code millrace.yaml} says. */
  public static final Settings DEFAULTS = SettingsShape.defaults();
}
