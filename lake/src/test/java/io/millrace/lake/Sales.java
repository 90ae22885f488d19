package io.millrace.lake;

import io.millrace.core.Interval;
import io.millrace.core.Row;
import io.millrace.core.TableName;
import io.millrace.core.ValueRow;
import io.millrace.lake.TableBuild.Change;
import io.millrace.lake.TableBuild.Layout;
import io.millrace.project.Batches;
import io.millrace.project.Field;
import io.millrace.project.Type.Scalar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;

/** The table of a small model, one row for each sale: its time and its amount. */
final class Sales {

  static final TableName SALES = new TableName("gold", "sales");
  static final String BRANCH = "build";
  static final Optional<Layout> BY_DAY = Optional.of(new Layout("sold_at", Batches.Size.DAY));
  static final Schema COLUMNS =
      Schemas.schema(
          List.of(
              Field.optional("sold_at", Scalar.TIMESTAMP), Field.optional("amount", Scalar.LONG)));

  private Sales() {}

  static TableBuild begin(Lake lake) {
    return begin(lake, SALES);
  }

  static TableBuild begin(Lake lake, TableName name) {
    return lake.build(name, COLUMNS, BY_DAY, BRANCH);
  }

  /** Builds and publishes in one go. */
  static long build(Lake lake, TableName name, Change change, Row... rows) {
    TableBuild build = begin(lake, name);
    build.stage(change, write(build.table(), rows), Map.of());
    return build.publish().orElseThrow();
  }

  static long build(Lake lake, Change change, Row... rows) {
    return build(lake, SALES, change, rows);
  }

  /** A sale at noon. */
  static Row sale(String day, long amount) {
    return ValueRow.of(
        micros(LocalDate.parse(day).atTime(12, 0).toInstant(ZoneOffset.UTC)), amount);
  }

  static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  static Span day(String day) {
    return days(day, LocalDate.parse(day).plusDays(1).toString());
  }

  static Span days(String from, String to) {
    return new Span(
        "sold_at",
        new Interval(Instant.parse(from + "T00:00:00Z"), Instant.parse(to + "T00:00:00Z")),
        ZoneOffset.UTC);
  }

  static Change.Intervals replacing(String... days) {
    return new Change.Intervals(List.of(days).stream().map(Sales::day).toList());
  }

  static List<DataFile> write(Table table, Row... rows) {
    try (TableWriter writer = new TableWriter(table, Schemas.columns(table.schema()))) {
      for (Row row : rows) {
        writer.write(row);
      }
      return writer.complete();
    }
  }

  /** What maintenance does: each file of main is written again. */
  static void rewrite(Lake lake, TableName name) {
    Table table = lake.load(name);
    List<Field> columns = Schemas.columns(table.schema());
    RewriteFiles rewrite = table.newRewrite();
    for (DataFile file : DataFiles.of(table.newScan())) {
      try (TableWriter writer = new TableWriter(table, columns)) {
        TableReader.forEach(table, file, columns, writer::write);
        rewrite.deleteFile(file);
        writer.complete().forEach(rewrite::addFile);
      }
    }
    rewrite.commit();
  }

  /** Each row as its values with {@code |} between them, in order. */
  static List<String> rows(PinnedTable table) {
    return rows(table.files(), table.schema());
  }

  static List<String> rows(List<String> files, Schema schema) {
    List<String> rows = new ArrayList<>();
    for (String file : files) {
      try (CloseableIterable<Record> records =
          Parquet.read(new LocalFiles().newInputFile(file))
              .project(schema)
              .createReaderFunc(message -> GenericParquetReaders.buildReader(schema, message))
              .build()) {
        records.forEach(record -> rows.add(text(record)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return rows.stream().sorted().toList();
  }

  private static String text(Record record) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < record.size(); i++) {
      values.add(String.valueOf(record.get(i)));
    }
    return String.join("|", values);
  }
}
