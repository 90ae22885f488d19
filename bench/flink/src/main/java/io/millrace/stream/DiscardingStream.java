package io.millrace.stream;

import io.millrace.bench.Progress;
import io.millrace.bench.StreamTask;
import io.millrace.core.DataDirectory;
import io.millrace.core.Leash;
import io.millrace.core.TableName;
import io.millrace.event.PersonalKey;
import io.millrace.lake.Fingerprint;
import io.millrace.lake.Lake;
import io.millrace.lake.Schemas;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.StreamContract;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What is left of the stream job without files and commits: the same source, the same decisions,
 * the same rows with their fingerprints; then each is thrown away. With a {@link StreamTask}.
 */
final class DiscardingStream {

  private static final LongAdder TAKEN = new LongAdder();

  /** Of all rows. */
  private static final LongAdder FINGERPRINT = new LongAdder();

  private DiscardingStream() {}

  public static void main(String[] args) throws Exception {
    StreamTask task = StreamTask.of(args);
    Project project = ProjectReader.load(task.project());
    DataDirectory data = new DataDirectory(task.folder());
    StreamContract clicks = project.streams().get("clicks");
    try (Lake lake = Lake.open(data)) {
      project.streams().values().forEach(lake::prepare);
    }
    PersonalKey.of(data); // as `millrace up` makes it before any process needs it
    KafkaSource<ConsumerRecord<byte[], byte[]>> source =
        KafkaSource.<ConsumerRecord<byte[], byte[]>>builder()
            .setBootstrapServers(task.kafka())
            .setGroupId("discarding")
            .setTopics(clicks.topic())
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setDeserializer(new WholeRecord())
            .setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
            .setProperty(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "5000")
            .setProperty(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, "4194304")
            .build();
    Configuration configuration = new Configuration();
    configuration.set(PipelineOptions.OBJECT_REUSE, true);
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createLocalEnvironment(
            project.settings().streamParallelism(), configuration);
    environment
        .fromSource(source, WatermarkStrategy.noWatermarks(), "topics")
        .transform(
            "decide", Types.VOID, new Decide(task.project().toString(), task.folder().toString()));
    JobClient job = environment.executeAsync("clicks");
    CompletableFuture<JobExecutionResult> end = job.getJobExecutionResult();
    Progress progress = task.progress();
    long taken = 0;
    while (progress.goesOn()) {
      if (end.isDone()) {
        end.get(); // says why it failed
      }
      if (TAKEN.sum() > taken) {
        taken = TAKEN.sum();
        progress.add(System.nanoTime() / 1_000_000, taken);
      }
    }
    System.err.printf("%,d rows (%x)%n", taken, FINGERPRINT.sum());
    task.report(progress);
    job.cancel().get();
    System.exit(0); // Flink leaves threads behind
  }

  /** Does with each record what {@link Intake} does, up to the writer. */
  private static final class Decide extends AbstractStreamOperator<Void>
      implements OneInputStreamOperator<ConsumerRecord<byte[], byte[]>, Void> {

    /** Some seconds of work, after which a checkpoint would take the ids that are new. */
    private static final int RECORDS_BETWEEN_CHECKPOINTS = 500_000;

    private final String projectDirectory;
    private final String dataDirectory;
    private transient Lake lake;
    private transient StreamIntake stream;
    private transient Map<Integer, RepeatWindow> windows;
    private transient Map<Outcome, Fingerprint> fingerprints;
    private transient int records;

    Decide(String projectDirectory, String dataDirectory) {
      this.projectDirectory = projectDirectory;
      this.dataDirectory = dataDirectory;
    }

    @Override
    public void open() throws Exception {
      super.open();
      Project project = ProjectReader.load(Path.of(projectDirectory));
      DataDirectory data = new DataDirectory(Path.of(dataDirectory));
      StreamContract clicks = project.streams().get("clicks");
      lake = Lake.open(data);
      stream =
          new StreamIntake(
              clicks,
              project.settings().maxEventBytes(),
              lake,
              Leash.meters(),
              PersonalData.of(clicks, data),
              Optional.empty());
      windows = new HashMap<>();
      fingerprints = new EnumMap<>(Outcome.class);
      for (Outcome outcome : Outcome.values()) {
        TableName table = outcome.table(clicks);
        fingerprints.put(
            outcome, Fingerprint.over(lake.load(table), Schemas.tables(clicks).get(table)));
      }
    }

    @Override
    public void processElement(StreamRecord<ConsumerRecord<byte[], byte[]>> element) {
      ConsumerRecord<byte[], byte[]> record = element.getValue();
      RepeatWindow window =
          windows.computeIfAbsent(
              record.partition(), it -> new RepeatWindow(stream.contract().repeatWindow()));
      Outcome outcome = stream.decide(record, window);
      FINGERPRINT.add(fingerprints.get(outcome).of(stream.row(outcome, record)));
      TAKEN.increment();
      if (++records % RECORDS_BETWEEN_CHECKPOINTS == 0) {
        windows.values().forEach(RepeatWindow::takeAdditions);
      }
    }

    @Override
    public void close() throws Exception {
      if (stream != null) {
        stream.close();
      }
      if (lake != null) {
        lake.close();
      }
      super.close();
    }
  }
}
