package io.millrace.lake;

import static io.millrace.lake.ClickLake.CLICKS;
import static io.millrace.lake.ClickLake.NOON;
import static io.millrace.lake.ClickLake.limits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.ValueRow;
import io.millrace.project.StreamContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.datasketches.memory.Memory;
import org.apache.datasketches.theta.Sketch;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.BlobMetadata;
import org.apache.iceberg.StatisticsFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.puffin.Puffin;
import org.apache.iceberg.puffin.PuffinReader;
import org.apache.iceberg.util.Pair;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatisticsTest {

  private static final int ROWS = 20_000;
  private static final int USERS = 150;
  private static final StreamContract CONTRACT =
      Contracts.clicks(
          Contracts.EVENT_ID,
          Contracts.EVENT_TIME,
          Contracts.USER,
          Contracts.QUANTITY,
          Contracts.ITEM,
          Contracts.TAGS);

  @TempDir Path folder;
  private ClickLake clicks;

  @BeforeEach
  void open() {
    clicks = new ClickLake(folder);
  }

  @AfterEach
  void close() {
    clicks.close();
  }

  @Test
  void countsDistinctValuesOfEachColumn() throws IOException {
    append(ROWS);

    assertThat(clicks.tidy(NOON).describe())
        .matches("bronze.clicks: count distinct values, [0-9,]+ KB \\(never counted\\)\n");

    StatisticsFile file = statistics();
    assertThat(file.snapshotId()).isEqualTo(clicks.table().currentSnapshot().snapshotId());
    assertThat(distinct(file, "user_id")).isEqualTo(USERS);
    assertThat(distinct(file, "quantity")).as("all null").isZero();
    assertThat((double) distinct(file, "event_id")).isCloseTo(ROWS, within(ROWS * 0.05));
    assertThat(sketch(file, "user_id").getEstimate()).isEqualTo(USERS);
  }

  @Test
  void countsAgainWhenATableHasGrownByAFifth() throws IOException {
    append(ROWS);
    clicks.tidy(NOON);

    append(ROWS / 6);
    assertThat(plan()).isEmpty();
    append(ROWS / 6);
    assertThat(plan())
        .map(UpkeepPlan.Count::reason)
        .hasValue("20,000 rows when last counted, now 26,666");
  }

  @Test
  void leavesOutWhatIsSmallOrMoreThanARoundCanRead() throws IOException {
    append(ROWS / 2 - 1);
    assertThat(plan()).isEmpty();
    append(1);
    assertThat(plan()).isPresent();
    assertThat(Statistics.plan(CLICKS, clicks.table(), 1)).isEmpty();
  }

  @Test
  void outliveTheSnapshotTheyWereMadeOf() throws IOException {
    append(ROWS);
    clicks.tidy(NOON);
    long counted = statistics().snapshotId();
    for (int i = 0; i < Retention.SNAPSHOTS_KEPT + 11; i++) {
      append(1);
    }
    UpkeepLimits limits =
        new UpkeepLimits(Duration.ofHours(1), Duration.ZERO, 100, limits().bytes());
    Instant later = Instant.now().plus(Duration.ofHours(2));

    new Upkeep(clicks.lake, new PlainRewriter(), it -> Set.of(), limits, () -> later, it -> {})
        .run();

    assertThat(clicks.table().snapshot(counted)).isNull();
    assertThat(clicks.table().snapshot(statistics().snapshotId())).isNotNull();
    assertThat(distinct(statistics(), "user_id")).isEqualTo(USERS);
    assertThat(sketch(statistics(), "user_id").getEstimate()).isEqualTo(USERS);
    assertThat(plan()).isEmpty();
  }

  private Optional<UpkeepPlan.Count> plan() {
    return Statistics.plan(CLICKS, clicks.table(), limits().bytes());
  }

  private StatisticsFile statistics() {
    List<StatisticsFile> files = clicks.table().statisticsFiles();
    return files.get(files.size() - 1);
  }

  private long distinct(StatisticsFile file, String column) {
    int id = clicks.table().schema().findField(column).fieldId();
    return file.blobMetadata().stream()
        .filter(blob -> blob.fields().equals(List.of(id)))
        .map(BlobMetadata::properties)
        .mapToLong(properties -> Long.parseLong(properties.get("ndv")))
        .findFirst()
        .orElseThrow();
  }

  private Sketch sketch(StatisticsFile file, String column) throws IOException {
    int id = clicks.table().schema().findField(column).fieldId();
    try (PuffinReader reader = Puffin.read(clicks.table().io().newInputFile(file.path())).build()) {
      List<org.apache.iceberg.puffin.BlobMetadata> blobs =
          reader.fileMetadata().blobs().stream()
              .filter(blob -> blob.inputFields().equals(List.of(id)))
              .toList();
      for (Pair<org.apache.iceberg.puffin.BlobMetadata, ByteBuffer> blob : reader.readAll(blobs)) {
        byte[] bytes = new byte[blob.second().remaining()];
        blob.second().get(bytes);
        return Sketch.wrap(Memory.wrap(bytes));
      }
    }
    throw new AssertionError("no sketch of " + column);
  }

  private void append(int rows) throws IOException {
    Table table = clicks.table();
    long micros = NOON.toEpochMilli() * 1000;
    AppendFiles append = table.newAppend();
    try (TableWriter writer = new TableWriter(table, Schemas.bronze(CONTRACT))) {
      for (int i = 0; i < rows; i++) {
        byte[] id = ByteBuffer.allocate(16).putLong(System.nanoTime()).putLong(i).array();
        writer.write(
            ValueRow.of(
                id,
                micros,
                ValueRow.utf8("u" + i % USERS),
                null,
                null,
                null,
                micros,
                0L,
                (long) i));
      }
      writer.complete().forEach(append::appendFile);
    }
    append.commit();
  }
}
