package io.millrace.stream;

import io.millrace.core.DataDirectory;
import io.millrace.core.Leash;
import io.millrace.core.MillraceException;
import io.millrace.lake.AcceptedContracts;
import io.millrace.lake.Erasures;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.LedgerEntry.Range;
import io.millrace.project.Project;
import io.millrace.project.ProjectReader;
import io.millrace.project.StreamContract;
import io.millrace.stream.WindowSegments.Kind;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeHint;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.IOUtils;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The way from Kafka to files, in one operator chained to the source: a record is decoded, checked,
 * compared with the ids seen of late, put into its session, and written, and nothing is handed on
 * for it. There is no shuffle, because a topic partition is read by one subtask, so repeats of a
 * key meet here. At a checkpoint the files are closed and handed to the {@link CommitOperator}
 * ahead of the barrier.
 */
final class Intake extends AbstractStreamOperator<byte[]>
    implements OneInputStreamOperator<ConsumerRecord<byte[], byte[]>, byte[]> {

  private final String kafka;
  private final String projectDirectory;
  private final String dataDirectory;
  private final Checkpoints checkpoints;

  private transient Lake lake;
  private transient WindowSegments repeats;
  private transient ListState<String> repeatState;
  private transient WindowSegments sessions;
  private transient ListState<String> sessionState;
  private transient ListState<Tuple3<String, Integer, Long>> positionState;
  private transient List<StreamIntake> streams;
  private transient Map<String, StreamIntake> byTopic;
  private transient Map<TopicPartition, PartitionIntake> partitions;

  private transient ErasureWatch erasures;

  /** Of a project in which a stream keeps live values. */
  private transient Optional<LiveSink> live;

  /** Where partitions stand, of this subtask as of the last checkpoint and of others. */
  private transient Map<TopicPartition, Long> positions;

  /** The partition of the last record: records of a partition come in runs. */
  private transient PartitionIntake current;

  Intake(String kafka, String projectDirectory, String dataDirectory, Checkpoints checkpoints) {
    this.kafka = kafka;
    this.projectDirectory = projectDirectory;
    this.dataDirectory = dataDirectory;
    this.checkpoints = checkpoints;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    repeats = new WindowSegments(checkpoints.repeats(), Kind.IDS);
    repeatState = segments("repeat-segments", repeats, context);
    sessions = new WindowSegments(checkpoints.sessions(), Kind.SESSIONS);
    sessionState = segments("session-segments", sessions, context);
    positions = new HashMap<>();
    positionState =
        context
            .getOperatorStateStore()
            .getUnionListState(
                new ListStateDescriptor<>("positions", TypeInformation.of(new TypeHint<>() {})));
    for (Tuple3<String, Integer, Long> position : positionState.get()) {
      positions.merge(new TopicPartition(position.f0, position.f1), position.f2, Math::max);
    }
  }

  /** The list of the segments, which are taken over as it has them. */
  private ListState<String> segments(
      String name, WindowSegments segments, StateInitializationContext context) throws Exception {
    ListState<String> state =
        context
            .getOperatorStateStore()
            .getUnionListState(new ListStateDescriptor<>(name, String.class));
    int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    segments.restore(
        state.get(), subtask, getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks());
    if (subtask == 0) {
      segments.deleteUnlisted();
    }
    return state;
  }

  @Override
  public void open() throws Exception {
    super.open();
    DataDirectory data = new DataDirectory(Path.of(dataDirectory));
    Project project =
        AcceptedContracts.inForce(ProjectReader.load(Path.of(projectDirectory)), data.metadata());
    lake = Lake.open(data);
    live =
        project.streams().values().stream().anyMatch(contract -> contract.live().isPresent())
            ? Optional.of(new LiveSink(kafka, project.settings().maxLiveRowBytes()))
            : Optional.empty();
    streams = new ArrayList<>();
    byTopic = new HashMap<>();
    partitions = new HashMap<>();
    try (Ledger ledger = Ledger.open(data.metadata())) {
      for (StreamContract contract : project.streams().values()) {
        StreamIntake intake =
            new StreamIntake(
                contract,
                project.settings().maxEventBytes(),
                lake,
                Leash.meters(),
                PersonalData.of(contract, data),
                live);
        streams.add(intake);
        byTopic.put(contract.topic(), intake);
        byTopic.put(contract.rejectedTopic(), intake);
        ledger.ends(contract.name()).forEach((key, end) -> positions.merge(key, end, Math::max));
      }
    }
    erasures =
        new ErasureWatch(
            Erasures.open(data.metadata(), InstantSource.system()),
            getRuntimeContext().getTaskInfo().getIndexOfThisSubtask(),
            all -> streams.forEach(stream -> stream.goBy(all)));
  }

  @Override
  public void processElement(StreamRecord<ConsumerRecord<byte[], byte[]>> element)
      throws Exception {
    ConsumerRecord<byte[], byte[]> record = element.getValue();
    if (current == null || !current.isOf(record)) {
      current = partition(new TopicPartition(record.topic(), record.partition()));
    }
    current.take(record);
  }

  private PartitionIntake partition(TopicPartition key) throws Exception {
    PartitionIntake partition = partitions.get(key);
    if (partition == null) {
      StreamIntake stream = byTopic.get(key.topic());
      if (stream == null) {
        // Passing over its records would make them look absent once the stream comes back.
        throw MillraceException.caller(
            "Cannot go on with topic '%s': no stream of the project has it any more; put its contract back, or remove %s to start where the ledger ends"
                .formatted(key.topic(), checkpoints.folder()));
      }
      RepeatWindow window = new RepeatWindow(stream.contract().repeatWindow());
      repeats.fill(key, window);
      Optional<SessionWindow> kept = SessionWindow.of(stream.contract());
      if (kept.isPresent()) {
        sessions.fill(key, kept.get());
      }
      partition = new PartitionIntake(key, stream, window, kept, positions.getOrDefault(key, 0L));
      partitions.put(key, partition);
    }
    return partition;
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpoint) throws Exception {
    super.prepareSnapshotPreBarrier(checkpoint);
    live.ifPresent(LiveSink::flush);
    for (StreamIntake stream : streams) {
      List<Range> ranges =
          partitions.values().stream()
              .filter(partition -> partition.stream() == stream)
              .flatMap(partition -> partition.takeRange().stream())
              .toList();
      if (!ranges.isEmpty()) {
        StagedCommit commit =
            new StagedCommit(stream.contract().name(), checkpoint, ranges, stream.takeRows());
        output.collect(new StreamRecord<>(commit.toBytes()));
      }
    }
    erasures.look();
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    Map<TopicPartition, RepeatWindow> ids = new HashMap<>();
    Map<TopicPartition, SessionWindow> kept = new HashMap<>();
    partitions.forEach(
        (key, partition) -> {
          ids.put(key, partition.window());
          partition.sessions().ifPresent(it -> kept.put(key, it));
          positions.put(key, partition.next());
        });
    List<Tuple3<String, Integer, Long>> listed = new ArrayList<>();
    positions.forEach((key, next) -> listed.add(Tuple3.of(key.topic(), key.partition(), next)));
    positionState.update(listed);
    repeatState.update(repeats.checkpoint(context.getCheckpointId(), ids));
    sessionState.update(sessions.checkpoint(context.getCheckpointId(), kept));
  }

  @Override
  public void notifyCheckpointComplete(long checkpoint) throws Exception {
    super.notifyCheckpointComplete(checkpoint);
    repeats.checkpointComplete(checkpoint);
    sessions.checkpointComplete(checkpoint);
  }

  @Override
  public void close() throws Exception {
    // Each of them, also after one that fails; those that were not opened yet are null.
    List<AutoCloseable> opened = new ArrayList<>();
    if (streams != null) {
      opened.addAll(streams);
    }
    opened.add(erasures);
    if (live != null) {
      live.ifPresent(opened::add);
    }
    opened.add(lake);
    opened.add(super::close);
    IOUtils.closeAll(opened);
  }
}
