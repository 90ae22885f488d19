package io.millrace.stream;

import io.millrace.core.DataDirectory;
import io.millrace.core.Endpoints;
import io.millrace.core.MillraceException;
import io.millrace.lake.AcceptedContracts;
import io.millrace.lake.Lake;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ExceptionUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream process: Flink in one JVM, running the project's job from where its last checkpoint
 * left off. Arguments: the project directory and the data directory.
 */
public final class StreamMain {

  private static final Logger LOG = LoggerFactory.getLogger(StreamMain.class);

  private StreamMain() {}

  public static void main(String[] args) throws Exception {
    DataDirectory data = new DataDirectory(Path.of(args[1]));
    Project project =
        AcceptedContracts.inForce(ProjectReader.load(Path.of(args[0])), data.metadata());
    String kafka =
        Endpoints.find(data.endpoints())
            .map(Endpoints::kafka)
            .orElseThrow(
                () -> MillraceException.caller("Cannot stream: nothing runs on " + data.root()));
    try (Lake lake = Lake.open(data)) {
      Surroundings.await(project, lake, kafka);
    }
    String name = StreamJob.name(project);
    try {
      environment(project, data, kafka).execute(name);
    } catch (Exception e) {
      LOG.warn(putBack(e).orElseThrow(() -> e).getMessage());
      RestorePoint.forget(data.checkpoints());
      environment(project, data, kafka).execute(name);
    }
  }

  /** That the job ended because its tables are older than its checkpoint. */
  static Optional<Throwable> putBack(Throwable failure) {
    return ExceptionUtils.findThrowableSerializedAware(
            failure, TablesPutBack.class, StreamMain.class.getClassLoader())
        .map(Throwable::getCause);
  }

  /** An environment in this JVM with the project's job in it, to go on from its last checkpoint. */
  static StreamExecutionEnvironment environment(Project project, DataDirectory data, String kafka) {
    Settings settings = project.settings();
    Checkpoints checkpoints = Checkpoints.in(data);
    Optional<RestorePoint> restore = checkpoints.newest();
    LOG.info("Going on from {}", restore.map(Record::toString).orElse("the end of the ledger"));
    Configuration configuration = ofJob(settings, checkpoints, restore);
    addProcess(configuration, settings);
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createLocalEnvironment(
            settings.streamParallelism(), configuration);
    StreamJob.define(environment, project, data, checkpoints, kafka);
    return environment;
  }

  /** What the job is run with, wherever it runs. */
  static Configuration ofJob(
      Settings settings, Checkpoints checkpoints, Optional<RestorePoint> restore) {
    Configuration configuration = new Configuration();
    restore.ifPresent(
        point -> {
          configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, point.uri());
          configuration.set(StateRecoveryOptions.RESTORE_MODE, RecoveryClaimMode.CLAIM);
        });
    configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, settings.commitInterval());
    configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.uri());
    configuration.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    configuration.set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, 2);
    configuration.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, 10);
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF,
        Duration.ofSeconds(30));
    configuration.set(PipelineOptions.OBJECT_REUSE, true);
    return configuration;
  }

  /** What this process is: a cluster of its own. */
  private static void addProcess(Configuration configuration, Settings settings) {
    // No state backend of Flink's holds anything large: ids live in the intake's own arrays.
    configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ZERO);
    configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(16));
    configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(16));
    configuration.set(TaskManagerOptions.NUM_TASK_SLOTS, settings.streamParallelism());
    configuration.set(RestOptions.ADDRESS, "127.0.0.1");
    configuration.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
    configuration.set(RestOptions.BIND_PORT, "0");
  }
}
