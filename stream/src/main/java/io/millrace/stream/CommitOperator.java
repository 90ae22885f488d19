package io.millrace.stream;

import io.millrace.core.DataDirectory;
import io.millrace.lake.Commits;
import io.millrace.lake.Lake;
import io.millrace.lake.Ledger;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Commits to the lake what the intakes wrote, when the checkpoint that covers it is complete. One
 * for the whole job. Until then it holds the staged commits in its state: a checkpoint that is
 * restored was complete, so what it holds is committed first thing; {@link Commits} knows what had
 * been committed already.
 */
final class CommitOperator extends AbstractStreamOperator<Void>
    implements OneInputStreamOperator<byte[], Void> {

  private final String dataDirectory;

  /** By checkpoint, then stream. */
  private transient TreeMap<Long, Map<String, StagedCommit>> staged;

  private transient ListState<byte[]> state;
  private transient Commits commits;

  CommitOperator(String dataDirectory) {
    this.dataDirectory = dataDirectory;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    staged = new TreeMap<>();
    DataDirectory data = new DataDirectory(java.nio.file.Path.of(dataDirectory));
    commits = new Commits(Lake.open(data), Ledger.open(data.metadata()), Clock.systemUTC());
    state =
        context
            .getOperatorStateStore()
            .getListState(
                new ListStateDescriptor<>(
                    "staged-commits", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    for (byte[] bytes : state.get()) {
      stage(StagedCommit.fromBytes(bytes));
    }
    if (context.getRestoredCheckpointId().isPresent()) {
      commitUpTo(context.getRestoredCheckpointId().getAsLong());
    }
  }

  @Override
  public void processElement(StreamRecord<byte[]> element) throws Exception {
    stage(StagedCommit.fromBytes(element.getValue()));
  }

  private void stage(StagedCommit commit) {
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
  }

  @Override
  public void notifyCheckpointComplete(long checkpoint) throws Exception {
    super.notifyCheckpointComplete(checkpoint);
    commitUpTo(checkpoint);
  }

  private void commitUpTo(long checkpoint) {
    Map<Long, Map<String, StagedCommit>> complete = staged.headMap(checkpoint, true);
    for (Map<String, StagedCommit> ofCheckpoint : complete.values()) {
      for (StagedCommit commit : ofCheckpoint.values()) {
        commits.commit(commit.stream(), commit.checkpoint(), commit.ranges(), commit.rows());
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
