package io.millrace.lake;

import static io.millrace.lake.Contracts.EVENT_ID;
import static io.millrace.lake.Contracts.EVENT_TIME;
import static io.millrace.lake.Contracts.ITEM;
import static io.millrace.lake.Contracts.QUANTITY;
import static io.millrace.lake.Contracts.TAGS;
import static io.millrace.lake.Contracts.USER;
import static io.millrace.lake.Contracts.clicks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.DataDirectory;
import io.millrace.core.TableName;
import io.millrace.lake.Commits.NewRows;
import io.millrace.lake.LedgerEntry.Range;
import io.millrace.project.Field;
import io.millrace.project.Type.Scalar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.util.SnapshotUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpkeepTest {

  private static final TableName CLICKS = TableName.bronze("clicks");
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir Path folder;
  private Lake lake;
  private Ledger ledger;
  private Commits commits;
  private long offset;

  @BeforeEach
  void open() {
    DataDirectory data = new DataDirectory(folder);
    lake = Lake.open(data);
    lake.prepare(clicks(EVENT_ID, EVENT_TIME, USER, QUANTITY, ITEM, TAGS));
    ledger = Ledger.open(data.metadata());
    commits = new Commits(lake, ledger, () -> NOON);
  }

  @AfterEach
  void close() {
    commits.close();
  }

  @Test
  void makesOneFileOfManyAndKeepsEveryRow() throws IOException {
    appendTimes(9, NOON);
    appendTimes(3, NOON.plus(Duration.ofDays(1)));
    List<String> before = rows();
    Snapshot append = lake.load(CLICKS).currentSnapshot();

    UpkeepPlan plan = upkeep(Instant.now()).run();

    assertThat(plan.describe())
        .matches("bronze.clicks: make one file of 9 in event_time_day=2026-03-01, [0-9,]+ KB\n");
    assertThat(lake.pin(AsOf.now()).get(CLICKS).files()).hasSize(4);
    assertThat(rows()).isEqualTo(before);
    assertThat(lake.load(CLICKS).currentSnapshot().summary())
        .containsEntry(Commits.KIND, "rewrite")
        .containsEntry(Commits.SEQUENCE, "12")
        .containsEntry(Commits.RANGES, append.summary().get(Commits.RANGES));
    assertThat(upkeep(Instant.now()).run().describe()).isEqualTo("nothing to do\n");
  }

  @Test
  void rewritesFilesFromBeforeColumnsWereAdded() throws IOException {
    appendTimes(9, NOON);
    lake.prepare(
        clicks(
            EVENT_ID,
            EVENT_TIME,
            Field.optional("channel", Scalar.STRING),
            USER,
            Field.optional("quantity", Scalar.LONG),
            ITEM,
            TAGS));
    List<String> before = rows();

    upkeep(Instant.now()).run();

    assertThat(lake.pin(AsOf.now()).get(CLICKS).files()).hasSize(1);
    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void aStreamThatDiedBeforeTheLedgerKnewFindsItsCommitBehindARewrite() throws IOException {
    appendTimes(9, NOON);
    upkeep(Instant.now()).run();
    List<LedgerEntry> entries = ledger.after("clicks", 0);
    try (Ledger behind = Ledger.open(folder.resolve("behind.db"));
        Commits again = new Commits(Lake.open(new DataDirectory(folder)), behind, () -> NOON)) {
      entries.subList(0, 8).forEach(behind::add);
      LedgerEntry last = entries.get(8);

      Optional<LedgerEntry> entry =
          again.commit(
              "clicks",
              last.checkpoint(),
              last.ranges(),
              List.of(new NewRows(CLICKS, List.of(), 1, 0)));

      assertThat(entry).map(LedgerEntry::parts).contains(last.parts());
    }
    assertThat(rows()).hasSize(9);
  }

  @Test
  void losesNothingWhileAStreamCommits() throws Exception {
    appendTimes(9, NOON);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<?> stream = thread.submit(() -> appendTimes(20, NOON));
      while (!stream.isDone()) {
        upkeep(Instant.now()).run();
      }
      stream.get();
    } finally {
      thread.shutdownNow();
    }
    upkeep(Instant.now()).run();

    assertThat(rows()).hasSize(29).doesNotHaveDuplicates();
    Table table = lake.load(CLICKS);
    long last = Long.MAX_VALUE;
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      long sequence = Long.parseLong(snapshot.summary().get(Commits.SEQUENCE));
      assertThat(sequence).isLessThanOrEqualTo(last);
      last = sequence;
    }
    assertThat(table.currentSnapshot().summary()).containsEntry(Commits.SEQUENCE, "29");
  }

  @Test
  void expiresOldSnapshotsButNotTheLast() throws IOException {
    appendTimes(Upkeep.SNAPSHOTS_KEPT + 12, NOON);
    List<String> before = rows();

    assertThat(upkeep(Instant.now()).plan().describe()).doesNotContain("expire");
    UpkeepPlan plan = upkeep(Instant.now().plus(Duration.ofHours(2))).run();

    assertThat(plan.describe()).contains("bronze.clicks: expire 12 snapshots\n");
    assertThat(lake.load(CLICKS).snapshots()).hasSize(Upkeep.SNAPSHOTS_KEPT);
    assertThat(rows()).isEqualTo(before);
    assertThatThrownBy(() -> lake.pin(new AsOf.Time(Instant.EPOCH)))
        .hasMessageStartingWith(
            "Cannot read the lake as of 1970-01-01T00:00:00Z: snapshots before ")
        .hasMessageEndingWith(" have expired");
  }

  @Test
  void deletesOnlyFilesThatWereGivenUp() throws IOException {
    append(NOON);
    Instant now = Instant.now();
    Path data = folder.resolve("lake/bronze/clicks/data");
    Path given = old(Files.writeString(data.resolve("given-up.parquet"), "x"), now, 30);
    Path young = old(Files.writeString(data.resolve("young.parquet"), "x"), now, 1);
    lake.pin(AsOf.now()).get(CLICKS).files().forEach(file -> old(Path.of(file), now, 30));

    assertThat(upkeep(now).plan().describe())
        .as("the append is too new to tell")
        .isEqualTo("nothing to do\n");
    UpkeepPlan plan = upkeep(now.plus(Duration.ofMinutes(11))).run();

    assertThat(plan.describe()).isEqualTo("bronze.clicks: delete 1 files that no snapshot has\n");
    assertThat(given).doesNotExist();
    assertThat(young).exists();
    assertThat(rows()).hasSize(1);
  }

  @Test
  void keepsFilesThatAStoppedStreamHasYetToCommit() throws IOException {
    append(NOON);
    Path pending = folder.resolve("lake/bronze/clicks/data/pending.parquet");
    Files.writeString(pending, "x");

    assertThat(upkeep(Instant.now().plus(Duration.ofDays(9))).run().describe())
        .isEqualTo("nothing to do\n");
    assertThat(pending).exists();
  }

  private Upkeep upkeep(Instant now) {
    return new Upkeep(lake, Duration.ofHours(1), () -> now);
  }

  private static Path old(Path file, Instant now, int hours) {
    try {
      return Files.setLastModifiedTime(file, FileTime.from(now.minus(Duration.ofHours(hours))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void appendTimes(int times, Instant at) {
    for (int i = 0; i < times; i++) {
      append(at);
    }
  }

  private void append(Instant at) {
    Table table = lake.load(CLICKS);
    Record record = click(table, at, offset);
    Optional<LedgerEntry> entry =
        commits.commit(
            "clicks",
            offset,
            List.of(new Range("clicks", 0, offset, offset + 1, 1, 0, 0, 0, 0)),
            List.of(new NewRows(CLICKS, List.of(write(table, record)), 1, 0)));
    assertThat(entry).isPresent();
    offset++;
  }

  private static Record click(Table table, Instant at, long offset) {
    Record record = GenericRecord.create(table.schema());
    record.setField("event_id", new UUID(7, offset));
    record.setField("event_time", at.atOffset(ZoneOffset.UTC));
    record.setField("quantity", 3);
    Record item = GenericRecord.create(record.struct().field("item").type().asStructType());
    item.setField("product_id", "p" + offset);
    item.setField("price", new BigDecimal("1234567890.12"));
    record.setField("item", item);
    record.setField("tags", List.of("a", "b"));
    record.setField("received", at.atOffset(ZoneOffset.UTC));
    record.setField("topic_partition", 0);
    record.setField("topic_offset", offset);
    return record;
  }

  private static DataFile write(Table table, Record record) {
    PartitionData partition = new PartitionData(table.spec().partitionType());
    OffsetDateTime time = (OffsetDateTime) record.getField("event_time");
    partition.set(0, (int) time.toLocalDate().toEpochDay());
    String name = UUID.randomUUID() + ".parquet";
    String location = table.locationProvider().newDataLocation(table.spec(), partition, name);
    try {
      DataWriter<Record> writer =
          Parquet.writeData(table.io().newOutputFile(location))
              .forTable(table)
              .withPartition(partition)
              .createWriterFunc(GenericParquetWriter::create)
              .build();
      try (writer) {
        writer.write(record);
      }
      return writer.toDataFile();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> rows() throws IOException {
    Schema schema = lake.load(CLICKS).schema();
    List<String> rows = new ArrayList<>();
    for (String file : lake.pin(AsOf.now()).get(CLICKS).files()) {
      try (CloseableIterable<Record> records =
          Parquet.read(new LocalFiles().newInputFile(file))
              .project(schema)
              .createReaderFunc(message -> GenericParquetReaders.buildReader(schema, message))
              .build()) {
        records.forEach(record -> rows.add(record.toString()));
      }
    }
    return rows.stream().sorted().toList();
  }
}
