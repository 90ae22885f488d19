package io.millrace.lake;

import static io.millrace.lake.Contracts.EVENT_ID;
import static io.millrace.lake.Contracts.EVENT_TIME;
import static io.millrace.lake.Contracts.ITEM;
import static io.millrace.lake.Contracts.QUANTITY;
import static io.millrace.lake.Contracts.TAGS;
import static io.millrace.lake.Contracts.USER;
import static io.millrace.lake.Contracts.clicks;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.DataDirectory;
import io.millrace.core.TableName;
import io.millrace.lake.Commits.NewRows;
import io.millrace.lake.LedgerEntry.Range;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;

/** A lake with one stream of clicks, to which one click after the other is appended. */
final class ClickLake implements AutoCloseable {

  static final TableName CLICKS = TableName.bronze("clicks");
  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  final Path folder;
  final Lake lake;
  final Ledger ledger;
  final Commits commits;
  private long offset;

  ClickLake(Path folder) {
    this.folder = folder;
    DataDirectory data = new DataDirectory(folder);
    lake = Lake.open(data);
    lake.prepare(clicks(EVENT_ID, EVENT_TIME, USER, QUANTITY, ITEM, TAGS));
    ledger = Ledger.open(data.metadata());
    commits = new Commits(lake, ledger, () -> NOON);
  }

  /** Keeps snapshots for an hour, and the last of each hour for a week. */
  static UpkeepLimits limits() {
    return new UpkeepLimits(Duration.ofHours(1), Duration.ofDays(7), 100, 1L << 30);
  }

  Upkeep upkeep(Instant now) {
    return new Upkeep(
        lake, new PlainRewriter(), table -> Set.of(), limits(), () -> now, pause -> {});
  }

  UpkeepPlan tidy(Instant now) {
    return upkeep(now).run();
  }

  Table table() {
    return lake.load(CLICKS);
  }

  void appendTimes(int times, Instant at) {
    for (int i = 0; i < times; i++) {
      append(at);
    }
  }

  void append(Instant at) {
    Table table = table();
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

  static Record click(Table table, Instant at, long offset) {
    Record record = GenericRecord.create(table.schema());
    record.setField("event_id", new UUID(7, offset));
    record.setField("event_time", at.atOffset(ZoneOffset.UTC));
    record.setField("user_id", "u" + offset % 3);
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

  static DataFile write(Table table, Record... records) {
    PartitionData partition = new PartitionData(table.spec().partitionType());
    OffsetDateTime time = (OffsetDateTime) records[0].getField("event_time");
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
        writer.write(List.of(records));
      }
      return writer.toDataFile();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> files() {
    return lake.pin(AsOf.now()).get(CLICKS).files();
  }

  /** Each row as text, in one order. */
  List<String> rows() {
    Schema schema = table().schema();
    List<String> rows = new ArrayList<>();
    for (String file : files()) {
      try (CloseableIterable<Record> records =
          Parquet.read(new LocalFiles().newInputFile(file))
              .project(schema)
              .createReaderFunc(message -> GenericParquetReaders.buildReader(schema, message))
              .build()) {
        records.forEach(record -> rows.add(record.toString()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return rows.stream().sorted().toList();
  }

  @Override
  public void close() {
    commits.close();
  }
}
