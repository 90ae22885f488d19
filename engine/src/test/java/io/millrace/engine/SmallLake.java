package io.millrace.engine;

import io.millrace.core.DataDirectory;
import io.millrace.core.TableName;
import io.millrace.lake.Lake;
import io.millrace.project.Field;
import io.millrace.project.StreamContract;
import io.millrace.project.StreamContract.EventId;
import io.millrace.project.StreamContract.Layout;
import io.millrace.project.Type;
import io.millrace.project.Type.Scalar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;

/** A real lake with one stream of clicks, written by Iceberg's own writers. */
final class SmallLake implements AutoCloseable {

  static final TableName CLICKS = TableName.bronze("clicks");
  static final Instant NOON = Instant.parse("2026-03-01T12:00:00.000001Z");

  static final List<Field> FIELDS =
      List.of(
          Field.required("event_id", Scalar.UUID),
          Field.required("event_time", Scalar.TIMESTAMP),
          Field.optional("user_id", Scalar.STRING),
          Field.optional("quantity", Scalar.INT),
          Field.optional("amount", new Type.Decimal(12, 2)),
          Field.optional("ratio", Scalar.DOUBLE),
          Field.optional("known", Scalar.BOOLEAN),
          Field.optional("day", Scalar.DATE),
          Field.optional(
              "item",
              new Type.Struct(
                  List.of(
                      Field.required("product_id", Scalar.STRING),
                      Field.optional("price", new Type.Decimal(9, 2)),
                      Field.optional("seen", Scalar.TIMESTAMP),
                      Field.optional("sku", Scalar.UUID)))),
          Field.optional("tags", new Type.ListOf(Scalar.STRING)));

  final Lake lake;

  SmallLake(Path folder) {
    lake = Lake.open(new DataDirectory(folder));
  }

  static SmallLake withClicks(Path folder) {
    SmallLake lake = new SmallLake(folder);
    lake.lake.prepare(clicks(FIELDS));
    return lake;
  }

  static StreamContract clicks(List<Field> fields) {
    return new StreamContract(
        "clicks",
        "",
        "web-team",
        1,
        "user_id",
        new EventId.Declared("event_id"),
        "event_time",
        Duration.ofMinutes(10),
        Duration.ofMinutes(10),
        4,
        new Layout.Day("event_time"),
        StreamContract.Evolution.BACKWARD,
        20,
        fields,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Appends clicks with these offsets, each of which fills in the rest. */
  void append(Consumer<Record> fill, long... offsets) {
    Table table = lake.load(CLICKS);
    write(
        table,
        LongStream.of(offsets)
            .mapToObj(
                offset -> {
                  Record record = click(table, offset);
                  fill.accept(record);
                  return record;
                })
            .toList());
  }

  /** The same for one event that came late. */
  void appendLate(long offset) {
    Table table = lake.load(TableName.late("clicks"));
    Record record = click(table, offset);
    record.setField("reason", "late");
    write(table, List.of(record));
  }

  static Record click(Table table, long offset) {
    Record record = GenericRecord.create(table.schema());
    record.setField("event_id", new UUID(7, offset));
    record.setField("event_time", NOON.atOffset(ZoneOffset.UTC));
    record.setField("received", NOON.atOffset(ZoneOffset.UTC));
    record.setField("topic_partition", 0);
    record.setField("topic_offset", offset);
    return record;
  }

  static void full(Record record) {
    record.setField("user_id", "ünal");
    record.setField("quantity", -3);
    record.setField("amount", new BigDecimal("1234567890.12"));
    record.setField("ratio", 0.25);
    record.setField("known", true);
    record.setField("day", LocalDate.of(2026, 2, 28));
    Types.StructType type = record.struct().field("item").type().asStructType();
    Record item = GenericRecord.create(type);
    item.setField("product_id", "p1");
    item.setField("price", new BigDecimal("9.90"));
    item.setField("seen", OffsetDateTime.parse("2026-03-01T00:00:00.5Z"));
    item.setField("sku", new UUID(1, 2));
    record.setField("item", item);
    record.setField("tags", List.of("a", "b"));
  }

  static void write(Table table, List<Record> records) {
    Map<LocalDate, DataWriter<Record>> writers = new LinkedHashMap<>();
    AppendFiles append = table.newAppend();
    for (Record record : records) {
      String time = record.struct().field("event_time") == null ? "received" : "event_time";
      LocalDate day = ((OffsetDateTime) record.getField(time)).toLocalDate();
      writers.computeIfAbsent(day, it -> writer(table, it)).write(record);
    }
    for (DataWriter<Record> writer : writers.values()) {
      try {
        writer.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      append.appendFile(writer.toDataFile());
    }
    append.commit();
  }

  private static DataWriter<Record> writer(Table table, LocalDate day) {
    PartitionData partition = new PartitionData(table.spec().partitionType());
    if (table.spec().isPartitioned()) {
      partition.set(0, (int) day.toEpochDay());
    }
    String name = UUID.randomUUID() + ".parquet";
    try {
      return Parquet.writeData(
              table
                  .io()
                  .newOutputFile(
                      table.locationProvider().newDataLocation(table.spec(), partition, name)))
          .forTable(table)
          .withPartition(partition)
          .createWriterFunc(GenericParquetWriter::create)
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    lake.close();
  }
}
