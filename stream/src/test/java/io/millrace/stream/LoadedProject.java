package io.millrace.stream;

import static org.awaitility.Awaitility.await;

import io.millrace.core.DataDirectory;
import io.millrace.core.Row;
import io.millrace.core.TableName;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger;
import io.millrace.lake.LedgerEntry;
import io.millrace.lake.Schemas;
import io.millrace.lake.TableReader;
import io.millrace.project.Field;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.StreamContract;
import io.millrace.testkit.Broker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.iceberg.Table;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** A project on a real broker whose job runs, for tests that load files beside it. */
final class LoadedProject {

  static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int CHECKPOINT_INTERVAL_MS = 200;

  private final Broker broker;
  private final Path folder;
  private final Project project;
  private final DataDirectory data;
  private final Lake lake;
  private Optional<JobClient> job = Optional.empty();

  /**
   * @param streams which all have the same contract
   */
  LoadedProject(Path folder, Broker broker, String contract, List<String> streams)
      throws Exception {
    this.broker = broker;
    this.folder = folder;
    Files.createDirectories(folder.resolve("streams"));
    Files.writeString(
        folder.resolve("millrace.yaml"), "name: shop\nsettings:\n  max_event: 16KB\n");
    for (String stream : streams) {
      Files.writeString(folder.resolve("streams/" + stream + ".yaml"), contract);
    }
    project = ProjectReader.load(folder);
    data = DataDirectory.of(folder);
    lake = Lake.open(data);
    project.streams().values().forEach(lake::prepare);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka()))) {
      List<NewTopic> topics = new ArrayList<>();
      for (String stream : streams) {
        topics.add(topic(stream));
        topics.add(topic(stream + ".rejected"));
      }
      admin.createTopics(topics).all().get();
    }
  }

  private static NewTopic topic(String name) {
    return new NewTopic(name, 1, (short) 1)
        .configs(Map.of("message.timestamp.type", "LogAppendTime"));
  }

  String kafka() {
    return broker.bootstrapServers();
  }

  Path folder() {
    return folder;
  }

  DataDirectory data() {
    return data;
  }

  Lake lake() {
    return lake;
  }

  Project project() {
    return project;
  }

  StreamContract contract(String stream) {
    return project.contract(stream);
  }

  void start() throws Exception {
    StreamExecutionEnvironment environment = StreamMain.environment(project, data, kafka());
    environment.enableCheckpointing(CHECKPOINT_INTERVAL_MS);
    job = Optional.of(environment.executeAsync("test"));
  }

  /** Cancels without a last checkpoint: what a crash leaves behind. */
  void kill() throws Exception {
    if (job.isPresent()) {
      job.get().cancel().get();
      await().atMost(LIMIT).until(() -> job.get().getJobExecutionResult().isDone());
      job = Optional.empty();
    }
  }

  List<LedgerEntry> entries(String stream) {
    try (Ledger ledger = Ledger.open(data.metadata())) {
      return ledger.after(stream, 0);
    }
  }

  /** What each row of a table comes to. */
  <T> List<T> rows(TableName name, StreamContract contract, BiFunction<List<Field>, Row, T> of) {
    List<Field> columns = Schemas.tables(contract).get(name);
    Table table = lake.load(name);
    List<T> read = new ArrayList<>();
    if (table.currentSnapshot() != null) {
      TableReader.forEach(
          table,
          table.currentSnapshot().snapshotId(),
          columns,
          row -> read.add(of.apply(columns, row)));
    }
    return read;
  }

  void end() throws Exception {
    kill();
    lake.close();
  }
}
