package io.millrace.stream;

import io.millrace.core.DataDirectory;
import io.millrace.core.Incidents;
import io.millrace.lake.Commits;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger;
import io.millrace.lake.Ledger.TopicPartition;
import io.millrace.lake.LedgerEntry.Range;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeHint;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Commits to the lake what the intakes wrote, when the checkpoint that covers it is complete. One
 * for the whole job. Until then it holds the staged commits in its state: a checkpoint that is
 * restored was complete, so what it holds is committed first thing; {@link Commits} knows what had
 * been committed already. After that the tables have all that the checkpoint is ahead of.
 */
final class CommitOperator extends AbstractStreamOperator<Void>
    implements OneInputStreamOperator<byte[], Void> {

  private final String dataDirectory;
  private final ArrayList<String> streams;

  /** By checkpoint, then stream. */
  private transient TreeMap<Long, Map<String, StagedCommit>> staged;

  /** Where the ledger of each stream ends once all that is staged has been committed. */
  private transient Map<String, Map<TopicPartition, Long>> ends;

  private transient ListState<byte[]> state;
  private transient ListState<Tuple4<String, String, Integer, Long>> endState;
  private transient PatientCommits commits;

  CommitOperator(String dataDirectory, Collection<String> streams) {
    this.dataDirectory = dataDirectory;
    this.streams = new ArrayList<>(streams);
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    staged = new TreeMap<>();
    DataDirectory data = new DataDirectory(java.nio.file.Path.of(dataDirectory));
    Clock clock = Clock.systemUTC();
    commits =
        new PatientCommits(
            new Commits(Lake.open(data), Ledger.open(data.metadata()), clock),
            Incidents.open(data.metadata(), clock),
            clock);
    state =
        context
            .getOperatorStateStore()
            .getListState(
                new ListStateDescriptor<>(
                    "staged-commits", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    endState =
        context
            .getOperatorStateStore()
            .getListState(
                new ListStateDescriptor<>("ends", TypeInformation.of(new TypeHint<>() {})));
    ends = new TreeMap<>();
    for (Tuple4<String, String, Integer, Long> end : endState.get()) {
      end(end.f0, new TopicPartition(end.f1, end.f2), end.f3);
    }
    for (byte[] bytes : state.get()) {
      stage(StagedCommit.fromBytes(bytes));
    }
    try (Ledger ledger = Ledger.open(data.metadata())) {
      requireNotPutBack(ledger, context.getRestoredCheckpointId().orElse(0));
      commitUpTo(context.getRestoredCheckpointId().orElse(0));
      for (String stream : streams) {
        ledger.ends(stream).forEach((partition, end) -> end(stream, partition, end));
      }
    }
  }

  private void end(String stream, TopicPartition partition, long end) {
    ends.computeIfAbsent(stream, key -> new HashMap<>()).merge(partition, end, Math::max);
  }

  /** Tables ahead of the checkpoint are caught up with; tables behind it miss what it read. */
  private void requireNotPutBack(Ledger ledger, long checkpoint) {
    Map<String, Map<TopicPartition, Long>> wanted = new TreeMap<>();
    ends.forEach((stream, of) -> wanted.put(stream, new HashMap<>(of)));
    for (Map<String, StagedCommit> ofCheckpoint : staged.values()) {
      for (StagedCommit commit : ofCheckpoint.values()) {
        for (Range range : commit.ranges()) {
          wanted
              .get(commit.stream())
              .merge(new TopicPartition(range.topic(), range.partition()), range.from(), Math::min);
        }
      }
    }
    wanted.forEach(
        (stream, of) -> {
          Map<TopicPartition, Long> held = ledger.ends(stream);
          of.forEach(
              (partition, end) -> {
                if (held.getOrDefault(partition, 0L) < end) {
                  throw new TablesPutBack(
                      checkpoint, partition, held.getOrDefault(partition, 0L), end);
                }
              });
        });
  }

  @Override
  public void processElement(StreamRecord<byte[]> element) throws Exception {
    stage(StagedCommit.fromBytes(element.getValue()));
  }

  private void stage(StagedCommit commit) {
    commit
        .ranges()
        .forEach(
            range ->
                end(
                    commit.stream(),
                    new TopicPartition(range.topic(), range.partition()),
                    range.to()));
    staged
        .computeIfAbsent(commit.checkpoint(), key -> new TreeMap<>())
        .merge(commit.stream(), commit, StagedCommit::plus);
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    List<byte[]> bytes = new ArrayList<>();
    for (Map<String, StagedCommit> commitsOfCheckpoint : staged.values()) {
      for (StagedCommit commit : commitsOfCheckpoint.values()) {
        bytes.add(commit.toBytes());
      }
    }
    state.update(bytes);
    List<Tuple4<String, String, Integer, Long>> listed = new ArrayList<>();
    ends.forEach(
        (stream, held) ->
            held.forEach(
                (key, end) -> listed.add(Tuple4.of(stream, key.topic(), key.partition(), end))));
    endState.update(listed);
  }

  @Override
  public void notifyCheckpointComplete(long checkpoint) throws Exception {
    super.notifyCheckpointComplete(checkpoint);
    commitUpTo(checkpoint);
    streams.forEach(commits::takeProposed);
  }

  private void commitUpTo(long checkpoint) throws InterruptedException {
    Map<Long, Map<String, StagedCommit>> complete = staged.headMap(checkpoint, true);
    for (Map<String, StagedCommit> ofCheckpoint : complete.values()) {
      for (StagedCommit commit : ofCheckpoint.values()) {
        commits.commit(commit);
      }
    }
    complete.clear();
  }

  @Override
  public void close() throws Exception {
    if (commits != null) {
      commits.close();
    }
    super.close();
  }
}
