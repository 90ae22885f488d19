package io.millrace.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchException;

import io.millrace.lake.Ledger.TopicPartition;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.RemoteStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is heard of jobs that a Flink cannot run; it has no plugins. */
class DeployedJobTest {

  private static MiniCluster flink;

  @BeforeAll
  static void startFlink() throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(RestOptions.ADDRESS, "127.0.0.1");
    configuration.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
    configuration.set(RestOptions.BIND_PORT, "0");
    flink =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(1)
                .build());
    flink.start();
  }

  @AfterAll
  static void stopFlink() throws Exception {
    flink.close();
  }

  private static JobClient submit(Configuration configuration) throws Exception {
    URI address = flink.getRestAddress().get();
    StreamExecutionEnvironment environment =
        new RemoteStreamEnvironment(address.getHost(), address.getPort(), configuration);
    environment.setParallelism(1);
    environment.fromSequence(1, 1).map(new OnOlderTables()).sinkTo(new DiscardingSink<>());
    return environment.executeAsync("test");
  }

  /** Finds what a commit operator may find. */
  private static final class OnOlderTables implements MapFunction<Long, Long> {
    private static final long serialVersionUID = 1L;

    @Override
    public Long map(Long value) {
      throw new TablesPutBack(7, new TopicPartition("clicks", 0), 10, 12);
    }
  }

  @Test
  void aClusterThatDoesNotReachTheBucketSaysSo() {
    Configuration configuration = new Configuration();
    configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(1));
    configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, "s3://states/shop");

    Exception refused = catchException(() -> submit(configuration));
    assertThat(FlinkCluster.refusal(refused))
        .get()
        .asString()
        .startsWith(
            "it cannot begin with the job: Could not find a file system implementation for scheme 's3'.")
        .contains("flink-s3-fs-hadoop");
    assertThat(FlinkCluster.refusal(new IllegalStateException("other"))).isEmpty();
  }

  @Test
  void aJobWhoseTablesArePutBackIsToldFromOthers() throws Exception {
    JobClient job = submit(new Configuration());

    Exception failed = catchException(() -> job.getJobExecutionResult().get());
    assertThat(failed).isInstanceOf(ExecutionException.class);
    assertThat(StreamMain.putBack(failed))
        .get()
        .extracting(Throwable::getMessage)
        .asString()
        .isEqualTo(
            "Cannot go on from checkpoint 7: the tables end at offset 10 of clicks/0, and ended at 12 when it was made; they were put back to an earlier state");
  }
}
